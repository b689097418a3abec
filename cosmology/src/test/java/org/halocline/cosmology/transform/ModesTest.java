package org.halocline.cosmology.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Modes;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.nbody.Domains;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is done to modes between two transforms: against its definition mode by mode, ⟨Ax, y⟩ = ⟨x, Aᵀy⟩, derivatives by
 * parameters against differences, and the same bits on every layout of meshes and skies.
 */
@Timeout(300)
class ModesTest {
  /** Of |Ax||y|: float32 rounding. */
  private static final double TOLERANCE = 2e-6;

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  static Stream<Mesh> meshes() {
    return Stream.of(new Mesh(8, 6, 10, 80, 70, 90), new Mesh(7, 5, 9, 60, 70, 80), new Mesh(9, 1, 14, 2, 1, 3),
        new Mesh(6, 1, 7, 0.2, 1, 0.3), new Mesh(2, 3, 4, 20, 30, 40));
  }

  private static ModeTable power(Mesh mesh, double amplitude, double tilt) {
    return ModeTable.of(mesh, k -> amplitude * Math.pow(k / mesh.kMaxHMpc(), tilt));
  }

  /** On one rank: spectra of fields without ghosts, changed in place. */
  private interface OnModes {
    void apply(Kernels kernels, Pencil pencil, Floats[] spectra, ExactSum[] sums);
  }

  /** Real fields and modes after an operation, and its sums over all ranks. */
  private record Outcome(float[][] fields, float[][] modes, double[] sums) {
    void assertSame(Outcome other, String where) {
      for (int i = 0; i < fields.length; i++) {
        assertArrayEquals(fields[i], other.fields[i], where + " field " + i);
        assertArrayEquals(modes[i], other.modes[i], where + " modes " + i);
      }
      assertArrayEquals(sums, other.sums, where + " sums");
    }
  }

  private Outcome run(Decomposition d, float[][] x, int sums, OnModes operation) throws Exception {
    float[][] fields = new float[x.length][(int) d.mesh().size()];
    float[][] modes = new float[x.length][Dealt.modeFloats(d.mesh())];
    List<ExactSum[]> parts = Domains.run(d, (rank, port) -> {
      Kernels kernels = kernels();
      ExactSum[] own = new ExactSum[sums];
      Arrays.setAll(own, _ -> new ExactSum());
      try (Memory memory = kernels.memory()) {
        Fourier fourier = new Fourier(d, rank, kernels, port, memory::staging);
        Floats[] reals = new Floats[x.length];
        Floats[] spectra = new Floats[x.length];
        for (int i = 0; i < x.length; i++) {
          reals[i] = Dealt.field(kernels, d, rank, x[i]);
          spectra[i] = memory.floats(fourier.floats());
          fourier.forward(reals[i], Dealt.plain(d, rank), spectra[i]);
        }
        operation.apply(kernels, fourier.pencil(), spectra, own);
        for (int i = 0; i < x.length; i++) {
          Dealt.collectModes(kernels, fourier.pencil(), spectra[i], modes[i]);
          fourier.inverse(spectra[i], reals[i], Dealt.plain(d, rank));
          Dealt.collect(kernels, d, rank, reals[i], fields[i]);
        }
      }
      return own;
    });
    double[] totals = new double[sums];
    for (int i = 0; i < sums; i++) {
      ExactSum total = new ExactSum();
      for (ExactSum[] part : parts)
        total.add(part[i]);
      totals[i] = total.value();
    }
    return new Outcome(fields, modes, totals);
  }

  /** On every layout, which must agree to the bit. */
  private Outcome everywhere(Mesh mesh, float[][] x, int sums, OnModes operation) throws Exception {
    List<Decomposition> layouts = Dealt.layouts(mesh);
    Outcome whole = run(layouts.getFirst(), x, sums, operation);
    for (Decomposition d : layouts.subList(1, layouts.size()))
      whole.assertSame(run(d, x, sums, operation), Dealt.name(d));
    return whole;
  }

  private static float[][] random(Mesh mesh, int fields, String test) {
    SplittableRandom random = Seeds.random(test + " " + mesh, 60 + fields);
    float[][] values = new float[fields][];
    Arrays.setAll(values, _ -> Seeds.floats(random, (int) mesh.size()));
    return values;
  }

