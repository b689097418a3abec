package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.Edges;
import org.halocline.cosmology.background.Scheme;
import org.halocline.cosmology.background.Spacing;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.ExactSum;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Field.Ints;
import org.halocline.cosmology.mesh.FixedPoint;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Memory;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Particles;
import org.halocline.cosmology.mesh.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ of what moves particles and is moved by them, as part of a domain, on several layouts and with halos from the
 * narrowest that is legal to wider than the mesh.
 */
@Timeout(60)
class ParticleTransposeTest {
  /** Of |Ax||y|: float32 rounding; a misplaced element would show as 1/√N. */
  private static final double TOLERANCE = 1e-6;

  /** ⟨kick(φ), v⟩ = ⟨φ, the kick's transpose of v⟩, every particle and cell on its rank. */
  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldKickAsItPaintsCotangents(TransposeCase c) throws Exception {
    SplittableRandom random = Seeds.random("kick " + c, 60);
    SimulationPlan plan = c.plan(1);
    int count = (int) c.mesh().size();
    int[][] x = Cases.displacements(random, count, c.max(), plan.units());
    float[] potential = Seeds.floats(random, count);
    float[][] v = new float[3][];
    Arrays.setAll(v, _ -> Seeds.floats(random, count));
    double k = 10;
    double scale = 0x1p24;
    int[][] first = new int[3][0];
    float[] firstPulled = new float[0];
    for (Decomposition d : Cases.layouts(c.mesh())) {
      int[][] kicked = new int[3][count];
      float[] pulled = new float[count];
      Domains.run(d, (rank, port) -> {
        Kernels kernels = new CoreKernels();
        try (Memory memory = kernels.memory();
            Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
          Particles particles = kernels.particles();
          for (int axis = 0; axis < 3; axis++)
            Cases.scatter(w, x[axis], w.x[axis], w.plainGrid);
          Cases.scatter(w, potential, w.potential, w.potentialGrid);
          w.halo.fill(w.potential, w.potentialGrid);
          particles.kick(w.x, w.potentialGrid, w.potential, w.cells(), w.p, k, new double[0], plan.reach(),
              plan.units(), w.work);
          kernels.vectors().fill(w.work, 0);
          for (int axis = 0; axis < 3; axis++) {
            Cases.gather(w, w.p[axis], w.plainGrid, kicked[axis]);
            Cases.scatter(w, v[axis], w.pi[axis], w.plainGrid);
            double cell = w.cell(axis);
            particles.paintCotangent(w.x, w.paintGrid, plan.reach(), w.pi[axis], k / cell, scale, plan.units(),
                w.painted);
            w.halo.add(w.painted, w.paintGrid);
            w.halo.fill(w.painted, w.paintGrid);
            kernels.meshes().addDifference(w.painted, w.paintGrid, axis, 1 / (cell * scale), w.work, w.plainGrid);
          }
          Cases.gather(w, w.work, w.plainGrid, pulled);
        }
        return rank;
      });
      double left = 0;
      double norm = 0;
      for (int axis = 0; axis < 3; axis++) {
        for (int i = 0; i < count; i++) {
          double p = kicked[axis][i] * plan.units().momentum();
          left += p * v[axis][i];
          norm += Math.abs(p * v[axis][i]);
        }
      }
      assertEquals(left, Cases.dot(potential, pulled), 1e-6 * norm + 1e-6, c + " " + Cases.name(d));
      if (firstPulled.length == 0) {
        first = kicked;
        firstPulled = pulled;
      }
      for (int axis = 0; axis < 3; axis++)
        assertArrayEquals(first[axis], kicked[axis], Cases.name(d));
      assertArrayEquals(firstPulled, pulled, Cases.name(d));
    }
  }

