package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Field.Ints;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Memory;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ of every kernel of meshes as part of a domain, and what it should be by its definition, on several layouts,
 * meshes of odd, prime and tiny sizes.
 */
@Timeout(60)
class MeshTransposeTest {
  /** Of |Ax||y|: float32 rounding; a misplaced element would show as 1/√N. */
  private static final double TOLERANCE = 1e-6;

  private interface Operation {
    /** Reads a and writes b, both without ghosts. */
    void apply(Workspace w, Floats a, Floats b) throws Exception;
  }

  private static float[] apply(SimulationPlan plan, Decomposition d, float[] in, Operation operation) throws Exception {
    float[] out = new float[in.length];
    Domains.run(d, (rank, port) -> {
      Kernels kernels = new CoreKernels();
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

  private static void assertTransposes(String what, TransposeCase c, int sign, Operation a, Operation transpose,
      int seed)
      throws Exception {
    SplittableRandom random = Seeds.random(what + " " + c, seed);
    float[] x = Seeds.floats(random, (int) c.mesh().size());
    float[] y = Seeds.floats(random, x.length);
    SimulationPlan plan = c.plan(2);
    float[] first = new float[0];
    for (Decomposition d : Cases.layouts(c.mesh())) {
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
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldDifferenceAntisymmetrically(TransposeCase c) throws Exception {
    for (int axis = 0; axis < 3; axis++)
      assertTransposes("difference", c, -1, difference(axis), addDifference(axis), 20 + axis);
    assertTransposes("second difference", c, 1, twice(0, 1), twice(1, 0), 24);
    assertTransposes("second difference", c, 1, twice(2, 0), twice(0, 2), 25);
    assertTransposes("second difference", c, 1, twice(1, 1), twice(1, 1), 26);
  }

  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldDifferenceAsWritten(TransposeCase c) throws Exception {
    float[] x = Seeds.floats(Seeds.random("difference " + c, 30), (int) c.mesh().size());
    SimulationPlan plan = c.plan(2);
    for (Decomposition d : Cases.layouts(c.mesh())) {
      for (int axis = 0; axis < 3; axis++) {
        double[] once = difference(c.mesh(), doubles(x), axis);
        assertClose(once, apply(plan, d, x, difference(axis)));
        assertClose(difference(c.mesh(), once, (axis + 1) % 3), apply(plan, d, x, twice(axis, (axis + 1) % 3)));
        assertClose(difference(c.mesh(), once, axis), apply(plan, d, x, twice(axis, axis)));
      }
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

  private static double[] difference(Mesh mesh, double[] f, int axis) {
    double[] out = new double[f.length];
    for (int i = 0; i < mesh.nx(); i++)
      for (int j = 0; j < mesh.ny(); j++)
        for (int k = 0; k < mesh.nz(); k++) {
          double[] shifted = new double[5];
          for (int s = -2; s <= 2; s++) {
            int[] at = {i, j, k};
            at[axis] += s;
            shifted[s + 2] = f[TransposeCase.cell(mesh, at)];
          }
          out[TransposeCase.cell(mesh,
              new int[]{i, j, k})] = (8 * (shifted[3] - shifted[1]) - (shifted[4] - shifted[0])) / 12;
        }
    return out;
  }

  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldInvertTheLaplacianSelfAdjointly(TransposeCase c) throws Exception {
    Operation inverse = (w, a, b) -> w.inverseLaplacian(a, w.work, b, w.plainGrid);
    assertTransposes("inverse Laplacian", c, 1, inverse, inverse, 40);
    Coefficients coefficients = Cases.coefficients(c.mesh(), c.plan(1).timeline());
    Operation colour = (w, a, b) -> {
      w.fourier.forward(a, w.plainGrid, w.work);
      w.kernels.spectra().colour(w.work, w.fourier.pencil(), coefficients.rootPower(), w.normalisation());
      w.fourier.inverse(w.work, b, w.plainGrid);
    };
    assertTransposes("colour", c, 1, colour, colour, 41);
  }

  /** Against the sum that defines the transform, mode by mode, and back. */
  @ParameterizedTest
  @MethodSource("org.halocline.cosmology.nbody.TransposeCase#all")
  void shouldTransformAsDefined(TransposeCase c) throws Exception {
    Mesh mesh = c.mesh();
    float[] x = Seeds.floats(Seeds.random("transform " + c, 50), (int) mesh.size());
    double[][] expected = transform(mesh, x);
    double rms = Math.sqrt(mesh.size());
    for (Decomposition d : Cases.layouts(mesh)) {
      float[] back = new float[x.length];
      SimulationPlan plan = c.plan(1);
      Domains.run(d, (rank, port) -> {
        Kernels kernels = new CoreKernels();
        try (Memory memory = kernels.memory();
            Workspace w = new Workspace(plan, Purpose.GRADIENT, d, rank, kernels, port)) {
          Floats a = memory.floats(w.plainGrid.size());
          Cases.scatter(w, x, a, w.plainGrid);
          w.fourier.forward(a, w.plainGrid, w.work);
          var pencil = w.fourier.pencil();
          float[] modes = new float[2 * mesh.nx() * pencil.kyCount() * pencil.kzCount()];
          memory.read(w.work, 0, modes, 0, modes.length);
          int plane = pencil.kyCount() * pencil.kzCount();
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

  @Test
  void shouldTransposePlanes() {
    SplittableRandom random = Seeds.random("planes", 91);
    Grid grid = new Grid(5, 4, 12, 3, 2);
    Grid out = new Grid(5, 4, 12, 1, 4);
    Kernels kernels = new CoreKernels();
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
}