  private Outcome untouched(Mesh mesh, float[][] x) throws Exception {
    return run(Decomposition.even(mesh, 1, 1), x, 0, (_, _, _, _) -> {});
  }

  /** A mode of the half spectrum: its place, signed wave numbers, and how many modes it stands for. */
  private interface EachMode {
    void at(int place, double[] k, int weight);
  }

  private static void forEachMode(Mesh mesh, EachMode each) {
    for (int kx = 0; kx < mesh.nx(); kx++)
      for (int ky = 0; ky < mesh.ny(); ky++)
        for (int kz = 0; kz <= mesh.nz() / 2; kz++) {
          int[] index = {kx, ky, kz};
          double[] k = new double[3];
          for (int axis = 0; axis < 3; axis++) {
            int n = mesh.cells(axis);
            k[axis] = 2 * Math.PI / mesh.lengthMpcH(axis) * (2 * index[axis] > n ? index[axis] - n : index[axis]);
          }
          each.at(Dealt.mode(mesh, kx, ky, kz), k, kz == 0 || 2 * kz == mesh.nz() ? 1 : 2);
        }
  }

  private static double size(double[] k) {
    return Math.sqrt(k[0] * k[0] + k[1] * k[1] + k[2] * k[2]);
  }

  /** Every mode is multiplied by a function of |k|. */
  private void assertMultiplies(Mesh mesh, OnModes operation, double mean, DoubleUnaryOperator factor)
      throws Exception {
    float[][] x = random(mesh, 2, "products");
    float[][] before = untouched(mesh, x).modes;
    Outcome after = everywhere(mesh, x, 0, operation);
    forEachMode(mesh, (place, k, _) -> {
      double by = size(k) == 0 ? mean : factor.applyAsDouble(size(k));
      for (int part = place; part < place + 2; part++)
        assertEquals(by * before[0][part], after.modes[0][part], 3e-7 * Math.abs(by * before[0][part]),
            mesh + " k = " + Arrays.toString(k));
    });
    Outcome swapped = run(Decomposition.even(mesh, 1, 1), new float[][]{x[1], x[0]}, 0, operation);
    assertEquals(Dealt.dot(after.fields[0], x[1]), Dealt.dot(x[0], swapped.fields[0]),
        TOLERANCE * Dealt.norm(after.fields[0]) * Dealt.norm(x[1]), "self-adjoint");
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldFilterAsTabulated(Mesh mesh) throws Exception {
    ModeTable table = power(mesh, 1.7, -1.3);
    assertMultiplies(mesh, (kernels, pencil, spectra, _) -> kernels.modes().filter(spectra[0], pencil, table, 0.3, 2),
        0.6, k -> 2 * 1.7 * Math.pow(k / mesh.kMaxHMpc(), -1.3));
    assertMultiplies(mesh,
        (kernels, pencil, spectra, _) -> kernels.modes().filter(spectra[0], pencil, ModeTable.constant(-3), 1, 0.5),
        0.5, _ -> -1.5);
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldInvertTheLaplacian(Mesh mesh) throws Exception {
    assertMultiplies(mesh, (kernels, pencil, spectra, _) -> kernels.modes().inverseLaplacian(spectra[0], pencil, 0.7),
        0, k -> -0.7 / (k * k));
  }

  /** Of Σ ȳ F(θ) x: its derivative by amplitude and tilt. */
  @ParameterizedTest
  @MethodSource("meshes")
  void shouldDifferentiateFiltersByTheirParameters(Mesh mesh) throws Exception {
    float[][] x = random(mesh, 2, "slopes");
    double amplitude = 1.4;
    double tilt = -0.9;
    ModeTable table = power(mesh, amplitude, tilt);
    ModeTable[] derivatives = {power(mesh, 1, tilt),
        ModeTable.of(mesh,
            k -> amplitude * Math.pow(k / mesh.kMaxHMpc(), tilt) * Math.log(k / mesh.kMaxHMpc()))};
    double factor = 1.0 / mesh.size();
    Outcome found = everywhere(mesh, x, 2, (kernels, pencil, spectra, sums) -> kernels.modes()
        .filterTranspose(spectra[1], spectra[0], pencil, derivatives, factor, sums));
    double step = 1e-2;
    double[][] ends = {{amplitude + step, tilt}, {amplitude - step, tilt}, {amplitude, tilt + step},
        {amplitude, tilt - step}};
    double[] values = new double[4];
    for (int i = 0; i < 4; i++) {
      ModeTable moved = power(mesh, ends[i][0], ends[i][1]);
      Outcome outcome = run(Decomposition.even(mesh, 1, 1), x, 0,
          (kernels, pencil, spectra, _) -> kernels.modes().filter(spectra[0], pencil, moved, 5, factor));
      values[i] = Dealt.dot(outcome.fields[0], x[1]);
    }
    double scale = Dealt.norm(x[0]) * Dealt.norm(x[1]) * table.at(mesh.kMinHMpc());
    for (int p = 0; p < 2; p++)
      assertEquals((values[2 * p] - values[2 * p + 1]) / (2 * step), found.sums[p], 2e-4 * scale, mesh + " of " + p);
  }

  /** The adjoint by a table, times how the table moves, is the derivative by what moves it. */
  @ParameterizedTest
  @MethodSource("meshes")
  void shouldTransposeInterpolation(Mesh mesh) throws Exception {
    float[][] x = random(mesh, 2, "nodes");
    ModeTable.Nodes nodes = ModeTable.Nodes.of(mesh);
    ModeTable along = power(mesh, 1.3, -0.6);
    double factor = 1.0 / mesh.size();
    Outcome found = everywhere(mesh, x, nodes.count(), (kernels, pencil, spectra, sums) -> kernels.modes()
        .tableTranspose(spectra[1], spectra[0], pencil, nodes, factor, sums));
    Outcome slope = everywhere(mesh, x, 1, (kernels, pencil, spectra, sums) -> kernels.modes()
        .filterTranspose(spectra[1], spectra[0], pencil, new ModeTable[]{along}, factor, sums));
    double sum = 0;
    for (int i = 0; i < nodes.count(); i++)
      sum += found.sums[i] * along.values()[i];
    assertEquals(slope.sums[0], sum, 1e-10 * Dealt.norm(x[0]) * Dealt.norm(x[1]) * along.at(mesh.kMinHMpc()),
        mesh.toString());
  }

  private static ModeTable[][] matrix(Mesh mesh, int fields, double tilt) {
    ModeTable[][] matrix = new ModeTable[fields][fields];
    for (int i = 0; i < fields; i++)
      for (int j = 0; j < fields; j++)
        matrix[i][j] = power(mesh, 1 + i - 0.5 * j, tilt + 0.2 * i * j);
    return matrix;
  }

  private static ModeTable[][] transposed(ModeTable[][] matrix) {
    ModeTable[][] transposed = new ModeTable[matrix.length][matrix.length];
    for (int i = 0; i < matrix.length; i++)
      for (int j = 0; j < matrix.length; j++)
        transposed[j][i] = matrix[i][j];
    return transposed;
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldMixFieldsByAMatrixOfTables(Mesh mesh) throws Exception {
    for (int fields : new int[]{1, 2, 3, 8}) {
      ModeTable[][] matrix = matrix(mesh, fields, -0.7);
      float[][] x = random(mesh, fields, "mix");
      float[][] y = random(mesh, fields + 10, "mix");
      float[][] before = untouched(mesh, x).modes;
      Outcome after = everywhere(mesh, x, 0,
          (kernels, pencil, spectra, _) -> kernels.modes().mix(spectra, pencil, matrix, 0.3, 2));
      forEachMode(mesh, (place, k, _) -> {
        for (int i = 0; i < fields; i++)
          for (int part = place; part < place + 2; part++) {
            double expected = size(k) == 0 ? 0.6 * before[i][part] : 0;
            double terms = Math.abs(expected);
            for (int j = 0; j < fields && size(k) > 0; j++) {
              double term = 2 * matrix[i][j].at(size(k)) * before[j][part];
              expected += term;
              terms += Math.abs(term);
            }
            assertEquals(expected, after.modes[i][part], 3e-7 * terms, mesh + " k = " + Arrays.toString(k));
          }
      });
      Outcome back = run(Decomposition.even(mesh, 1, 1), Arrays.copyOf(y, fields), 0,
          (kernels, pencil, spectra, _) -> kernels.modes().mix(spectra, pencil, transposed(matrix), 0.3, 2));
      double left = 0;
      double right = 0;
      double scale = 0;
      for (int i = 0; i < fields; i++) {
        left += Dealt.dot(after.fields[i], y[i]);
        right += Dealt.dot(x[i], back.fields[i]);
        scale += Dealt.norm(after.fields[i]) * Dealt.norm(y[i]);
      }
      assertEquals(left, right, TOLERANCE * scale, mesh + " of " + fields);
    }
  }

  /** Of Σ ȳ M(θ) x by the amplitude of all entries below the diagonal, and by one entry. */
  @ParameterizedTest
  @MethodSource("meshes")
  void shouldDifferentiateMatricesByTheirParameters(Mesh mesh) throws Exception {
    int fields = 3;
    ModeTable nothing = ModeTable.constant(0);
    ModeTable[][] below = new ModeTable[fields][fields];
    ModeTable[][] one = new ModeTable[fields][fields];
    for (int i = 0; i < fields; i++)
      for (int j = 0; j < fields; j++) {
        below[i][j] = i > j ? power(mesh, 1 + i, -0.4 * j) : nothing;
        one[i][j] = i == 1 && j == 2 ? power(mesh, 2, 0.6) : nothing;
      }
    double factor = 1.0 / mesh.size();
    float[][] x = random(mesh, 2 * fields, "matrices");
    Outcome found = everywhere(mesh, x, 2,
        (kernels, pencil, spectra, sums) -> kernels.modes().mixTranspose(Arrays.copyOf(spectra, fields),
            Arrays.copyOfRange(spectra, fields, 2 * fields), pencil, new ModeTable[][][]{below, one}, factor, sums));
    // M is linear in both: its derivative is the matrix of derivatives itself.
    ModeTable[][][] derivatives = {below, one};
    for (int p = 0; p < 2; p++) {
      ModeTable[][] derivative = derivatives[p];
      Outcome mixed = run(Decomposition.even(mesh, 1, 1), Arrays.copyOfRange(x, fields, 2 * fields), 0,
          (kernels, pencil, spectra, _) -> kernels.modes().mix(spectra, pencil, derivative, 0, factor));
      double expected = 0;
      double scale = 0;
      for (int i = 0; i < fields; i++) {
        expected += Dealt.dot(x[i], mixed.fields[i]);
        scale += Dealt.norm(x[i]) * Dealt.norm(mixed.fields[i]);
      }
      assertEquals(expected, found.sums[p], TOLERANCE * scale, mesh + " of " + p);
    }
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldTakeTheGradientAntisymmetrically(Mesh mesh) throws Exception {
    float[][] x = random(mesh, 2, "gradient");
    float[][] before = untouched(mesh, x).modes;
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      OnModes gradient = (kernels, pencil, spectra, _) -> kernels.modes().gradient(spectra[0], pencil, along, 0.3);
      Outcome after = everywhere(mesh, x, 0, gradient);
      forEachMode(mesh, (place, k, _) -> {
        double nyquist = Math.PI / mesh.cellMpcH(along);
        double by = Math.abs(k[along]) > nyquist * (1 - 1e-12) ? 0 : 0.3 * k[along];
        double re = before[0][place];
        double im = before[0][place + 1];
        assertEquals(-by * im, after.modes[0][place], 2e-7 * Math.abs(by * im));
        assertEquals(by * re, after.modes[0][place + 1], 2e-7 * Math.abs(by * re));
      });
      Outcome swapped = run(Decomposition.even(mesh, 1, 1), new float[][]{x[1], x[0]}, 0, gradient);
      assertEquals(Dealt.dot(after.fields[0], x[1]), -Dealt.dot(x[0], swapped.fields[0]),
          TOLERANCE * Dealt.norm(after.fields[0]) * Dealt.norm(x[1]) + 1e-30, mesh + " along " + axis);
    }
  }

  private static double[] edges(Mesh mesh) {
    double low = mesh.kMinHMpc();
    double high = mesh.kMaxHMpc();
    return new double[]{0, 0.9 * low, 1.1 * low, 0.4 * high, 0.41 * high, 0.7 * high, 1.01 * high};
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldSumShellsAsDefined(Mesh mesh) throws Exception {
    float[][] x = random(mesh, 2, "shells");
    double[] edges = edges(mesh);
    float[][] modes = untouched(mesh, x).modes;
    double[] expected = new double[edges.length - 1];
    double[] inner = new double[2];
    double factor = 1.0 / mesh.size();
    forEachMode(mesh, (place, k, weight) -> {
      double product = (double) modes[0][place] * modes[1][place]
          + (double) modes[0][place + 1] * modes[1][place + 1];
      for (int i = 0; i < expected.length; i++)
        if (size(k) >= edges[i] && size(k) < edges[i + 1])
          expected[i] += factor * weight * product;
    });
    Outcome found = everywhere(mesh, x, expected.length, (kernels, pencil, spectra, sums) -> kernels.modes()
        .shells(spectra[0], spectra[1], pencil, edges, factor, sums));
    double size = Dealt.norm(x[0]) * Dealt.norm(x[1]);
    assertArrayEquals(expected, found.sums, 1e-12 * size, mesh.toString());
    assertEquals(Dealt.dot(x[0], x[1]), Arrays.stream(found.sums).sum(), TOLERANCE * size, "Parseval");
    double[] some = {edges[2], edges[3], edges[4]};
    Outcome fewer = everywhere(mesh, x, inner.length, (kernels, pencil, spectra, sums) -> kernels.modes()
        .shells(spectra[0], spectra[1], pencil, some, factor, sums));
    assertArrayEquals(new double[]{found.sums[2], found.sums[3]}, fewer.sums);
  }

  /** Σ_i c_i S_i(u, y) = ⟨u, what shells give back⟩. */
  @ParameterizedTest
  @MethodSource("meshes")
  void shouldTransposeShells(Mesh mesh) throws Exception {
    float[][] x = random(mesh, 3, "shells back");
    double[] edges = Arrays.copyOfRange(edges(mesh), 1, 7);
    double[] cotangents = {0.3, -2, 1.5, 0, 0.7};
    double factor = 1.0 / mesh.size();
    for (int i = 0; i < x[2].length; i++)
      x[2][i] /= mesh.size();
    Outcome forward = everywhere(mesh, x, 5, (kernels, pencil, spectra, sums) -> kernels.modes().shells(spectra[0],
        spectra[1], pencil, edges, factor, sums));
    Outcome back = everywhere(mesh, x, 0, (kernels, pencil, spectra, _) -> kernels.modes().shellsTranspose(spectra[1],
        pencil, edges, cotangents, factor, spectra[2]));
    double expected = 0;
    for (int i = 0; i < 5; i++)
      expected += cotangents[i] * forward.sums[i];
    // What was there stays: N times the third field.
    double found = Dealt.dot(x[0], back.fields[2]) - mesh.size() * Dealt.dot(x[0], x[2]);
    double size = Dealt.norm(x[0]) * (Dealt.norm(x[1]) + mesh.size() * Dealt.norm(x[2]));
    assertEquals(expected, found, TOLERANCE * size, mesh.toString());
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    Mesh mesh = new Mesh(4, 1, 4, 1, 1, 1);
    Pencil pencil = new Pencil(Decomposition.even(mesh, 1, 1), 0);
    Kernels kernels = kernels();
    try (Memory memory = kernels.memory()) {
      Modes modes = kernels.modes();
      Floats a = memory.floats(pencil.floats());
      ExactSum[] two = {new ExactSum(), new ExactSum()};
      refused("1.0, 1.0 of shell 1", () -> modes.shells(a, a, pencil, new double[]{0, 1, 1}, 1, two));
      refused("NaN", () -> modes.shells(a, a, pencil, new double[]{0, Double.NaN, 1}, 1, two));
      refused("2 edges of 2 shells", () -> modes.shells(a, a, pencil, new double[]{0, 1}, 1, two));
      refused("3 edges of 1 shells",
          () -> modes.shellsTranspose(a, pencil, new double[]{0, 1, 2}, new double[1], 1, a));
      ModeTable[][] matrix = matrix(mesh, 2, 0);
      refused("for 1 fields", () -> modes.mix(new Floats[]{a}, pencil, matrix, 0, 1));
      Floats[] nine = new Floats[9];
      Arrays.fill(nine, a);
      refused("9 fields", () -> modes.mix(nine, pencil, matrix(mesh, 9, 0), 0, 1));
    }
  }

  private static void refused(String words, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(words), message);
  }
}
