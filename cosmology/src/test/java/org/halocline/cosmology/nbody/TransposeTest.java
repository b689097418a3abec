package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Spectra.Box;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ of every linear kernel as part of a domain, on several layouts, meshes of odd, prime and tiny
 * sizes, and halos from the narrowest that is legal to wider than the mesh.
 */
@Timeout(300)
class TransposeTest {
  /** Of |Ax||y|: float32 rounding; a misplaced element would show as 1/√N. */
  private static final double TOLERANCE = 1e-6;

  record Case(Mesh mesh, double max) {
    SimulationPlan plan(int lptOrder) throws Exception {
      SimulationPlan plan = Cases.plan(mesh, lptOrder, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.LOG_A), max);
      // A fine momentum, so that what a kick reads is rounded less than a float.
      return new SimulationPlan(mesh, plan.timeline(), plan.maxDisplacementCells(), new FixedPoint(24, 0x1p-26, 20));
    }
  }

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  private static Case of(int nx, int ny, int nz, double max) {
    return new Case(new Mesh(nx, ny, nz, 9.0 * nx, 11.0 * ny, 10.0 * nz), max);
  }

  static Stream<Case> cases() {
    return Stream.of(of(8, 6, 10, 0.75), of(12, 9, 8, 3), of(7, 5, 11, 2.5), of(13, 3, 5, 9.5), of(6, 6, 1, 1),
        of(4, 3, 2, 1.25), of(3, 4, 3, 5), of(2, 3, 4, 2), of(1, 3, 2, 1.5), of(2, 1, 1, 0.5), of(1, 1, 7, 1),
        of(3, 2, 1, 4));
  }

  private interface Operation {
    /** Reads a and writes b, both without ghosts. */
    void apply(Workspace w, Floats a, Floats b) throws Exception;
  }

  private float[] apply(SimulationPlan plan, Decomposition d, float[] in, Operation operation) throws Exception {
    float[] out = new float[in.length];
    Domains.run(d, (rank, port) -> {
      Kernels kernels = kernels();
      try (Memory memory = kernels.memory();
          Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
        Floats a = memory.floats(w.plainGrid.size());
        Floats b = memory.floats(w.plainGrid.size());
        Cases.scatter(w, in, a, w.plainGrid);
        operation.apply(w, a, b);
        Cases.gather(w, b, w.plainGrid, out);
      }
      return rank;
    });
    return out;
  }

  private void assertTransposes(String what, Case c, int sign, Operation a, Operation transpose, int seed)
      throws Exception {
    SplittableRandom random = Seeds.random(what + " " + c, seed);
    float[] x = Seeds.floats(random, (int) c.mesh.size());
    float[] y = Seeds.floats(random, x.length);
    SimulationPlan plan = c.plan(2);
    float[] first = new float[0];
    for (Decomposition d : Cases.layouts(c.mesh)) {
      float[] ax = apply(plan, d, x, a);
      float[] aty = apply(plan, d, y, transpose);
      String where = what + " on " + c + " " + Cases.name(d);
      assertEquals(Cases.dot(ax, y), sign * Cases.dot(x, aty), TOLERANCE * (Cases.norm(ax) * Cases.norm(y) + 1e-30),
          where);
      if (first.length == 0)
        first = ax;
      assertArrayEquals(first, ax, where);
    }
  }

  private static Operation difference(int axis) {
    return (w, a, b) -> {
      w.kernels.meshes().copyInterior(a, w.plainGrid, w.work, w.differenceGrid);
      w.halo.fill(w.work, w.differenceGrid);
      w.kernels.meshes().difference(w.work, w.differenceGrid, axis, 1, b, w.plainGrid);
    };
  }

  private static Operation addDifference(int axis) {
    return (w, a, b) -> {
      w.kernels.meshes().copyInterior(a, w.plainGrid, w.work, w.differenceGrid);
      w.halo.fill(w.work, w.differenceGrid);
      w.kernels.meshes().addDifference(w.work, w.differenceGrid, axis, 1, b, w.plainGrid);
    };
  }

  /** As LPT takes second derivatives, from a potential with four ghost cells. */
  private static Operation twice(int first, int second) {
    return (w, a, b) -> {
      w.kernels.meshes().copyInterior(a, w.plainGrid, w.potential, w.potentialGrid);
      w.halo.fill(w.potential, w.potentialGrid);
      w.kernels.meshes().secondDifference(w.potential, w.potentialGrid, first, second, 1, false, b, w.plainGrid);
    };
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldDifferenceAntisymmetrically(Case c) throws Exception {
    for (int axis = 0; axis < 3; axis++)
      assertTransposes("difference", c, -1, difference(axis), addDifference(axis), 20 + axis);
    assertTransposes("second difference", c, 1, twice(0, 1), twice(1, 0), 24);
    assertTransposes("second difference", c, 1, twice(2, 0), twice(0, 2), 25);
    assertTransposes("second difference", c, 1, twice(1, 1), twice(1, 1), 26);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldDifferenceAsWritten(Case c) throws Exception {
    float[] x = Seeds.floats(Seeds.random("difference " + c, 30), (int) c.mesh.size());
    SimulationPlan plan = c.plan(2);
    for (Decomposition d : Cases.layouts(c.mesh))
      for (int axis = 0; axis < 3; axis++) {
        double[] once = difference(c.mesh, doubles(x), axis);
        assertClose(once, apply(plan, d, x, difference(axis)));
        assertClose(difference(c.mesh, once, (axis + 1) % 3), apply(plan, d, x, twice(axis, (axis + 1) % 3)));
        assertClose(difference(c.mesh, once, axis), apply(plan, d, x, twice(axis, axis)));
      }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private static void assertClose(double[] expected, float[] found) {
    for (int i = 0; i < found.length; i++)
      assertEquals(expected[i], found[i], 1e-5, "cell " + i);
  }

  private static int cell(Mesh mesh, int[] at) {
    return (Math.floorMod(at[0], mesh.nx()) * mesh.ny() + Math.floorMod(at[1], mesh.ny())) * mesh.nz()
        + Math.floorMod(at[2], mesh.nz());
  }

  private static double[] difference(Mesh mesh, double[] f, int axis) {
    double[] out = new double[f.length];
    for (int i = 0; i < mesh.nx(); i++)
      for (int j = 0; j < mesh.ny(); j++)
        for (int k = 0; k < mesh.nz(); k++) {
          double[] shifted = new double[5];
          for (int s = -2; s <= 2; s++) {
            int[] at = {i, j, k};
            at[axis] += s;
            shifted[s + 2] = f[cell(mesh, at)];
          }
          out[cell(mesh, new int[]{i, j, k})] = (8 * (shifted[3] - shifted[1]) - (shifted[4] - shifted[0])) / 12;
        }
    return out;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldInvertTheLaplacianSelfAdjointly(Case c) throws Exception {
    Operation inverse = (w, a, b) -> w.inverseLaplacian(a, w.work, b, w.plainGrid);
    assertTransposes("inverse Laplacian", c, 1, inverse, inverse, 40);
    StepCoefficients coefficients = Cases.coefficients(c.mesh, c.plan(1).timeline());
    Operation colour = (w, a, b) -> {
      w.fourier.forward(a, w.plainGrid, w.work);
      w.kernels.modes().colour(w.work, w.fourier.pencil(), coefficients.rootPower(), w.normalisation());
      w.fourier.inverse(w.work, b, w.plainGrid);
    };
    assertTransposes("colour", c, 1, colour, colour, 41);
  }

  /** Against the sum that defines the transform, mode by mode, and back. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldTransformAsDefined(Case c) throws Exception {
    Mesh mesh = c.mesh;
    float[] x = Seeds.floats(Seeds.random("transform " + c, 50), (int) mesh.size());
    double[][] expected = transform(mesh, x);
    double rms = Math.sqrt(mesh.size());
    for (Decomposition d : Cases.layouts(mesh)) {
      float[] back = new float[x.length];
      SimulationPlan plan = c.plan(1);
      Domains.run(d, (rank, port) -> {
        Kernels kernels = kernels();
        try (Memory memory = kernels.memory();
            Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
          Floats a = memory.floats(w.plainGrid.size());
          Cases.scatter(w, x, a, w.plainGrid);
          w.fourier.forward(a, w.plainGrid, w.work);
          var pencil = w.fourier.pencil();
          int plane = pencil.kyCount() * pencil.kzCount();
          Box box = new Box(pencil.kyCount(), pencil.kzCount(), 0, mesh.nx(), 0, pencil.kyCount(), 0, pencil.kzCount());
          MemorySegment packed = memory.staging(Math.max(8, box.bytes()));
          kernels.spectra().pack(w.work, box, packed).await();
          float[] modes = packed.toArray(ValueLayout.JAVA_FLOAT);
          for (int kx = 0; kx < mesh.nx(); kx++)
            for (int j = 0; j < pencil.kyCount(); j++)
              for (int k = 0; k < pencil.kzCount(); k++) {
                int line = kx * mesh.ny() + pencil.ky0() + j;
                double[] mode = expected[line * pencil.halfZ() + pencil.kz0() + k];
                int at = 2 * kx * plane + j * pencil.kzCount() + k;
                assertEquals(mode[0], modes[at], 5e-6 * rms, "re");
                assertEquals(mode[1], modes[at + plane], 5e-6 * rms, "im");
              }
          w.fourier.inverse(w.work, a, w.plainGrid);
          Cases.gather(w, a, w.plainGrid, back);
        }
        return rank;
      });
      for (int i = 0; i < x.length; i++)
        assertEquals((double) x[i] * mesh.size(), back[i], 5e-6 * mesh.size(), Cases.name(d));
    }
  }

  private static double[][] transform(Mesh mesh, float[] x) {
    int half = mesh.nz() / 2 + 1;
    double[][] modes = new double[mesh.nx() * mesh.ny() * half][2];
    for (int kx = 0; kx < mesh.nx(); kx++)
      for (int ky = 0; ky < mesh.ny(); ky++)
        for (int kz = 0; kz < half; kz++) {
          double[] mode = modes[(kx * mesh.ny() + ky) * half + kz];
          for (int i = 0; i < x.length; i++) {
            double phase = -2 * Math.PI * ((double) kx * (i / mesh.nz() / mesh.ny()) / mesh.nx()
                + (double) ky * (i / mesh.nz() % mesh.ny()) / mesh.ny() + (double) kz * (i % mesh.nz()) / mesh.nz());
            mode[0] += x[i] * Math.cos(phase);
            mode[1] += x[i] * Math.sin(phase);
          }
        }
    return modes;
  }

  /** ⟨kick(φ), v⟩ = ⟨φ, the kick's transpose of v⟩, every particle and cell on its rank. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldKickAsItPaintsCotangents(Case c) throws Exception {
    SplittableRandom random = Seeds.random("kick " + c, 60);
    SimulationPlan plan = c.plan(1);
    int count = (int) c.mesh.size();
    int[][] x = Cases.displacements(random, count, c.max, plan.units());
    float[] potential = Seeds.floats(random, count);
    float[][] v = new float[3][];
    Arrays.setAll(v, _ -> Seeds.floats(random, count));
    double k = 10;
    double scale = 0x1p24;
    int[][] first = new int[3][0];
    float[] firstPulled = new float[0];
    for (Decomposition d : Cases.layouts(c.mesh)) {
      int[][] kicked = new int[3][count];
      float[] pulled = new float[count];
      Domains.run(d, (rank, port) -> {
        Kernels kernels = kernels();
        try (Memory memory = kernels.memory();
            Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
          Particles particles = kernels.particles();
          for (int axis = 0; axis < 3; axis++)
            Cases.scatter(w, x[axis], w.x[axis], w.plainGrid);
          Cases.scatter(w, potential, w.potential, w.potentialGrid);
          w.halo.fill(w.potential, w.potentialGrid);
          particles.kick(w.set, plan.reach(), w.force, k, new double[0], () -> {});
          kernels.vectors().fill(w.work, 0);
          for (int axis = 0; axis < 3; axis++) {
            Cases.gather(w, w.p[axis], w.plainGrid, kicked[axis]);
            Cases.scatter(w, v[axis], w.pi[axis], w.plainGrid);
            double cell = w.cell(axis);
            particles.paintCotangent(w.set, plan.reach(), w.pi[axis], k / cell * scale, w.painted, w.paintGrid,
                () -> {});
            w.halo.beginAdd(w.painted, w.paintGrid, w.paintGrid.haloX(), w.paintGrid.haloY());
            w.halo.finish();
            w.halo.fill(w.painted, w.paintGrid);
            kernels.meshes().addDifference(w.painted, w.paintGrid, axis, 1 / (cell * scale), w.work, w.plainGrid,
                () -> {});
          }
          Cases.gather(w, w.work, w.plainGrid, pulled);
        }
        return rank;
      });
      double left = 0;
      double norm = 0;
      for (int axis = 0; axis < 3; axis++)
        for (int i = 0; i < count; i++) {
          double p = kicked[axis][i] * plan.units().momentum();
          left += p * v[axis][i];
          norm += Math.abs(p * v[axis][i]);
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
   * Within a cell the weights are linear along one axis, so a difference of two paints is the derivative: ⟨paint(x +
   * εu) − paint(x − εu), w⟩/2ε = ⟨u, paintTranspose(w)⟩ for u along one axis.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldTransposeThePaintsDerivative(Case c) throws Exception {
    SplittableRandom random = Seeds.random("paint " + c, 70);
    SimulationPlan plan = c.plan(1);
    int count = (int) c.mesh.size();
    int step = 1 << 21;
    int largest = (int) (c.max * 0x1p24) - step / 2;
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
      for (Decomposition d : Cases.layouts(c.mesh)) {
        float[] xi = new float[count];
        int[][] painted = new int[2][count];
        Domains.run(d, (rank, port) -> {
          Kernels kernels = kernels();
          try (Memory memory = kernels.memory();
              Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
            for (int a = 0; a < 3; a++)
              Cases.scatter(w, x[a], w.x[a], w.plainGrid);
            Cases.scatter(w, weights, w.work, w.forceGrid);
            new Stepper(w).paintAdjoint();
            Cases.gather(w, w.xi[along], w.plainGrid, xi);
            for (int side = 0; side < 2; side++) {
              int[] moved = x[along].clone();
              for (int i = 0; i < count; i++)
                moved[i] += (side == 0 ? -step / 2 : step / 2) * (up[i] ? 1 : -1);
              Cases.scatter(w, moved, w.x[along], w.plainGrid);
              kernels.particles().paint(w.set, plan.reach(), w.painted, w.paintGrid, () -> {});
              w.halo.beginAdd(w.painted, w.paintGrid, w.paintGrid.haloX(), w.paintGrid.haloY());
              w.halo.finish();
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
  @MethodSource("cases")
  void shouldPaintCloudInCell(Case c) throws Exception {
    SplittableRandom random = Seeds.random("cloud " + c, 80);
    SimulationPlan plan = c.plan(1);
    Mesh mesh = c.mesh;
    int count = (int) mesh.size();
    int[][] x = Cases.displacements(random, count, c.max, plan.units());
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
        expected[cell(mesh, at)] += weight;
        touched[cell(mesh, at)]++;
      }
    }
    for (Decomposition d : Cases.layouts(mesh)) {
      int[] painted = new int[count];
      long mass = 0;
      for (long own : Domains.run(d, (rank, port) -> {
        Kernels kernels = kernels();
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
    Kernels kernels = kernels();
    try (Memory memory = kernels.memory()) {
      Particles particles = kernels.particles();
      int[] p = random.ints(count, -(1 << 24), 1 << 24).toArray();
      int[] start = random.ints(count, -(1 << 24), 1 << 24).toArray();
      float[] xi = Seeds.floats(random, count);
      float[] pi = Seeds.floats(random, count);
      ParticleSet set = ParticleSet.of(memory, new Grid(5, 6, nz, 0, 0), units, true);
      // The other axes lie still.
      int axis = 1;
      memory.write(p, 0, set.p()[axis], 0, count);
      memory.write(start, 0, set.x()[axis], 0, count);
      memory.write(xi, 0, set.xi()[axis], 0, count);
      memory.write(pi, 0, set.pi()[axis], 0, count);
      double c = 0.37;
      double largest = particles.drift(set, c, 1)[axis];
      int[] moved = new int[count];
      memory.read(set.x()[axis], 0, moved, 0, count);
      ExactSum sum = new ExactSum();
      double[] pulls = particles.driftTranspose(set, new double[]{c}, new ExactSum[]{sum});
      float[] after = new float[count];
      memory.read(set.pi()[axis], 0, after, 0, count);
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
      memory.read(set.x()[axis], 0, moved, 0, count);
      assertArrayEquals(start, moved, "a drift is undone exactly");
    }
  }

  @Test
  void shouldTransposePlanes() {
    SplittableRandom random = Seeds.random("planes", 91);
    Grid grid = new Grid(5, 4, 12, 3, 2);
    Grid out = new Grid(5, 4, 12, 1, 4);
    Kernels kernels = kernels();
    try (Memory memory = kernels.memory()) {
      int[] cells = random.ints(grid.size(), -1000, 1000).toArray();
      Ints mesh = memory.ints(cells.length);
      memory.write(cells, 0, mesh, 0, cells.length);
      double[] y = random.doubles(20).map(v -> (float) v).toArray();
      for (int k0 = 0; k0 < 12; k0 += 3) {
        double[] plane = new double[20];
        kernels.meshes().plane(mesh, grid, k0, k0 + 3, 0.5, plane);
        Floats added = memory.floats(out.size());
        kernels.meshes().addPlane(y, 0.5, k0, k0 + 3, added, out);
        float[] back = new float[(int) out.size()];
        memory.read(added, 0, back, 0, back.length);
        double left = 0;
        double right = 0;
        double rest = 0;
        for (int i = 0; i < 20; i++)
          left += plane[i] * y[i];
        for (int i = 0; i < 5; i++)
          for (int j = 0; j < 4; j++)
            for (int k = 0; k < 12; k++)
              right += (double) back[out.line(i, j) + k] * cells[grid.line(i, j) + k];
        for (float value : back)
          rest += value;
        assertEquals(left, right, 1e-6 * Math.abs(left) + 1e-9);
        assertEquals(3 * 0.5 * Arrays.stream(y).sum(), rest, 1e-5, "written outside the plane");
      }
    }
  }

  /**
   * The whole chain from noise to particles: linear for the first order, quadratic for the second, whose central
   * difference is its derivative. ⟨A u, (ξ, π)⟩ = ⟨u, Aᵀ(ξ, π)⟩.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldTransposeLpt(Case c) throws Exception {
    for (int order = 1; order <= 2; order++) {
      SplittableRandom random = Seeds.random("LPT " + order + " " + c, 100 + order);
      Mesh mesh = c.mesh;
      int count = (int) mesh.size();
      SimulationPlan loose = Cases.plan(mesh, order, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.LOG_A), 60);
      SimulationPlan plan = new SimulationPlan(mesh, loose.timeline(), new double[]{c.max, c.max, c.max},
          loose.units());
      StepCoefficients coefficients = Cases.coefficients(mesh, plan.timeline());
      float[] z = Seeds.floats(random, count);
      float[] u = Seeds.floats(random, count);
      float[][] cotangents = new float[6][];
      Arrays.setAll(cotangents, _ -> Seeds.floats(random, count));
      float[] firstGradient = new float[0];
      for (Decomposition d : Cases.layouts(mesh)) {
        float[] gradient = new float[count];
        int[][][] states = new int[2][6][count];
        Domains.run(d, (rank, port) -> {
          Kernels kernels = kernels();
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
