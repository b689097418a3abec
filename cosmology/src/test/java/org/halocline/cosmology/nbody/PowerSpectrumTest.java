package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Power spectra of fields whose power is known. */
@Timeout(300)
class PowerSpectrumTest {
  private static final Mesh MESH = new Mesh(24, 20, 32, 240, 220, 300);

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  private PowerSpectrum.Bin[] estimate(Decomposition d, float[] a, float[] b) throws Exception {
    List<PowerSpectrum.Bin[]> all = Domains.run(d, (rank, port) -> {
      Kernels kernels = kernels();
      Block block = d.block(rank);
      try (Memory memory = kernels.memory()) {
        Floats first = Cases.floats(memory, d.mesh(), block, a);
        Floats second = a == b ? first : Cases.floats(memory, d.mesh(), block, b);
        return Cases.power(first, second, d, rank, kernels, port);
      }
    });
    for (PowerSpectrum.Bin[] bins : all)
      assertArrayEquals(all.getFirst(), bins, "every rank has the bins");
    return all.getFirst();
  }

  /** A cos(k·x) has two modes of power A²/4 · V each. */
  @Test
  void shouldFindAPlaneWave() throws Exception {
    int[] m = {2, 3, 4};
    double amplitude = 0.3;
    float[] wave = new float[(int) MESH.size()];
    for (int i = 0; i < wave.length; i++) {
      double phase = 2 * Math.PI * ((double) m[0] * (i / MESH.nz() / MESH.ny()) / MESH.nx()
          + (double) m[1] * (i / MESH.nz() % MESH.ny()) / MESH.ny() + (double) m[2] * (i % MESH.nz()) / MESH.nz());
      wave[i] = (float) (5 + amplitude * Math.cos(phase + 0.4));
    }
    double k = 0;
    for (int axis = 0; axis < 3; axis++)
      k += Math.pow(2 * Math.PI * m[axis] / MESH.lengthMpcH(axis), 2);
    k = Math.sqrt(k);
    double width = 2 * Math.PI / 220;
    double volume = MESH.lxMpcH() * MESH.lyMpcH() * MESH.lzMpcH();
    int found = 0;
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), wave, wave)) {
      boolean here = (int) (bin.kHMpc() / width) == (int) (k / width);
      double expected = here ? 2 * amplitude * amplitude / 4 * volume / bin.modes() : 0;
      assertEquals(expected, bin.powerA(), 1e-4 * (expected + 1e-3), "k = " + bin.kHMpc());
      found += here ? 1 : 0;
    }
    assertEquals(1, found);
  }

  /** White noise of unit variance has P = V_cell; the mean of M/2 independent modes is that within √(2/M). */
  @Test
  void shouldFindWhiteNoise() throws Exception {
    float[] noise = Seeds.floats(Seeds.random("white noise", 12), (int) MESH.size());
    float[] other = Seeds.floats(Seeds.random("other noise", 13), (int) MESH.size());
    double cell = MESH.cellVolumeMpcH3();
    long modes = 0;
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), noise, other)) {
      double sigma = cell * Math.sqrt(2.0 / bin.modes());
      assertEquals(cell, bin.powerA(), 5 * sigma, "k = " + bin.kHMpc());
      assertEquals(cell, bin.powerB(), 5 * sigma, "k = " + bin.kHMpc());
      assertEquals(0, bin.cross(), 5 * sigma, "k = " + bin.kHMpc());
      modes += bin.modes();
    }
    assertTrue(modes > 3000, modes + " modes");
  }

  @Test
  void shouldCorrelateAFieldWithItself() throws Exception {
    float[] noise = Seeds.floats(Seeds.random("itself", 14), (int) MESH.size());
    float[] negative = new float[noise.length];
    for (int i = 0; i < noise.length; i++)
      negative[i] = -2 * noise[i];
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), noise, noise)) {
      assertEquals(1, bin.cross() / Math.sqrt(bin.powerA() * bin.powerB()), 1e-12);
      assertEquals(1, Math.sqrt(bin.powerA() / bin.powerB()), 1e-12);
    }
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), noise, negative)) {
      assertEquals(-1, bin.cross() / Math.sqrt(bin.powerA() * bin.powerB()), 1e-6);
      assertEquals(0.5, Math.sqrt(bin.powerA() / bin.powerB()), 1e-6);
    }
  }

  private long[] modes(Mesh mesh) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("modes of " + mesh, 15), (int) mesh.size());
    PowerSpectrum.Bin[] bins = estimate(Decomposition.even(mesh, 1, 1), noise, noise);
    return Arrays.stream(bins).mapToLong(PowerSpectrum.Bin::modes).toArray();
  }

  /**
   * Modes a bin of a box whose sides are whole multiples of a length, in integers: |k| of m fundamentals of the
   * shortest side is √Σ(m_a · multiple/multiples_a · shortest)²/multiple. Bins without modes are left out.
   */
  private static long[] expectedModes(int[] cells, long[] multiples) {
    long shortest = Arrays.stream(multiples).min().orElseThrow();
    long multiple = Arrays.stream(multiples).reduce(1, (a, b) -> a * b);
    long last = Long.MAX_VALUE;
    for (int axis = 0; axis < 3; axis++)
      last = Math.min(last, cells[axis] * shortest / (2 * multiples[axis]));
    long[] modes = new long[(int) last + 1];
    for (int x = 0; x < cells[0]; x++)
      for (int y = 0; y < cells[1]; y++)
        for (int z = 0; z < cells[2]; z++) {
          int[] at = {x, y, z};
          long square = 0;
          for (int axis = 0; axis < 3; axis++) {
            long m = (at[axis] <= cells[axis] / 2 ? at[axis] : at[axis] - cells[axis]) * (multiple / multiples[axis])
                * shortest;
            square += m * m;
          }
          long bin = (long) Math.sqrt((double) square / multiple / multiple);
          while (bin * bin * multiple * multiple > square)
            bin--;
          while ((bin + 1) * (bin + 1) * multiple * multiple <= square)
            bin++;
          if (square > 0 && bin < modes.length)
            modes[(int) bin]++;
        }
    return Arrays.stream(modes).filter(count -> count > 0).toArray();
  }

  /**
   * Of 48³ cells in a box of 1500 Mpc/h, whose fundamental no double holds; (6, 0, 0) is on an edge, and so is (2, 3,
   * 6).
   */
  @Test
  void shouldPutModesOnAnEdgeIntoTheBinAbove() throws Exception {
    long[] modes = modes(new Mesh(48, 48, 48, 1500, 1500, 1500));
    assertArrayEquals(expectedModes(new int[]{48, 48, 48}, new long[]{1, 1, 1}), modes);
    assertEquals(470, modes[5], "the first bin holds |k| of one fundamental, this one of six");
    assertEquals(738, modes[6]);
  }

  /** The order of the axes, the length of the box and the shape of the mesh decide nothing about edges. */
  @Test
  void shouldCountTheModesOfEveryBoxInIntegers() throws Exception {
    SplittableRandom random = Seeds.random("boxes", 18);
    for (int i = 0; i < 40; i++) {
      double unit = switch (i % 3) {
        case 0 -> 100 + 400 * random.nextDouble();
        case 1 -> 1 + random.nextInt(3000);
        default -> (1 + random.nextInt(3000)) / 7.0;
      };
      int[] cells = {2 + random.nextInt(23), 2 + random.nextInt(23), 2 + random.nextInt(23)};
      long[] multiples = new long[3];
      boolean cube = i % 4 == 0;
      for (int axis = 0; axis < 3; axis++)
        multiples[axis] = cube ? 1 : 1 + random.nextInt(5);
      long[] expected = expectedModes(cells, multiples);
      for (int[] order : new int[][]{{0, 1, 2}, {1, 2, 0}, {2, 1, 0}}) {
        Mesh mesh = new Mesh(cells[order[0]], cells[order[1]], cells[order[2]], unit * multiples[order[0]],
            unit * multiples[order[1]], unit * multiples[order[2]]);
        assertArrayEquals(expected, modes(mesh), mesh.toString());
      }
    }
  }

  @Test
  void shouldNotDependOnTheLayout() throws Exception {
    float[] a = Seeds.floats(Seeds.random("layout a", 16), (int) MESH.size());
    float[] b = Seeds.floats(Seeds.random("layout b", 17), (int) MESH.size());
    PowerSpectrum.Bin[] expected = estimate(Decomposition.even(MESH, 1, 1), a, b);
    for (Decomposition d : Cases.layouts(MESH))
      assertArrayEquals(expected, estimate(d, a, b), Cases.name(d));
  }
}
