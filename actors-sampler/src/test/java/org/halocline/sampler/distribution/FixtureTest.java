package org.halocline.sampler.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.count.Binomial;
import org.halocline.sampler.distribution.count.Poisson;
import org.halocline.sampler.distribution.interval.Beta;
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
import org.halocline.sampler.support.Fixture;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against numbers that {@code densities.py} found with mpmath and scipy. */
@Timeout(300)
class FixtureTest {
  private static final double TOLERANCE = 2e-12;
  private static final Map<String, Function<Scalar[], Distribution<Scalar>>> ALL = Map.ofEntries(
      Map.entry("normal", p -> new Normal(p[0], p[1])), Map.entry("half-normal", p -> new HalfNormal(p[0])),
      Map.entry("log-normal", p -> new LogNormal(p[0], p[1])), Map.entry("cauchy", p -> new Cauchy(p[0], p[1])),
      Map.entry("half-cauchy", p -> new HalfCauchy(p[0])),
      Map.entry("student-t", p -> new StudentT(p[0], p[1], p[2])),
      Map.entry("exponential", p -> new Exponential(p[0])), Map.entry("gamma", p -> new Gamma(p[0], p[1])),
      Map.entry("inverse-gamma", p -> new InverseGamma(p[0], p[1])), Map.entry("beta", p -> new Beta(p[0], p[1])),
      Map.entry("laplace", p -> new Laplace(p[0], p[1])), Map.entry("poisson", p -> new Poisson(p[0])),
      Map.entry("binomial", p -> Binomial.of((int) p[0].value(), p[1])));

  static List<Fixture> densities() {
    return Fixture.rows("densities");
  }

  static List<Fixture> quantiles() {
    return Fixture.rows("quantiles");
  }

  private static void close(double expected, double found, String what) {
    assertEquals(expected, found, TOLERANCE * Math.max(1, Math.abs(expected)), what);
  }

  @ParameterizedTest
  @MethodSource("densities")
  void shouldFindLogDensityAndDerivatives(Fixture row) {
    Tape tape = Tape.ofNumbers();
    Scalar[] parameters = Arrays.stream(row.numbers(1)).mapToObj(tape::leaf).toArray(Scalar[]::new);
    Scalar x = tape.leaf(row.number(2));
    Distribution<Scalar> distribution = ALL.get(row.text(0)).apply(parameters);
    Scalar log = distribution.logDensity(x, tape);
    close(row.number(3), log.value(), "log density");
    tape.reverse(log, List.of());
    close(row.number(4), x.cotangent(), "by x");
    double[] slopes = row.numbers(5);
    for (int i = 0; i < slopes.length; i++)
      close(slopes[i], parameters[i].cotangent(), "by parameter " + i);
  }