  /**
   * Within a cell the weights are linear along one axis, so a difference of two paints is the derivative: ⟨paint(x + εu) −
   * paint(x − εu), w⟩/2ε = ⟨u, paintTranspose(w)⟩ for u along one axis.
   */
  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldTransposeThePaintsDerivative(TransposeCase c) throws Exception {
    SplittableRandom random = Seeds.random("paint " + c, 70);
    SimulationPlan plan = c.plan(1);
    int count = (int) c.mesh().size();
    int step = 1 << 21;
    int largest = (int) (c.max() * 0x1p24) - step / 2;
    int[][] x = new int[3][count];
    for (int[] axis : x)
      for (int i = 0; i < count; i++)
        do
          axis[i] = random.nextInt(-largest, largest + 1);
        while ((axis[i] & 0xffffff) < step || (axis[i] & 0xffffff) > (1 << 24) - step);
    float[] weights = Seeds.floats(random, count);
    boolean[] up = new boolean[count];
    for (int i = 0; i < count; i++)
      up[i] = random.nextBoolean();
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      float[] firstXi = new float[0];
      for (Decomposition d : Cases.layouts(c.mesh())) {
        float[] xi = new float[count];
        int[][] painted = new int[2][count];
        Domains.run(d, (rank, port) -> {
          Kernels kernels = new CoreKernels();
          try (Memory memory = kernels.memory();
              Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
            for (int a = 0; a < 3; a++)
              Cases.scatter(w, x[a], w.x[a], w.plainGrid);
            Cases.scatter(w, weights, w.work, w.forceGrid);
            new Stepper(w).paintTranspose();
            Cases.gather(w, w.xi[along], w.plainGrid, xi);
            for (int side = 0; side < 2; side++) {
              int[] moved = x[along].clone();
              for (int i = 0; i < count; i++)
                moved[i] += (side == 0 ? -step / 2 : step / 2) * (up[i] ? 1 : -1);
              Cases.scatter(w, moved, w.x[along], w.plainGrid);
              kernels.particles().paint(w.x, w.paintGrid, plan.reach(), plan.units(), w.painted);
              w.halo.add(w.painted, w.paintGrid);
              Cases.gather(w, w.painted, w.paintGrid, painted[side]);
            }
          }
          return rank;
        });
        double difference = 0;
        double derivative = 0;
        for (int i = 0; i < count; i++) {
          difference += weights[i] * (double) (painted[1][i] - painted[0][i]);
          derivative += (up[i] ? 1 : -1) * (double) xi[i];
        }
        difference /= plan.units().massUnits() * (step * plan.units().cell());
        // Eight weights a particle, each rounded by up to 2 units of 2^-20, over a step of 1/8 cell.
        assertEquals(derivative, difference, 2e-5 * Math.sqrt(8 * count) + 1e-5 * Cases.norm(xi),
            c + " " + Cases.name(d));
        if (firstXi.length == 0)
          firstXi = xi;
        assertArrayEquals(firstXi, xi, Cases.name(d));
      }
    }
  }

  /** Particles of one rank alone against weights in double: each cell within the rounding of what it got. */
  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldPaintCloudInCell(TransposeCase c) throws Exception {
    SplittableRandom random = Seeds.random("cloud " + c, 80);
    SimulationPlan plan = c.plan(1);
    Mesh mesh = c.mesh();
    int count = (int) mesh.size();
    int[][] x = Cases.displacements(random, count, c.max(), plan.units());
    double[] expected = new double[count];
    int[] touched = new int[count];
    for (int n = 0; n < count; n++) {
      int[] site = {n / mesh.nz() / mesh.ny(), n / mesh.nz() % mesh.ny(), n % mesh.nz()};
      for (int corner = 0; corner < 8; corner++) {
        double weight = 1;
        int[] at = new int[3];
        for (int axis = 0; axis < 3; axis++) {
          double place = site[axis] + x[axis][n] * 0x1p-24;
          double floor = Math.floor(place);
          int upper = corner >> axis & 1;
          weight *= upper == 1 ? place - floor : 1 - (place - floor);
          at[axis] = (int) floor + upper;
        }
        expected[TransposeCase.cell(mesh, at)] += weight;
        touched[TransposeCase.cell(mesh, at)]++;
      }
    }
    for (Decomposition d : Cases.layouts(mesh)) {
      int[] painted = new int[count];
      long mass = 0;
      for (long own : Domains.run(d, (rank, port) -> {
        Kernels kernels = new CoreKernels();
        try (Memory memory = kernels.memory();
            Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
          for (int a = 0; a < 3; a++)
            Cases.scatter(w, x[a], w.x[a], w.plainGrid);
          long total = new Stepper(w).paint(0, w.potential);
          Cases.gather(w, w.painted, w.paintGrid, painted);
          return total;
        }
      }))
        mass += own;
      assertEquals((long) count << 20, mass, "mass is kept exactly");
      for (int i = 0; i < count; i++)
        assertEquals(expected[i] * 0x1p20, painted[i], 2.0 * touched[i], "cell " + i);
    }
  }

  @Test
  void shouldTransposeDrifts() {
    SplittableRandom random = Seeds.random("drift", 90);
    FixedPoint units = new FixedPoint(24, 0x1p-22, 20);
    int nz = 7;
    int count = 30 * nz;
    Kernels kernels = new CoreKernels();
    try (Memory memory = kernels.memory()) {
      Particles particles = kernels.particles();
      int[] p = random.ints(count, -(1 << 24), 1 << 24).toArray();
      int[] start = random.ints(count, -(1 << 24), 1 << 24).toArray();
      float[] xi = Seeds.floats(random, count);
      float[] pi = Seeds.floats(random, count);
      Ints[] x = new Ints[3];
      Ints[] momenta = new Ints[3];
      Floats[] xiFields = new Floats[3];
      Floats[] piFields = new Floats[3];
      // The other axes lie still.
      for (int axis = 0; axis < 3; axis++) {
        x[axis] = memory.ints(count);
        momenta[axis] = memory.ints(count);
        xiFields[axis] = memory.floats(count);
        piFields[axis] = memory.floats(count);
      }
      int axis = 1;
      memory.write(p, 0, momenta[axis], 0, count);
      memory.write(start, 0, x[axis], 0, count);
      memory.write(xi, 0, xiFields[axis], 0, count);
      memory.write(pi, 0, piFields[axis], 0, count);
      double c = 0.37;
      double largest = particles.drift(x[axis], momenta[axis], c, 1, units);
      int[] moved = new int[count];
      memory.read(x[axis], 0, moved, 0, count);
      ExactSum sum = new ExactSum();
      double[] pulls = particles.driftTranspose(x, momenta, xiFields, piFields, new double[]{c}, units, nz,
          new ExactSum[]{sum});
      float[] after = new float[count];
      memory.read(piFields[axis], 0, after, 0, count);
      double forward = 0;
      double back = 0;
      double farthest = 0;
      float hardest = 0;
      for (int i = 0; i < count; i++) {
        hardest = Math.max(hardest, Math.abs(after[i]));
        forward += xi[i] * ((moved[i] - start[i]) * units.cell());
        back += ((double) after[i] - pi[i]) * (p[i] * units.momentum());
        farthest = Math.max(farthest, Math.abs(moved[i] * units.cell()));
      }
      double scale = Cases.norm(xi) * 2 * Math.sqrt(count);
      assertEquals(forward, back, TOLERANCE * scale);
      assertEquals(forward, c * sum.value(), TOLERANCE * scale, "the coefficient's cotangent");
      assertEquals(farthest, largest);
      assertArrayEquals(new double[]{0, hardest, 0}, pulls, "the largest π");
      memory.read(x[axis], 0, moved, 0, count);
      assertArrayEquals(start, moved, "a drift is undone exactly");
    }
  }

  /**
   * The whole chain from noise to particles: linear for the first order, quadratic for the second, whose central difference is
   * its derivative. ⟨A u, (ξ, π)⟩ = ⟨u, Aᵀ(ξ, π)⟩.
   */
  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldTransposeLpt(TransposeCase c) throws Exception {
    for (int order = 1; order <= 2; order++) {
      SplittableRandom random = Seeds.random("LPT " + order + " " + c, 100 + order);
      Mesh mesh = c.mesh();
      int count = (int) mesh.size();
      SimulationPlan loose = Cases.plan(mesh, order, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.LOG_A), 60);
      SimulationPlan plan = new SimulationPlan(mesh, loose.timeline(), new double[]{c.max(), c.max(), c.max()},
          loose.units(),
          loose.lensing());
      Coefficients coefficients = Cases.coefficients(mesh, plan.timeline());
      float[] z = Seeds.floats(random, count);
      float[] u = Seeds.floats(random, count);
      float[][] cotangents = new float[6][];
      Arrays.setAll(cotangents, _ -> Seeds.floats(random, count));
      float[] firstGradient = new float[0];
      for (Decomposition d : Cases.layouts(mesh)) {
        float[] gradient = new float[count];
        int[][][] states = new int[2][6][count];
        Domains.run(d, (rank, port) -> {
          Kernels kernels = new CoreKernels();
          try (Memory memory = kernels.memory();
              Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
            Lpt lpt = new Lpt(w);
            Floats noise = memory.floats(w.plainGrid.size());
            for (int side = 0; side < 2; side++) {
              float[] moved = new float[count];
              for (int i = 0; i < count; i++)
                moved[i] = z[i] + (side == 0 ? -u[i] : u[i]);
              Cases.scatter(w, moved, noise, w.plainGrid);
              lpt.forward(coefficients, noise);
              for (int axis = 0; axis < 3; axis++) {
                Cases.gather(w, w.x[axis], w.plainGrid, states[side][axis]);
                Cases.gather(w, w.p[axis], w.plainGrid, states[side][3 + axis]);
              }
            }
            Cases.scatter(w, z, noise, w.plainGrid);
            for (int axis = 0; axis < 3; axis++) {
              Cases.scatter(w, cotangents[axis], w.xi[axis], w.plainGrid);
              Cases.scatter(w, cotangents[3 + axis], w.pi[axis], w.plainGrid);
            }
            Floats bar = memory.floats(w.plainGrid.size());
            lpt.reverse(coefficients, noise, bar, sums(coefficients.count()), sums(8));
            Cases.gather(w, bar, w.plainGrid, gradient);
          }
          return rank;
        });
        double left = 0;
        double scale = 0;
        for (int component = 0; component < 6; component++) {
          double quantum = component < 3 ? plan.units().cell() : plan.units().momentum();
          double norm = 0;
          for (int i = 0; i < count; i++) {
            double difference = 0.5 * quantum * ((double) states[1][component][i] - states[0][component][i]);
            left += difference * cotangents[component][i];
            norm += difference * difference;
          }
          scale += Math.sqrt(norm) * Cases.norm(cotangents[component]);
        }
        System.out.printf("LPT %d %s %s: %.2e of the norms%n", order, c, Cases.name(d),
            Math.abs(left - Cases.dot(u, gradient)) / (scale + 1e-30));
        double rounding = plan.units().momentum() * Math.sqrt(6.0 * count);
        assertEquals(left, Cases.dot(u, gradient), 3e-6 * scale + 2 * rounding,
            c + " order " + order + " " + Cases.name(d));
        if (firstGradient.length == 0)
          firstGradient = gradient;
        assertArrayEquals(firstGradient, gradient, Cases.name(d));
      }
    }
  }

  private static ExactSum[] sums(int count) {
    ExactSum[] sums = new ExactSum[count];
    Arrays.setAll(sums, _ -> new ExactSum());
    return sums;
  }
}
