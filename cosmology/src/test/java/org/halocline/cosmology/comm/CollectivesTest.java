package org.halocline.cosmology.comm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Domains;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums, maxima, broadcasts and gathers over one to six ranks. */
@Timeout(300)
class CollectivesTest {
  private static Decomposition ranks(int count) {
    return Decomposition.even(new Mesh(6, 6, 2, 1, 1, 1), count, 1);
  }

  private interface Program<T> {
    T run(int rank, Collectives collectives) throws Exception;
  }

  private static <T> List<T> run(int ranks, Program<T> program) throws Exception {
    return Domains.run(ranks(ranks), (rank, port) -> {
      try (Arena arena = Arena.ofShared()) {
        return program.run(rank, new Collectives(port, arena));
      }
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void shouldSumExactlyOnEveryRank(int ranks) throws Exception {
    SplittableRandom random = Seeds.random("sums", 7);
    double[][] terms = new double[ranks][30];
    ExactSum[] expected = {new ExactSum(), new ExactSum(), new ExactSum()};
    for (double[] own : terms)
      for (int i = 0; i < own.length; i++) {
        own[i] = (random.nextDouble() - 0.5) * StrictMath.pow(10, random.nextInt(-15, 12));
        expected[i % 3].add(own[i]);
      }
    List<double[]> totals = run(ranks, (rank, collectives) -> {
      ExactSum[] sums = {new ExactSum(), new ExactSum(), new ExactSum()};
      for (int i = 0; i < 30; i++)
        sums[i % 3].add(terms[rank][i]);
      collectives.sum(sums);
      return new double[]{sums[0].value(), sums[1].value(), sums[2].value()};
    });
    for (double[] found : totals)
      assertArrayEquals(new double[]{expected[0].value(), expected[1].value(), expected[2].value()}, found);
  }

  @Test
  void shouldPoisonASumOnEveryRank() throws Exception {
    for (double found : run(3, (rank, collectives) -> {
      ExactSum sum = new ExactSum();
      sum.add(rank == 2 ? Double.NaN : 1);
      collectives.sum(sum);
      return sum.value();
    }))
      assertTrue(Double.isNaN(found));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void shouldFindTheLargestOnEveryRank(int ranks) throws Exception {
    for (double[] found : run(ranks, (rank, collectives) -> {
      double[] values = {rank, -rank - 1, rank == ranks - 1 ? Double.NaN : rank, rank == 0 ? Double.NaN : 1,
          rank == ranks / 2 ? Double.POSITIVE_INFINITY : 0};
      collectives.max(values);
      double[] one = {10.0 * rank};
      collectives.max(one);
      return new double[]{values[0], values[1], values[2], values[3], values[4], one[0]};
    }))
      assertArrayEquals(
          new double[]{ranks - 1, -1, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 10.0 * (ranks - 1)}, found);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void shouldBroadcastAndGatherAnyLength(int ranks) throws Exception {
    List<Boolean> done = run(ranks, (rank, collectives) -> {
      for (int length : new int[]{1, 3, 5000, 2, 700, 0, 9000}) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++)
          values[i] = rank == 0 ? i + 0.5 : Double.NaN;
        collectives.broadcast(values);
        for (int i = 0; i < length; i++)
          assertEquals(i + 0.5, values[i]);
        int[] lengths = new int[ranks];
        for (int peer = 0; peer < ranks; peer++)
          lengths[peer] = (peer * 1543 + length) % 6001;
        double[] own = new double[lengths[rank]];
        java.util.Arrays.setAll(own, i -> 1000 * rank + i);
        double[][] all = collectives.gather(own, lengths);
        assertEquals(rank == 0 ? ranks : 0, all.length);
        for (int peer = 0; peer < all.length; peer++) {
          assertEquals(lengths[peer], all[peer].length);
          for (int i = 0; i < lengths[peer]; i++)
            assertEquals(1000 * peer + i, all[peer][i]);
        }
      }
      return true;
    });
    assertEquals(ranks, done.size());
  }

  @Test
  void shouldKeepTheBitsOfSignedZerosAndNaNs() throws Exception {
    double odd = Double.longBitsToDouble(0x7ff8_0000_dead_beefL);
    for (double[] found : run(3, (rank, collectives) -> {
      double[] values = rank == 0 ? new double[]{-0.0, odd, Double.MIN_VALUE} : new double[3];
      collectives.broadcast(values);
      return values;
    })) {
      assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(found[0]));
      assertEquals(Double.doubleToRawLongBits(odd), Double.doubleToRawLongBits(found[1]));
      assertEquals(Double.MIN_VALUE, found[2]);
    }
  }
}