  /** Derivatives by parameters of the density on the real line: x(u) moves with them. */
  @ParameterizedTest
  @MethodSource("densities")
  void shouldDifferentiateOnTheRealLine(Fixture row) {
    double[] parameters = row.numbers(1);
    if (!(distribution(row, parameters) instanceof ScalarDistribution))
      return;
    double[] at = Arrays.copyOf(parameters, parameters.length + 1);
    at[parameters.length] = 0.7;
    Tape tape = Tape.ofNumbers();
    Scalar[] leaves = Arrays.stream(at).mapToObj(tape::leaf).toArray(Scalar[]::new);
    tape.reverse(onTheRealLine(row, leaves), List.of());
    for (int i = 0; i < at.length; i++) {
      double h = 1e-5 * Math.max(1, Math.abs(at[i]));
      if (at[i] - h <= 0 && i < parameters.length && parameters[i] > 0)
        h = 1e-3 * at[i];
      double[] sides = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = at.clone();
        moved[i] += side == 0 ? h : -h;
        sides[side] = onTheRealLine(row, Arrays.stream(moved).mapToObj(Scalar::constant).toArray(Scalar[]::new))
            .value();
      }
      double difference = (sides[0] - sides[1]) / (2 * h);
      assertEquals(difference, leaves[i].cotangent(), 1e-5 * Math.max(1, Math.abs(difference)), row + " by " + i);
    }
  }

  private static Distribution<Scalar> distribution(Fixture row, double[] parameters) {
    return ALL.get(row.text(0)).apply(Arrays.stream(parameters).mapToObj(Scalar::constant).toArray(Scalar[]::new));
  }

  /** The density and, so that the map counts, a little of the value. */
  private static Scalar onTheRealLine(Fixture row, Scalar[] at) {
    ScalarDistribution distribution = (ScalarDistribution) ALL.get(row.text(0)).apply(at);
    Scalar u = at[at.length - 1];
    return distribution.logDensityUnconstrained(u).plus(distribution.constrain(u).times(0.1))
        .plus(distribution.centred(0.5).logDensityUnconstrained(u))
        .plus(distribution.centred(1).constrain(u).times(1e-3));
  }

  @ParameterizedTest
  @MethodSource("quantiles")
  void shouldDrawAsOftenBelowAQuantileAsItSays(Fixture row) {
    ScalarDistribution distribution = (ScalarDistribution) distribution(row, row.numbers(1));
    int count = 4000;
    int below = 0;
    for (int i = 0; i < count; i++) {
      RandomNumbers numbers = new RandomNumbers(new NoiseKey(19, NoiseKey.Purpose.TEST), 64L * i);
      double x = distribution.constrain(Scalar.constant(distribution.drawUnconstrained(numbers))).value();
      below += x < row.number(3) ? 1 : 0;
    }
    double p = row.number(2);
    double score = (below - count * p) / Math.sqrt(count * p * (1 - p));
    assertTrue(Math.abs(score) < 4, row + ": z score " + score);
  }

  @Test
  void shouldTellAnErrorOfTheProgramFromAPointWithoutDensity() {
    Scalar impossible = Tape.ofNumbers().leaf(-1.0);
    assertEquals("gamma needs a positive shape, but it is -1.0",
        assertThrows(IllegalArgumentException.class, () -> new Gamma(-1, 1)).getMessage());
    assertEquals("gamma needs a positive shape, but it is -1.0", assertThrows(OutsideSupportException.class,
        () -> new Gamma(impossible, Scalar.constant(1))).getMessage());
    assertThrows(OutsideSupportException.class, () -> Binomial.of(3, impossible));
    assertThrows(IllegalArgumentException.class, () -> Binomial.of(3, Scalar.constant(1.5)));
    assertThrows(IllegalArgumentException.class, () -> Binomial.of(-3, Scalar.constant(0.5)));
  }

  @Test
  void shouldRefuseCountsThatAreNone() {
    Tape tape = Tape.ofNumbers();
    assertEquals("the count 2.5 is no whole number from 0 on", assertThrows(IllegalArgumentException.class,
        () -> new Poisson(3).misfit(Scalar.constant(2.5), tape)).getMessage());
    assertEquals("the count 4.0 is no whole number from 0 to 3", assertThrows(IllegalArgumentException.class,
        () -> Binomial.of(3, Scalar.constant(0.5)).misfit(Scalar.constant(4), tape)).getMessage());
    assertEquals(0, new Poisson(0).logDensity(Scalar.constant(0), tape).value(), 1e-300);
    assertEquals(Double.NEGATIVE_INFINITY, new Poisson(0).logDensity(Scalar.constant(2), tape).value());
    assertEquals(0, Binomial.of(3, Scalar.constant(1)).logDensity(Scalar.constant(3), tape).value(), 1e-300);
  }

  @Test
  void shouldTakeOddsAsProbabilities() {
    Tape tape = Tape.ofNumbers();
    Scalar odds = Scalar.constant(StrictMath.log(0.3 / 0.7));
    assertEquals(Binomial.of(7, Scalar.constant(0.3)).logDensity(Scalar.constant(2), tape).value(),
        Binomial.ofLogOdds(7, odds).logDensity(Scalar.constant(2), tape).value(), 1e-14);
    assertEquals(-50, Binomial.ofLogOdds(1, Scalar.constant(50)).logDensity(Scalar.constant(0), tape).value(), 1e-13);
  }
}
