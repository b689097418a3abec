package org.halocline.cosmology.cuda;

import static org.halocline.cosmology.cuda.Twins.bits;
import static org.halocline.cosmology.cuda.Twins.floats;
import static org.halocline.cosmology.cuda.Twins.join;
import static org.halocline.cosmology.cuda.Twins.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Modes;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Pointwise.Function;
import org.halocline.cosmology.kernel.Spectra.Box;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions of elements and products of modes on a device against a core's, to the bit. */
@Timeout(300)
abstract class DeviceFieldsTest {
  private static final float[] ENDS = {0f, -0f, 1f, -1f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE,
      -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 88.7229f, -103.98f, 1e-20f};

  abstract DeviceUnderTest deviceUnderTest();

  private Twins twins;

  @BeforeEach
  void open() {
    twins = new Twins(deviceUnderTest());
  }

  @AfterEach
  void close() {
    if (twins != null)
      twins.close();
  }

  /** Any bits, and numbers of usual size. */
  private static float[] anything(SplittableRandom random, int count) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++)
      x[i] = i % 3 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (10 * random.nextGaussian());
    System.arraycopy(ENDS, 0, x, 0, ENDS.length);
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeFunctionsAsACore(Function f) {
    SplittableRandom random = Seeds.random("functions " + f, 30);
    float[] x = anything(random, 10_007);
    float[] bar = anything(random, x.length);
    for (double a : new double[]{2.3, -0.7, 3, -2, 1, 0, 0.5})
      twins.assertSame(f + " " + a, kernels -> {
        Memory memory = kernels.memory();
        Floats value = floats(memory, x);
        Floats slope = floats(memory, bar);
        kernels.pointwise().transpose(f, a, value, slope, slope);
        kernels.pointwise().apply(f, a, value, value);
        return join(bits(read(memory, value)), bits(read(memory, slope)));
      });
  }

  @Test
  void shouldCombineFieldsAsACore() {
    SplittableRandom random = Seeds.random("fields", 31);
    float[] x = anything(random, 10_007);
    float[] y = anything(random, x.length);
    float[] bar = Seeds.floats(random, x.length);
    twins.assertSame("fields", kernels -> {
      Memory memory = kernels.memory();
      Pointwise pointwise = kernels.pointwise();
      Floats[] out = new Floats[5];
      Arrays.setAll(out, _ -> memory.floats(x.length));
      pointwise.multiply(floats(memory, x), floats(memory, y), out[0]);
      pointwise.divide(floats(memory, x), floats(memory, y), out[1]);
      pointwise.affine(0.3, floats(memory, x), -1.7, out[2]);
      pointwise.max(floats(memory, x), floats(memory, y), out[3]);
      pointwise.maxTranspose(floats(memory, x), floats(memory, y), floats(memory, bar), out[4]);
      return join(Arrays.stream(out).map(field -> bits(read(memory, field))).toArray(int[][]::new));
    });
  }

  @Test
  void shouldSumAndSearchAsACore() {
    SplittableRandom random = Seeds.random("sums", 32);
    int nz = 41;
    float[] x = Seeds.floats(random, 211 * nz);
    float[] bar = Seeds.floats(random, x.length);
    float[] positive = new float[x.length];
    for (int i = 0; i < x.length; i++)
      positive[i] = Math.abs(x[i]);
    double[][] sums = new double[2][];
    for (int i = 0; i < 2; i++) {
      Kernels kernels = twins.both().get(i);
      ExactSum plain = new ExactSum();
      ExactSum slope = new ExactSum();
      kernels.pointwise().sum(floats(kernels.memory(), x), nz, 0.7, plain);
      kernels.pointwise().parameterTranspose(0.8, floats(kernels.memory(), positive), floats(kernels.memory(), bar), nz,
          slope);
      sums[i] = new double[]{plain.value(), slope.value()};
    }
    assertEquals(sums[0][0], sums[1][0], 1e-11);
    assertEquals(sums[0][1], sums[1][1], 1e-11);
    for (float odd : new float[]{1, -50, -0f, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY})
      for (float[] values : List.of(x, positive)) {
        float[] with = values.clone();
        with[5000] = odd;
        twins.assertSame("with " + odd, kernels -> {
          Floats field = floats(kernels.memory(), with);
          return join(bits(kernels.pointwise().least(field)), new int[]{kernels.pointwise().allFinite(field) ? 1 : 0});
        });
      }
    twins.assertSame("nothing", kernels -> bits(kernels.pointwise().least(kernels.memory().floats(0))));
  }

  record Cut(Mesh mesh, int px, int py, int rank) {
    Pencil pencil() {
      return new Pencil(Decomposition.even(mesh, px, py), rank);
    }
  }

  static Stream<Cut> cuts() {
    Mesh odd = new Mesh(7, 9, 5, 70, 80, 60);
    Mesh sky = new Mesh(10, 1, 40, 2, 1, 3);
    return Stream.of(new Cut(new Mesh(12, 10, 16, 110, 105, 170), 1, 1, 0), new Cut(odd, 2, 3, 4),
        new Cut(odd, 3, 2, 0), new Cut(sky, 1, 1, 0), new Cut(sky, 3, 1, 1),
        new Cut(new Mesh(6, 1, 2, 1, 1, 1), 5, 1, 0));
  }

  private static ModeTable table(Mesh mesh, double amplitude, double tilt) {
    return ModeTable.of(mesh, k -> amplitude * Math.pow(k / mesh.kMaxHMpc(), tilt));
  }

  /** What modes become under each operation, and the sums. */
  @ParameterizedTest
  @MethodSource("cuts")
  void shouldDoToModesAsACore(Cut cut) {
    SplittableRandom random = Seeds.random("modes " + cut, 33);
    Mesh mesh = cut.mesh;
    Pencil pencil = cut.pencil();
    int fields = 3;
    Box box = new Box(pencil.kyCount(), pencil.kzCount(), 0, mesh.nx(), 0, pencil.kyCount(), 0, pencil.kzCount());
    float[][] values = new float[fields][];
    Arrays.setAll(values, _ -> Seeds.floats(random, (int) (box.bytes() / 4)));
    ModeTable[][] matrix = new ModeTable[fields][fields];
    for (int i = 0; i < fields; i++)
      for (int j = 0; j < fields; j++)
        matrix[i][j] = i < j ? ModeTable.constant(0) : table(mesh, 1 + i, -0.4 * j);
    double low = mesh.kMinHMpc();
    double range = mesh.kMaxHMpc() - low;
    double[] edges = {0.8 * low, low + 0.1 * range, low + 0.5 * range, low + 0.9 * range};
    twins.assertSame("modes " + cut, kernels -> {
      Memory memory = kernels.memory();
      Modes modes = kernels.modes();
      MemorySegment staging = memory.staging(Math.max(8, box.bytes()));
      Floats[] spectra = new Floats[fields];
      for (int i = 0; i < fields; i++) {
        MemorySegment.copy(values[i], 0, staging, ValueLayout.JAVA_FLOAT, 0, values[i].length);
        spectra[i] = memory.floats(pencil.floats());
        kernels.spectra().unpack(staging, spectra[i], box).await();
      }
      ModeTable.Nodes nodes = ModeTable.Nodes.of(mesh);
      ExactSum[] sums = new ExactSum[8 + nodes.count()];
      Arrays.setAll(sums, _ -> new ExactSum());
      modes.filterTranspose(spectra[0], spectra[1], pencil, new ModeTable[]{matrix[0][0], matrix[1][0]}, 0.3,
          Arrays.copyOf(sums, 2));
      modes.mixTranspose(spectra, spectra, pencil, new ModeTable[][][]{matrix}, 0.7,
          new ExactSum[]{sums[2]});
      modes.shells(spectra[1], spectra[2], pencil, edges, 0.9, Arrays.copyOfRange(sums, 3, 6));
      modes.tableTranspose(spectra[0], spectra[1], pencil, nodes, 0.6, Arrays.copyOfRange(sums, 8, sums.length));
      modes.shellsTranspose(spectra[0], pencil, edges, new double[]{0.1, -2, 3}, 0.4, spectra[1]);
      modes.filter(spectra[0], pencil, matrix[2][1], 0.3, -1.1);
      modes.inverseLaplacian(spectra[2], pencil, 0.01);
      modes.mix(spectra, pencil, matrix, 0.2, 1.3);
      for (int axis = 0; axis < 3; axis++)
        modes.gradient(spectra[axis], pencil, axis, 0.6);
      int[][] found = new int[fields + 1][];
      found[fields] = bits(Arrays.stream(sums).mapToDouble(ExactSum::value).toArray());
      for (int i = 0; i < fields; i++) {
        kernels.spectra().pack(spectra[i], box, staging).await();
        found[i] = bits(staging.asSlice(0, box.bytes()).toArray(ValueLayout.JAVA_FLOAT));
      }
      return join(found);
    });
  }
}
