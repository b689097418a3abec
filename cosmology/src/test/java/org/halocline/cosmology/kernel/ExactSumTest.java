package org.halocline.cosmology.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The 128-bit sum against exact arithmetic. */
@Timeout(300)
class ExactSumTest {
  private static final BigDecimal QUANTA = new BigDecimal(BigInteger.ONE.shiftLeft(64));

  private static BigDecimal quanta(double term) {
    return new BigDecimal(new BigDecimal(term).multiply(QUANTA).toBigInteger());
  }

  private static double exactly(double... terms) {
    BigDecimal total = BigDecimal.ZERO;
    for (double term : terms)
      total = total.add(quanta(term));
    return total.divide(QUANTA).doubleValue();
  }

  private static double sum(double... terms) {
    ExactSum sum = new ExactSum();
    for (double term : terms)
      sum.add(term);
    return sum.value();
  }

  private static long[] words(double... terms) {
    ExactSum sum = new ExactSum();
    for (double term : terms)
      sum.add(term);
    long[] words = new long[ExactSum.WORDS];
    sum.store(words, 0);
    return words;
  }

  private static double[] terms(SplittableRandom random, int count, double least, double largest) {
    double[] terms = new double[count];
    for (int i = 0; i < count; i++) {
      double exponent = least + (largest - least) * random.nextDouble();
      terms[i] = (random.nextBoolean() ? 1 : -1) * StrictMath.pow(10, exponent);
    }
    return terms;
  }

  private static void shuffle(double[] terms, SplittableRandom random) {
    for (int i = terms.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double kept = terms[i];
      terms[i] = terms[j];
      terms[j] = kept;
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, 1, -1, 0.5, -0.5, 1e-25, -1e-25, 0x1p-64, -0x1p-64, 0x1.8p-64, -0x1.8p-64, -1e-10,
      1e-10, -1e-14, 1.0 / 3, -1.0 / 3, -2.0 / 3, 1e18, -1e18, -0x1.fffffffffffffp61, 0x1.fffffffffffffp61,
      -0x1.0000000000001p0, Double.MIN_VALUE, -Double.MIN_VALUE, 0x1.fffffffffffffp-1, -0x1.fffffffffffffp-1})
  void shouldHoldOneTerm(double term) {
    assertEquals(exactly(term), sum(term) + 0.0);
    assertEquals(exactly(-term), sum(-term) + 0.0);
    assertEquals(0, sum(term, -term));
  }

  @Test
  void shouldAddAsExactArithmetic() {
    SplittableRandom random = Seeds.random("terms", 101);
    for (int round = 0; round < 2000; round++) {
      double least = -25 + 40 * random.nextDouble();
      double[] terms = terms(random, 1 + random.nextInt(60), least, Math.min(17.5, least + 20 * random.nextDouble()));
      assertEquals(exactly(terms), sum(terms) + 0.0, () -> "terms " + java.util.Arrays.toString(terms));
    }
  }

  @Test
  void shouldNotLoseSmallNegativeTotals() {
    assertEquals(exactly(-1e-14), sum(1e6, -1e6, -1e-14));
    assertEquals(-sum(1e-12, 3e-13), sum(-1e-12, -3e-13));
  }

  @Test
  void shouldNotDependOnOrderOrGrouping() {
    SplittableRandom random = Seeds.random("order", 102);
    for (int round = 0; round < 500; round++) {
      double[] terms = terms(random, 40, -25, 18.6);
      long[] expected = words(terms);
      shuffle(terms, random);
      assertArrayEquals(expected, words(terms));
      int cut = random.nextInt(41);
      ExactSum left = new ExactSum();
      ExactSum right = new ExactSum();
      for (int i = 0; i < 40; i++)
        (i < cut ? left : right).add(terms[i]);
      long[] stored = new long[2 * ExactSum.WORDS];
      right.store(stored, ExactSum.WORDS);
      ExactSum byWords = new ExactSum();
      byWords.add(left);
      byWords.addStored(stored, ExactSum.WORDS);
      byWords.store(stored, 0);
      assertArrayEquals(expected, java.util.Arrays.copyOf(stored, ExactSum.WORDS));
      left.add(right);
      assertEquals(byWords.value(), left.value());
    }
  }

  @Test
  void shouldComeBackFromBeyondItsRangeInAnyOrder() {
    double big = 0x1.8p61;
    double[] terms = {big, big, big, -big, -big, -big, 0.25, -big, -big, -big, -big, big, big, big, big};
    SplittableRandom random = Seeds.random("range", 103);
    for (int round = 0; round < 200; round++) {
      assertEquals(0.25, sum(terms), "round " + round);
      shuffle(terms, random);
    }
    assertTrue(Double.isNaN(sum(big, big, big)), "2^63 is out of range");
    assertTrue(Double.isNaN(sum(-big, -big, -big)), "-2^63 and less is out of range");
    ExactSum halves = new ExactSum();
    halves.add(big);
    halves.add(big);
    halves.add(big);
    ExactSum back = new ExactSum();
    back.add(-big);
    back.add(-big);
    halves.add(back);
    assertEquals(big, halves.value());
  }

  @Test
  void shouldCarryBetweenItsWords() {
    assertEquals(1, sum(0x1p-64, 1 - 0x1p-53, 0x1p-53, -0x1p-64));
    assertEquals(0, sum(-0x1p-64, 1, -1, 0x1p-64));
    double[] quarters = new double[4001];
    java.util.Arrays.fill(quarters, -0.25);
    quarters[4000] = 1000;
    assertEquals(0, sum(quarters));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1p62, -0x1p62, 1e300})
  void shouldBePoisonedForGood(double term) {
    assertTrue(Double.isNaN(sum(term)));
    assertTrue(Double.isNaN(sum(1, term, 2)));
    long[] words = words(term);
    ExactSum other = new ExactSum();
    other.add(3);
    other.addStored(words, 0);
    other.addStored(words, 0);
    assertTrue(Double.isNaN(other.value()));
    other.addStored(words(5), 0);
    assertTrue(Double.isNaN(other.value()));
    other.clear();
    other.add(7);
    assertEquals(7, other.value());
  }
}
