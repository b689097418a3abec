package org.halocline.cosmology.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source32.Philox4x32;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.cosmology.random.NoiseKey.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams of random numbers: known answers, moments, and their independence of the layout. */
@Timeout(300)
class NoiseKeyTest {
  private static final long SEED = 20_260_101;

  /** Random123's kat_vectors for philox4x32 with 10 rounds: counter, key, output. */
  @ParameterizedTest
  @CsvSource({
      "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
      "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
      "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"})
  void shouldBePhiloxWithTenRounds(String counter, String key, String output) {
    int[] c = words(counter);
    int[] k = words(key);
    assertArrayEquals(words(output), philox(c, k), "the test's own Philox");
    // The generator steps its counter before the first block.
    int[] before = c.clone();
    for (int i = 0; i < 4 && --before[i] == -1;)
      i++;
    UniformRandomProvider philox = new Philox4x32(new int[]{k[0], k[1], before[0], before[1], before[2], before[3]});
    for (int word : words(output))
      assertEquals(Integer.toHexString(word), Integer.toHexString(philox.nextInt()));
  }

  private static int[] words(String hex) {
    String[] parts = hex.trim().split(" ");
    int[] words = new int[parts.length];
    for (int i = 0; i < words.length; i++)
      words[i] = Integer.parseUnsignedInt(parts[i], 16);
    return words;
  }

