package org.halocline.cosmology.cuda;

import static org.halocline.cosmology.cuda.Twins.bits;
import static org.halocline.cosmology.cuda.Twins.floats;
import static org.halocline.cosmology.cuda.Twins.ints;
import static org.halocline.cosmology.cuda.Twins.join;
import static org.halocline.cosmology.cuda.Twins.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Doubles;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.kernel.Spectra.Box;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.RootPower;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kernel of a device against a core's on the same numbers: equal to the bit, all but sums of products, whose terms
 * are rounded one by one here and line by line there, and transforms.
 */
@Timeout(300)
abstract class DeviceKernelsTest {
  private static final FixedPoint UNITS = new FixedPoint(24, 0x1p-26, 20);
  private static final double[] CELLS = {9, 11, 10};
  private static final double K = 7;
  private static final Cosmology LCDM = new Cosmology(.3089, .0486, .6774, .9667, .8159, -1, 0, 0);

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

  /** A block, the largest displacement, and whether its axes x and y are split. */
  record Case(int nx, int ny, int nz, double max, boolean splitX, boolean splitY) {
    Grid grid(int wider) {
      return new Grid(nx, ny, nz, splitX ? reach()[0] + wider : 0, splitY ? reach()[1] + wider : 0);
    }

    int[] reach() {
      int cells = (int) max + 1;
      return new int[]{cells, cells, cells};
    }

    int count() {
      return nx * ny * nz;
    }

    int[][] displacements(SplittableRandom random) {
      int largest = (int) (max * 0x1p24);
      int[][] x = new int[3][];
      for (int axis = 0; axis < 3; axis++) {
        x[axis] = random.ints(count(), -largest, largest + 1).toArray();
        x[axis][0] = largest;
        x[axis][count() - 1] = -largest;
      }
      return x;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(new Case(6, 5, 40, 2.5, false, false), new Case(5, 7, 33, 3, true, true),
        new Case(3, 2, 300, 9.7, false, false), new Case(4, 3, 70, 1.2, true, false),
        new Case(2, 9, 31, 0.9, false, true), new Case(4, 4, 4, 11.3, false, false), new Case(1, 1, 7, 1, true, true),
        new Case(1, 3, 1, 2.5, false, true), new Case(8, 8, 8, 90, false, true));
  }

  private static ParticleSet set(Memory memory, Grid sites, int[][] x, int[][] p, float[][] xi, float[][] pi) {
    return new ParticleSet(ints(memory, x), ints(memory, p), floats(memory, xi), floats(memory, pi), sites, UNITS);
  }

  private static int[][] state(Memory memory, Ints[] axes) {
    return new int[][]{read(memory, axes[0]), read(memory, axes[1]), read(memory, axes[2])};
  }

  private static float[][] axes(SplittableRandom random, int count) {
    float[][] values = new float[3][];
    Arrays.setAll(values, _ -> Seeds.floats(random, count));
    return values;
  }

