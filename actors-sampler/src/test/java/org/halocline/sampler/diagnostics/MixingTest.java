package org.halocline.sampler.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class MixingTest {
  private static final long SEED = 4;

  /** Draws and answers of ArviZ 0.21. */
  @ParameterizedTest
  @ValueSource(strings = {"independent", "slow", "apart", "ties", "antithetic", "cauchy", "one-chain"})
  void shouldAgreeWithArviz(String name) throws IOException {
    double[][] draws = lines(name + ".csv").map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble)
        .toArray()).toArray(double[][]::new);
    double[] expected = lines("expected.csv").filter(line -> line.startsWith(name + ",")).findFirst().map(
        line -> Arrays.stream(line.split(",")).skip(1).mapToDouble(Double::parseDouble).toArray()).orElseThrow();
    if (draws.length > 1)
      assertEquals(expected[0], Mixing.rHat(draws), 1e-9 * expected[0]);
    assertEquals(expected[1], Mixing.bulkSize(draws), 1e-8 * expected[1]);
    assertEquals(expected[2], Mixing.tailSize(draws), 1e-8 * expected[2]);
    assertEquals(expected[3], Mixing.energyFraction(draws[0]), 1e-9 * expected[3]);
  }

  @Test
  void shouldFindTheAnalyticSizeOfAutoregressiveDraws() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    double phi = 0.6;
    double[][] draws = new double[4][20000];
    for (double[] chain : draws) {
      double x = random.nextGaussian();
      for (int i = 0; i < chain.length; i++) {
        x = phi * x + Math.sqrt(1 - phi * phi) * random.nextGaussian();
        chain[i] = x;
      }
    }
    double expected = 80000 * (1 - phi) / (1 + phi);
    assertEquals(expected, Mixing.bulkSize(draws), 0.06 * expected);
    assertEquals(1, Mixing.rHat(draws), 2e-3);
  }

  @Test
  void shouldSeeOneStuckChain() {
    Random random = new Random(SEED);
    double[][] draws = new double[4][100];
    for (int chain = 0; chain < 4; chain++)
      for (int i = 0; i < 100; i++)
        draws[chain][i] = random.nextGaussian() + (chain == 2 ? 4 : 0);
    assertTrue(Mixing.rHat(draws) > 1.5, "R̂ = " + Mixing.rHat(draws));
  }

  @Test
  void shouldAnswerNothingForTooFewOrBrokenDraws() {
    assertTrue(Double.isNaN(Mixing.rHat(new double[][]{{1, 2, 3}, {1, 2, 3}})));
    assertTrue(Double.isNaN(Mixing.bulkSize(new double[][]{{1, 2, 3, Double.NaN, 4}})));
    assertEquals(10, Mixing.bulkSize(new double[][]{{1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}}), 2);
  }

  @Test
  void shouldInterpolateQuantilesLinearly() {
    assertEquals(2.2, Moments.quantile(new double[]{4, 1, 3, 2}, 0.4), 1e-12);
  }

  private java.util.stream.Stream<String> lines(String file) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/diagnostics/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
    }
  }
}