  /** Philox4x32-10 as Salmon et al. 2011 define it. */
  private static int[] philox(int[] counter, int[] key) {
    int[] c = counter.clone();
    int k0 = key[0];
    int k1 = key[1];
    for (int round = 0; round < 10; round++) {
      long a = (c[0] & 0xffffffffL) * 0xD2511F53L;
      long b = (c[2] & 0xffffffffL) * 0xCD9E8D57L;
      c = new int[]{(int) (b >>> 32) ^ c[1] ^ k0, (int) b, (int) (a >>> 32) ^ c[3] ^ k1, (int) a};
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    return c;
  }

  @Test
  void shouldNumberBlocksByIndex() {
    NoiseKey key = new NoiseKey(0x123456789abcdefL, Purpose.MOMENTUM, 0xabcd, -7, 0x5a5);
    int last = Purpose.MOMENTUM.ordinal() << 27 | 0xabcd << 11 | 0x5a5;
    for (long index : new long[]{0, 1, 5, 0xfffffffeL, 0xffffffffL, 0x1_0000_0000L, 0x7_ffff_ffffL}) {
      UniformRandomProvider stream = key.from(index);
      for (long counter = index + 1; counter < index + 4; counter++)
        for (int word : philox(new int[]{(int) counter, (int) (counter >>> 32), -7, last},
            new int[]{0x89abcdef, 0x01234567}))
          assertEquals(word, stream.nextInt(), "counter " + counter + " from " + index);
    }
  }

  @Test
  void shouldMakeUniformsThatNeverVanish() {
    assertEquals(0x1p-53, NoiseKey.uniform(0, 0));
    assertEquals(1, NoiseKey.uniform(-1, -1));
    assertEquals(0.5 + 0x1p-53, NoiseKey.uniform(Integer.MIN_VALUE, 0));
  }

  @Test
  void shouldGiveEveryStreamItsOwnNumbers() {
    Set<List<Integer>> seen = new HashSet<>();
    int streams = 0;
    for (long seed : new long[]{1, 2, 1L << 32, -1})
      for (Purpose purpose : Purpose.values())
        for (int chain : new int[]{0, 1, 0xffff})
          for (int draw : new int[]{0, 1, 2, -1})
            for (int subStep : new int[]{0, 1, 0x7ff}) {
              UniformRandomProvider stream = new NoiseKey(seed, purpose, chain, draw, subStep).from(0);
              List<Integer> words = new ArrayList<>();
              for (int i = 0; i < 4; i++)
                words.add(stream.nextInt());
              seen.add(words);
              streams++;
            }
    assertEquals(streams, seen.size());
  }

  @Test
  void shouldRefuseWhatDoesNotFitTheCounter() {
    for (int chain : new int[]{-1, 0x10000})
      assertThrows(IllegalArgumentException.class, () -> new NoiseKey(1, Purpose.TEST, chain, 0, 0));
    for (int subStep : new int[]{-1, 0x800})
      assertThrows(IllegalArgumentException.class, () -> new NoiseKey(1, Purpose.TEST, 0, 0, subStep));
    assertTrue(Purpose.values().length <= 32);
  }

  @Test
  void shouldMakeStandardNormals() {
    System.out.println("normals: seed " + SEED);
    Mesh mesh = new Mesh(64, 64, 65, 1, 1, 1);
    float[] values = normals(Decomposition.even(mesh, 1, 1), new NoiseKey(SEED, Purpose.TEST));
    float[] other = normals(Decomposition.even(mesh, 1, 1), new NoiseKey(SEED, Purpose.TEST, 0, 1, 0));
    int n = values.length;
    double[] moments = new double[5];
    double[] correlations = new double[4];
    int tails = 0;
    int[] lags = {1, 65, 65 * 64};
    for (int i = 0; i < n; i++) {
      double x = values[i];
      for (int power = 1; power <= 4; power++)
        moments[power] += Math.pow(x, power) / n;
      for (int lag = 0; lag < 3; lag++)
        correlations[lag] += x * values[(i + lags[lag]) % n] / n;
      correlations[3] += x * other[i] / n;
      if (Math.abs(x) > 2)
        tails++;
    }
    // Five standard deviations of each estimate: moments of N(0, 1) have variance (E x^2p − (E x^p)²)/n.
    double sigma = 5 / Math.sqrt(n);
    assertEquals(0, moments[1], sigma, "mean");
    assertEquals(1, moments[2], sigma * Math.sqrt(2), "variance");
    assertEquals(0, moments[3], sigma * Math.sqrt(15), "skewness");
    assertEquals(3, moments[4], sigma * Math.sqrt(96), "kurtosis");
    for (double correlation : correlations)
      assertEquals(0, correlation, sigma, "correlation");
    double share = 0.04550026389635842;
    assertEquals(share, tails / (double) n, sigma * Math.sqrt(share * (1 - share)), "beyond two sigma");
  }

  @ParameterizedTest
  @CsvSource({"6,4,8", "5,7,9", "7,3,1", "4,6,2", "3,5,3"})
  void shouldNotDependOnTheLayout(int nx, int ny, int nz) {
    Mesh mesh = new Mesh(nx, ny, nz, 1, 1, 1);
    NoiseKey key = new NoiseKey(SEED, Purpose.TRUTH, 3, 4, 5);
    float[] expected = normals(Decomposition.even(mesh, 1, 1), key);
    assertNotEquals(expected[0], expected[1]);
    for (Decomposition d : List.of(Decomposition.even(mesh, 2, 1), Decomposition.even(mesh, 1, 3),
        Decomposition.even(mesh, 3, 2), new Decomposition(mesh, Split.of(1, nx - 1), Split.of(ny - 1, 1))))
      assertArrayEquals(expected, normals(d, key), d.toString());
  }

  private static float[] normals(Decomposition d, NoiseKey key) {
    Mesh mesh = d.mesh();
    float[] whole = new float[(int) mesh.size()];
    for (int rank = 0; rank < d.ranks(); rank++) {
      Kernels kernels = CoreKernels.of();
      try (Memory memory = kernels.memory()) {
        Block block = d.block(rank);
        Field.Floats field = memory.floats(block.size());
        kernels.vectors().normal(field, d, rank, key);
        for (int line = 0; line < block.lines(); line++) {
          int to = ((block.x0() + line / block.ny()) * mesh.ny() + block.y0() + line % block.ny()) * mesh.nz();
          memory.read(field, line * mesh.nz(), whole, to, mesh.nz());
        }
      }
    }
    return whole;
  }
}