  private static int[][] momenta(SplittableRandom random, int count) {
    int[][] values = new int[3][];
    Arrays.setAll(values, _ -> random.ints(count, -(1 << 20), 1 << 20).toArray());
    return values;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldPaintAsACore(Case c) {
    SplittableRandom random = Seeds.random("paint " + c, 1);
    int[][] x = c.displacements(random);
    float[] value = Seeds.floats(random, c.count());
    float[] cotangent = Seeds.floats(random, (int) c.grid(0).size());
    float[][] xi = axes(random, c.count());
    twins.assertSame("paint " + c, kernels -> {
      Memory memory = kernels.memory();
      Ints mesh = memory.ints(c.grid(0).size());
      ParticleSet set = set(memory, c.grid(0), x, x, xi, xi);
      kernels.particles().paint(set, c.reach(), mesh, c.grid(0), () -> {});
      int[] painted = read(memory, mesh);
      int largest = kernels.particles().largest(mesh, c.grid(0));
      kernels.particles().paintCotangent(set, c.reach(), floats(memory, value), 0.3 * 0x1p22, mesh, c.grid(0),
          () -> {});
      kernels.particles().paintTranspose(set, c.reach(), floats(memory, cotangent), c.grid(0), () -> {});
      return join(painted, new int[]{largest}, read(memory, mesh), bits(read(memory, set.xi()[0])),
          bits(read(memory, set.xi()[1])), bits(read(memory, set.xi()[2])));
    });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldKickAndUndoItAsACore(Case c) {
    SplittableRandom random = Seeds.random("kick " + c, 2);
    int[][] x = c.displacements(random);
    int[][] p = momenta(random, c.count());
    float[] potential = Seeds.floats(random, (int) c.grid(2).size());
    float[][] pi = axes(random, c.count());
    float[][] xi = axes(random, c.count());
    List<Kernels> both = twins.both();
    double[] sums = new double[2];
    int[][] states = new int[2][];
    double[] drifts = {0.3, -0.2, 0.1};
    for (int i = 0; i < 2; i++) {
      Kernels kernels = both.get(i);
      Memory memory = kernels.memory();
      ParticleSet set = set(memory, c.grid(0), x, p, xi, pi);
      Potential force = new Potential(floats(memory, potential), c.grid(2), CELLS,
          memory.floats(ForceBlock.of(c.grid(2), c.reach()).floats(c.reach())));
      Moved moved = kernels.particles().kick(set, c.reach(), force, K, drifts, () -> {});
      int[] kicked = join(bits(moved.momentum()), bits(moved.displacements()[0]), bits(moved.displacements()[1]),
          bits(moved.displacements()[2]), join(state(memory, set.x())), join(state(memory, set.p())));
      for (int axis = 0; axis < 3; axis++)
        memory.write(x[axis], 0, set.x()[axis], 0, c.count());
      ExactSum sum = new ExactSum();
      kernels.particles().kickTranspose(set, c.reach(), force, K, sum, () -> {});
      sums[i] = sum.value();
      states[i] = join(kicked, join(state(memory, set.p())),
          bits(read(memory, set.xi()[0])), bits(read(memory, set.xi()[1])), bits(read(memory, set.xi()[2])));
    }
    assertArrayEquals(states[0], states[1]);
    assertEquals(sums[0], sums[1], 1e-12 * c.count());
  }

  @Test
  void shouldDriftAsACoreForAnyNumbers() {
    SplittableRandom random = Seeds.random("drift", 3);
    int count = 3 * 1000 + 7;
    int[][] x = {random.ints(count).toArray(), random.ints(count).toArray(), random.ints(count).toArray()};
    int[][] p = {random.ints(count).toArray(), random.ints(count).toArray(), random.ints(count).toArray()};
    for (double c : new double[]{0.01, -0.3, 0, 100, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
      twins.assertSame("drift by " + c, kernels -> {
        Memory memory = kernels.memory();
        ParticleSet set = set(memory, new Grid(1, 1, count, 0, 0), x, p, new float[0][], new float[0][]);
        double[] largest = kernels.particles().drift(set, c, -1);
        return join(join(state(memory, set.x())), bits(largest));
      });
    float[] first = Seeds.floats(random, count);
    float[] second = Seeds.floats(random, count);
    for (float odd : new float[]{1, 1e30f, Float.NaN, Float.NEGATIVE_INFINITY}) {
      second[17] = odd;
      twins.assertSame("fix with " + odd, kernels -> {
        Memory memory = kernels.memory();
        Ints fixed = memory.ints(count);
        double largest = kernels.particles().fix(floats(memory, first), 0.7, floats(memory, second), 0.2, 0x1p-24,
            fixed);
        return join(read(memory, fixed), bits(largest));
      });
    }
  }

  @Test
  void shouldGoBackThroughDriftsAsACore() {
    SplittableRandom random = Seeds.random("drifts back", 13);
    int nz = 31;
    int count = 67 * nz;
    int[][] x = momenta(random, count);
    int[][] p = momenta(random, count);
    float[][] xi = axes(random, count);
    float[][] pi = axes(random, count);
    pi[1][5] = Float.NEGATIVE_INFINITY;
    xi[2][7] = Float.NaN;
    for (double[] cs : new double[][]{{0.3}, {-0.2, 0.7}, {0.1, 1e30, Double.NaN}}) {
      double[][] sums = new double[2][cs.length];
      int[][] states = new int[2][];
      for (int i = 0; i < 2; i++) {
        Kernels kernels = twins.both().get(i);
        Memory memory = kernels.memory();
        ExactSum[] exact = new ExactSum[cs.length];
        Arrays.setAll(exact, _ -> new ExactSum());
        xi[2][7] = cs.length == 1 ? Float.NaN : 1;
        ParticleSet set = set(memory, new Grid(67, 1, nz, 0, 0), x, p, xi, pi);
        double[] largest = kernels.particles().driftTranspose(set, cs, exact);
        sums[i] = Arrays.stream(exact).mapToDouble(ExactSum::value).toArray();
        states[i] = join(join(state(memory, set.x())), bits(read(memory, set.pi()[0])),
            bits(read(memory, set.pi()[1])), bits(read(memory, set.pi()[2])), bits(largest));
      }
      assertArrayEquals(states[0], states[1]);
      assertArrayEquals(sums[0], sums[1], 1e-12 * count);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTakeDifferencesAsACore(Case c) {
    SplittableRandom random = Seeds.random("differences " + c, 4);
    Grid grid = c.grid(4);
    Grid halo = c.grid(0);
    Grid plain = new Grid(c.nx, c.ny, c.nz, 0, 0);
    float[] field = Seeds.floats(random, (int) grid.size());
    int[] integers = random.ints(grid.size()).toArray();
    float[] before = Seeds.floats(random, (int) halo.size());
    float[] interior = Seeds.floats(random, c.count());
    for (int axis = 0; axis < 3; axis++) {
      int a = axis;
      twins.assertSame("differences along " + axis + " " + c, kernels -> {
        Memory memory = kernels.memory();
        Floats f = floats(memory, field);
        Floats out = memory.floats(halo.size());
        Floats added = floats(memory, before);
        Floats second = floats(memory, before);
        kernels.meshes().difference(f, grid, a, -0.3, out, halo);
        kernels.meshes().addDifference(f, grid, a, 0.7, added, halo);
        kernels.meshes().addDifference(ints(memory, integers), grid, a, 1e-9, added, halo, () -> {});
        for (int b = 0; b < 3; b++)
          kernels.meshes().secondDifference(f, grid, a, b, 0.4, b != 1, second, halo);
        return join(bits(read(memory, out)), bits(read(memory, added)), bits(read(memory, second)));
      });
    }
    twins.assertSame("products " + c, kernels -> {
      Memory memory = kernels.memory();
      Floats out = floats(memory, before);
      Floats source = floats(memory, before);
      Floats small = floats(memory, interior);
      kernels.meshes().secondOrderSource(floats(memory, field), grid, CELLS, source, halo);
      kernels.meshes().combine(0.3, small, -1.7, floats(memory, interior), out, halo);
      kernels.meshes().multiply(small, plain, out, halo);
      kernels.meshes().copyInterior(out, halo, small, plain);
      return join(bits(read(memory, source)), bits(read(memory, out)), bits(read(memory, small)));
    });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMakeDensitiesAndPlanesAsACore(Case c) {
    SplittableRandom random = Seeds.random("densities " + c, 5);
    Grid grid = c.grid(0);
    Grid plain = new Grid(c.nx, c.ny, c.nz, 0, 0);
    int[] painted = random.ints(grid.size()).toArray();
    double[] plane = random.doubles(c.nx * c.ny).toArray();
    int k1 = Math.max(1, c.nz - 2);
    twins.assertSame("densities " + c, kernels -> {
      Memory memory = kernels.memory();
      Floats out = memory.floats(plain.size());
      long total = kernels.meshes().overdensity(ints(memory, painted), grid, 0x1p-20, -1, out, plain);
      double[] columns = new double[c.nx * c.ny];
      kernels.meshes().plane(ints(memory, painted), grid, k1 / 2, k1, 0.3, columns);
      kernels.meshes().addPlane(plane, 0.7, k1 / 2, k1, out, plain);
      return join(bits((double) total), bits(columns), bits(read(memory, out)));
    });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldPackHalosAsACore(Case c) {
    SplittableRandom random = Seeds.random("halos " + c, 6);
    Grid grid = c.grid(0);
    int[] cells = random.ints(grid.size()).toArray();
    int i0 = -grid.haloX();
    int ni = grid.haloX() + 1;
    int j0 = grid.ny() - 1;
    int nj = grid.haloY() + 1;
    twins.assertSame("halos " + c, kernels -> {
      Memory memory = kernels.memory();
      Ints field = ints(memory, cells);
      long bytes = 4L * ni * nj * grid.nz();
      MemorySegment staging = memory.staging(bytes + 64);
      kernels.meshes().pack(field, grid, i0, ni, j0, nj, staging, 64).await();
      int[] packed = staging.asSlice(64).toArray(ValueLayout.JAVA_INT);
      kernels.meshes().unpack(staging, 64, field, grid, grid.nx() - 1, ni, -grid.haloY(), nj);
      kernels.meshes().unpackAdd(staging, 64, field, grid, i0, ni, -grid.haloY(), nj);
      if (grid.nx() > ni) {
        kernels.meshes().move(field, grid, i0, j0, ni, nj, grid.nx() - 1, j0);
        kernels.meshes().moveAdd(field, grid, i0, j0, ni, nj, grid.nx() - 1, j0);
      }
      return join(packed, read(memory, field));
    });
  }

  @Test
  void shouldCopyLongRowsOfHalosAsTheyAre() {
    Grid grid = new Grid(3, 260, 270, 1, 1);
    int[] cells = Seeds.random("rows", 7).ints(grid.size()).toArray();
    twins.assertSame("rows", kernels -> {
      Memory memory = kernels.memory();
      Ints field = ints(memory, cells);
      MemorySegment staging = memory.staging(4L * 2 * grid.ny() * grid.nz());
      kernels.meshes().pack(field, grid, 1, 2, 0, grid.ny(), staging, 0).await();
      kernels.meshes().unpack(staging, 0, field, grid, -1, 2, 0, grid.ny());
      kernels.meshes().unpackAdd(staging, 0, field, grid, 2, 2, 0, grid.ny());
      return join(staging.toArray(ValueLayout.JAVA_INT), read(memory, field));
    });
  }

  @Test
  void shouldDoVectorAlgebraAsACore() {
    SplittableRandom random = Seeds.random("vectors", 8);
    int nz = 41;
    int count = 23 * nz;
    float[] a = Seeds.floats(random, count);
    float[] b = Seeds.floats(random, count);
    a[3] = Float.NaN;
    twins.assertSame("vectors", kernels -> {
      Memory memory = kernels.memory();
      Floats x = floats(memory, a);
      Floats y = floats(memory, b);
      kernels.vectors().add(0.3f, x, y);
      kernels.vectors().rotate(x, y, 0.7);
      kernels.vectors().scale(-1.3f, x);
      Floats copied = memory.floats(count);
      kernels.vectors().copy(x, copied);
      Floats filled = memory.floats(count);
      kernels.vectors().fill(filled, 2.5f);
      Floats negative = memory.floats(count);
      kernels.vectors().fill(negative, -0f);
      Doubles sums = memory.doubles(count);
      Doubles squares = memory.doubles(count);
      for (Floats field : List.of(x, y, filled))
        kernels.vectors().accumulate(field, sums, squares);
      return join(bits(read(memory, x)), bits(read(memory, y)), bits(read(memory, copied)), bits(read(memory, filled)),
          bits(read(memory, negative)), bits(read(memory, sums)), bits(read(memory, squares)));
    });
  }

  @Test
  void shouldMakeTheSameNoiseAsACore() {
    for (Mesh mesh : List.of(new Mesh(24, 25, 33, 1, 1, 1), new Mesh(3, 5, 1, 1, 1, 1), new Mesh(4, 2, 64, 1, 1, 1)))
      for (int layout = 1; layout <= 2; layout++) {
        Decomposition d = Decomposition.even(mesh, layout, 2);
        NoiseKey key = new NoiseKey(0x123456789abcdefL * layout, NoiseKey.Purpose.MOMENTUM, 0xabcd, -7, 0x5a5);
        for (int rank = 0; rank < d.ranks(); rank++) {
          int r = rank;
          twins.assertSame("noise of " + mesh, kernels -> {
            Floats field = kernels.memory().floats(d.block(r).size());
            kernels.vectors().normal(field, d, r, key);
            return bits(read(kernels.memory(), field));
          });
        }
      }
  }

  @Test
  void shouldSumProductsExactly() {
    SplittableRandom random = Seeds.random("sums", 9);
    int nz = 37;
    int count = 101 * nz;
    float[] a = Seeds.floats(random, count);
    float[] b = Seeds.floats(random, count);
    double size = 0;
    for (int i = 0; i < count; i++)
      size += Math.abs((double) a[i] * b[i]);
    assertEquals(dot(twins.core, a, b, 0.7), dot(twins.device, a, b, 0.7), 1e-14 * size);
    // Terms that cancel leave nothing, in any order and of any size.
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    float[] pairs = new float[count];
    for (int i = 0; i + 1 < count; i += 2) {
      pairs[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(-60, 60));
      pairs[count - 2 - i] = -pairs[i];
    }
    assertEquals(0, dot(twins.device, pairs, ones, 1));
    float[] wide = new float[count];
    Arrays.fill(wide, 0, 8, 0x1p61f);
    Arrays.fill(wide, 8, 16, -0x1p61f);
    wide[20] = 3;
    assertEquals(3, dot(twins.device, wide, ones, 1), "beyond 2^63 on the way");
    wide[8] = 0;
    wide[9] = 0;
    wide[10] = 0;
    wide[11] = 0;
    assertTrue(Double.isNaN(dot(twins.device, wide, ones, 1)), "2^63 is beyond the range");
    for (float bad : new float[]{Float.NaN, Float.POSITIVE_INFINITY, 0x1p62f}) {
      b[17] = 1;
      a[17] = bad;
      assertTrue(Double.isNaN(dot(twins.device, a, b, 1)), "with " + bad);
    }
    float[] model = Seeds.floats(random, count);
    float[] data = Seeds.floats(random, count);
    double[] sums = new double[2];
    for (int i = 0; i < 2; i++) {
      Kernels kernels = twins.both().get(i);
      ExactSum sum = new ExactSum();
      kernels.vectors().residual(floats(kernels.memory(), model), floats(kernels.memory(), data), 0.3, nz, sum);
      sums[i] = sum.value();
    }
    assertEquals(sums[0], sums[1], 1e-13 * sums[0]);
  }

  private static double dot(Kernels kernels, float[] a, float[] b, double factor) {
    ExactSum sum = new ExactSum();
    kernels.vectors().dot(floats(kernels.memory(), a), floats(kernels.memory(), b), 37, factor, sum);
    return sum.value();
  }

  record Cut(Mesh mesh, int px, int py, int rank) {
    Pencil pencil() {
      return new Pencil(Decomposition.even(mesh, px, py), rank);
    }
  }

  static Stream<Cut> cuts() {
    Mesh odd = new Mesh(7, 9, 5, 70, 80, 60);
    return Stream.of(new Cut(new Mesh(12, 10, 16, 110, 105, 170), 1, 1, 0), new Cut(odd, 1, 1, 0),
        new Cut(odd, 2, 3, 4), new Cut(odd, 3, 2, 0), new Cut(new Mesh(6, 5, 1, 60, 70, 30), 1, 1, 0),
        new Cut(new Mesh(6, 5, 2, 60, 70, 30), 2, 3, 0), new Cut(new Mesh(1, 3, 4, 10, 30, 40), 1, 1, 0));
  }

  /** Products in Fourier space on the same modes. */
  @ParameterizedTest
  @MethodSource("cuts")
  void shouldMultiplyModesAsACore(Cut cut) throws Exception {
    SplittableRandom random = Seeds.random("modes " + cut, 10);
    Pencil pencil = cut.pencil();
    Box box = new Box(pencil.kyCount(), pencil.kzCount(), 0, cut.mesh.nx(), 0, pencil.kyCount(), 0, pencil.kzCount());
    float[] a = Seeds.floats(random, (int) (box.bytes() / 4));
    float[] b = Seeds.floats(random, a.length);
    RootPower power = power(cut.mesh);
    twins.assertSame("modes " + cut, kernels -> {
      Memory memory = kernels.memory();
      MemorySegment staging = memory.staging(Math.max(8, box.bytes()));
      Floats first = modes(kernels, a, box, pencil, staging);
      Floats second = modes(kernels, b, box, pencil, staging);
      ExactSum[] sums = new ExactSum[8];
      ExactSum[][] bins = new ExactSum[6][5];
      Arrays.setAll(sums, _ -> new ExactSum());
      for (ExactSum[] bin : bins)
        Arrays.setAll(bin, _ -> new ExactSum());
      kernels.modes().powerTranspose(first, second, pencil, power, 0.3, sums);
      kernels.modes().binPower(first, second, pencil, 0.11, 0.7, bins);
      double[] values = Stream.concat(Arrays.stream(sums), Arrays.stream(bins).flatMap(Arrays::stream))
          .mapToDouble(ExactSum::value).toArray();
      kernels.modes().colour(first, pencil, power, -0.4);
      kernels.spectra().pack(first, box, staging).await();
      return join(bits(values), bits(staging.asSlice(0, box.bytes()).toArray(ValueLayout.JAVA_FLOAT)));
    });
  }

  private static Floats modes(Kernels kernels, float[] values, Box box, Pencil pencil, MemorySegment staging) {
    MemorySegment.copy(values, 0, staging, ValueLayout.JAVA_FLOAT, 0, values.length);
    Floats field = kernels.memory().floats(pencil.floats());
    kernels.spectra().unpack(staging, field, box).await();
    return field;
  }

  private static RootPower power(Mesh mesh) throws Exception {
    Timeline timeline = new Timeline(0.1, 1, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.LOG_A));
    return StepCoefficients.compute(LCDM.theta(), timeline, mesh.kMaxHMpc(), mesh.kMinHMpc()).rootPower();
  }

  /** The passes in one sweep are those passes one after the other. */
  @ParameterizedTest
  @MethodSource("cuts")
  void shouldSweepAsItPasses(Cut cut) {
    Mesh mesh = cut.mesh;
    Decomposition d = Decomposition.even(mesh, 1, 1);
    Pencil pencil = new Pencil(d, 0);
    Grid plain = Grid.of(d, 0, 0, 0);
    Grid grid = new Grid(mesh.nx(), mesh.ny(), mesh.nz(), 2, 3);
    Kernels kernels = twins.device;
    Memory memory = kernels.memory();
    Floats real = floats(memory, Seeds.floats(Seeds.random("sweep " + cut, 11), (int) mesh.size()));
    Floats swept = memory.floats(pencil.floats());
    Floats passed = memory.floats(pencil.floats());
    kernels.spectra().forwardZY(real, plain, swept, pencil, 0, mesh.nx());
    kernels.spectra().forwardZ(real, plain, passed, pencil, 0, mesh.nx());
    kernels.spectra().transformY(passed, pencil, false, 0, mesh.nx());
    assertArrayEquals(read(memory, passed), read(memory, swept));
    Floats first = memory.floats(grid.size());
    Floats second = memory.floats(grid.size());
    kernels.spectra().inverseYZ(swept, pencil, first, grid, 0, mesh.nx());
    kernels.spectra().transformY(passed, pencil, true, 0, mesh.nx());
    kernels.spectra().inverseZ(passed, pencil, second, grid, 0, mesh.nx());
    assertArrayEquals(read(memory, second), read(memory, first));
  }
}
