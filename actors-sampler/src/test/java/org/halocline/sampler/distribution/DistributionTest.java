package org.halocline.sampler.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.interval.Beta;
import org.halocline.sampler.distribution.interval.TruncatedNormal;
import org.halocline.sampler.distribution.interval.Uniform;
import org.halocline.sampler.distribution.scalar.Cauchy;
import org.halocline.sampler.distribution.scalar.Exponential;
import org.halocline.sampler.distribution.scalar.Gamma;
import org.halocline.sampler.distribution.scalar.HalfCauchy;
import org.halocline.sampler.distribution.scalar.HalfNormal;
import org.halocline.sampler.distribution.scalar.InverseGamma;
import org.halocline.sampler.distribution.scalar.Laplace;
import org.halocline.sampler.distribution.scalar.LogNormal;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.distribution.scalar.StudentT;
import org.halocline.sampler.prior.DistributionParser.BadDistributionException;
import org.halocline.sampler.prior.DistributionParser;
import org.halocline.sampler.tape.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class DistributionTest {

  static Stream<ScalarDistribution> all() {
    return Stream.of(new Uniform(0.1, 0.5), new Uniform(-3, 7), new Normal(0.3, 0.05), new Normal(-2, 3),
        new TruncatedNormal(0.3, 0.1, 0.1, 0.5), new TruncatedNormal(5, 0.5, 0, 1), new TruncatedNormal(-4, 1, 3, 4),
        new TruncatedNormal(0, 2, -1, 6), new LogNormal(0.2, 0.5), new HalfNormal(3), new Cauchy(1, 2),
        new HalfCauchy(5), new StudentT(0.8, 0, 1), new StudentT(3, -1, 0.5), new StudentT(150, 2, 3),
        new Exponential(0.2), new Gamma(0.3, 2), new Gamma(1, 1), new Gamma(7.5, 0.1), new Gamma(300, 3),
        new InverseGamma(0.5, 2), new InverseGamma(6, 0.3), new Beta(1, 1), new Beta(0.5, 2), new Beta(40, 9),
        new Laplace(-2, 0.7), new Gamma(4, 2).centred(1), new Normal(3, 0.2).centred(0.5),
        new LogNormal(1, 0.5).centred(1), new StudentT(4, 1, 2).centred(1), new HalfNormal(0.5).centred(0.25));
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldIntegrateToOneOnTheRealLine(ScalarDistribution distribution) {
    double sum = 0;
    double step = 0.002;
    for (double u = -45; u < 45; u += step)
      sum += step * StrictMath.exp(distribution.logDensityUnconstrained(Scalar.constant(u)).value());
    assertEquals(1, sum, 1e-6, distribution.text());
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldAddTheLogJacobianOfItsMap(ScalarDistribution distribution) {
    for (double u = -3; u < 3; u += 0.37) {
      double h = 1e-5;
      double slope = (distribution.constrain(Scalar.constant(u + h)).value()
          - distribution.constrain(Scalar.constant(u - h)).value()) / (2 * h);
      double x = distribution.constrain(Scalar.constant(u)).value();
      assertEquals(distribution.logDensity(Scalar.constant(x)).value() + Math.log(slope),
          distribution.logDensityUnconstrained(Scalar.constant(u)).value(), 1e-5, distribution.text() + " at " + u);
      assertEquals(u, distribution.unconstrain(x), 1e-9, distribution.text());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldDrawFromItself(ScalarDistribution distribution) {
    int count = 1000;
    double[] table = table(distribution);
    double[] uniform = new double[count];
    for (int i = 0; i < count; i++) {
      double u = distribution.drawUnconstrained(new RandomNumbers(new NoiseKey(3, NoiseKey.Purpose.TEST), 100L * i));
      double x = distribution.constrain(Scalar.constant(u)).value();
      uniform[i] = table[(int) Math.round((distribution.unconstrain(x) + 40) / 0.005)];
    }
    java.util.Arrays.sort(uniform);
    double distance = 0;
    for (int i = 0; i < count; i++)
      distance = Math.max(distance, Math.abs(uniform[i] - (i + 0.5) / count));
    assertTrue(distance < 1.95 / Math.sqrt(count) + 0.002, distribution.text() + ": Kolmogorov distance " + distance);
  }

  /** Mass below each point of a grid from −40 to 40. */
  private static double[] table(ScalarDistribution distribution) {
    double[] table = new double[16001];
    for (int i = 1; i < table.length; i++)
      table[i] = table[i - 1]
          + 0.005
              * StrictMath.exp(distribution.logDensityUnconstrained(Scalar.constant(-40 + (i - 0.5) * 0.005)).value());
    return table;
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldStayFiniteFarOut(ScalarDistribution distribution) {
    for (double u : new double[]{-700, -50, 50, 700}) {
      boolean positive = distribution.bounds().isEmpty() && distribution.ends()[0] >= 0;
      Scalar point = Scalar.constant(positive ? u / 10 : u);
      assertTrue(Double.isFinite(distribution.logDensityUnconstrained(point).value()),
          distribution.text() + " at " + u);
      double x = distribution.constrain(point).value();
      assertTrue(Double.isFinite(distribution.logDensity(Scalar.constant(x)).value()),
          distribution.text() + " at " + x);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform(0.1, 0.5)", " normal( 0.3 ,0.05)", "truncated-normal(0.3, 0.1, 0.1, 0.5)",
      "log-normal(-1.5e-1, +.5)", "half-normal(2)", "cauchy(-1, 2)", "half-cauchy(5)", "student-t(3, 0, 1)",
      "exponential(0.5)", "gamma(2, 3)", "inverse-gamma(2, 3)", "beta(0.5, 4)", "laplace(0, 2)"})
  void shouldReadWhatItWrites(String text) throws BadDistributionException {
    ScalarDistribution once = DistributionParser.parse(text);
    assertEquals(once.text(), DistributionParser.parse(once.text()).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "uniform", "uniform(0.1)", "uniform(0.5, 0.1)", "uniform(1, 1)", "normal(0, 0)",
      "normal(0, -1)", "normal(NaN, 1)", "weibull(1, 2)", "gamma(1, 0)", "beta(0, 1)", "student-t(0, 0, 1)",
      "half-normal(-1)", "poisson(3)", "exponential()", "uniform(0.1, 0.5) extra", "uniform(0.1 0.5)",
      "uniform(1e999, 2)", "log-normal(0, 0)", "truncated-normal(0, 1, 2, 1)", "truncated-normal(0,1,2)",
      "uniform(,)", "uniform(0x1p3, 20)", "uniform(-1e308, 1.7e308)", "truncated-normal(0, 1e-200, 1e200, 2e200)"})
  void shouldRefuseInWords(String text) {
    BadDistributionException refusal = assertThrows(BadDistributionException.class,
        () -> DistributionParser.parse(text));
    assertTrue(refusal.getMessage().length() > 20, refusal.getMessage());
  }

  @Test
  void shouldNeverThrowAnythingElseOnGarbage() {
    long seed = 11;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String letters = "uniformal-tcgd(),. 0123456789eE+-\tλ\"";
    String[] seeds = {"uniform(0.1, 0.5)", "truncated-normal(0.3, 0.1, 0.1, 0.5)", "normal(1,2)"};
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder(seeds[random.nextInt(seeds.length)]);
      for (int edits = random.nextInt(6); edits >= 0; edits--)
        text.setCharAt(random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
      try {
        ScalarDistribution read = DistributionParser.parse(text.toString());
        assertTrue(Double.isFinite(read.logDensityUnconstrained(Scalar.constant(0)).value()), text.toString());
      } catch (BadDistributionException expected) {
        assertTrue(!expected.getMessage().isBlank());
      }
    }
  }
}
