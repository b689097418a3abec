package org.halocline.sampler.distribution.vector;

import static org.halocline.sampler.ppl.Distributions.dirichlet;
import static org.halocline.sampler.ppl.Distributions.gamma;
import static org.halocline.sampler.ppl.Distributions.halfNormal;
import static org.halocline.sampler.ppl.Distributions.iid;
import static org.halocline.sampler.ppl.Distributions.multivariateNormal;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.ordered;
import static org.halocline.sampler.ppl.Distributions.simplex;
import static org.halocline.sampler.ppl.Distributions.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.special.Beta;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.support.Fixture;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class VectorDistributionTest {
  private static final double[][] COVARIANCE = {{2, 0.6, -0.3}, {0.6, 1, 0.2}, {-0.3, 0.2, 0.5}};
  private static final Tape TAPE = Tape.ofNumbers();

  /** Numbers of a given point, with the sum of their densities. */
  private static final class Given implements Latent.Coordinates {
    private final Scalar[] point;
    private int next;
    private Scalar logDensity = Scalar.constant(0);

    Given(Scalar... point) {
      this.point = point;
    }

    @Override
    public Scalar number(ScalarDistribution prior) {
      Scalar u = point[next++];
      logDensity = logDensity.plus(prior.logDensityUnconstrained(u));
      return prior.constrain(u);
    }

    @Override
    public Sharded noise(Mesh mesh) {
      throw new AssertionError("a vector has no field");
    }
  }

  private record Drawn(NoiseKey key, int[] next) implements Latent.Coordinates {
    @Override
    public Scalar number(ScalarDistribution prior) {
      return prior.constrain(
          Scalar.constant(prior.drawUnconstrained(new RandomNumbers(key, 64L * next[0]++))));
    }

    @Override
    public Sharded noise(Mesh mesh) {
      throw new AssertionError("a vector has no field");
    }
  }

  /** What has three numbers, and those of two coordinates. */
  static Stream<Latent<Vector>> all() {
    Vector mean = Vector.constant(0.5, -1, 0);
    return Stream.of(normal(mean, Vector.constant(1, 2, 0.3)), normal(mean, 0.5), iid(gamma(3, 2), 3),
        iid(gamma(3, 2), 3).centred(1), normal(mean, 0.1).centred(0.7), multivariateNormal(mean, COVARIANCE),
        ordered(normal(1, 3), 3), ordered(halfNormal(2), 3), ordered(uniform(-1, 4), 3), simplex(3),
        dirichlet(Vector.constant(0.4, 3, 11)));
  }

  private static int coordinates(Latent<Vector> distribution) {
    return distribution instanceof Dirichlet ? 2 : 3;
  }

  private static Scalar[] constants(double... numbers) {
    return Arrays.stream(numbers).mapToObj(Scalar::constant).toArray(Scalar[]::new);
  }

  private static double[] value(Latent<Vector> distribution, double[] u) {
    return distribution.sample(new Given(constants(u))).values();
  }

  /** log p(x) + log |det dx/du|, of as many x as there are coordinates. */
  @ParameterizedTest
  @MethodSource("all")
  void shouldCountTheJacobianOfItsMap(Latent<Vector> distribution) {
    int n = coordinates(distribution);
    Random random = new Random(7);
    System.out.println("seed 7");
    for (int trial = 0; trial < 4; trial++) {
      double[] u = random.doubles(n, -1.5, 1.5).toArray();
      double[][] jacobian = new double[n][n];
      double h = 1e-5;
      for (int i = 0; i < n; i++) {
        double[] up = u.clone();
        double[] down = u.clone();
        up[i] += h;
        down[i] -= h;
        for (int j = 0; j < n; j++)
          jacobian[j][i] = (value(distribution, up)[j] - value(distribution, down)[j]) / (2 * h);
      }
      double volume = new LUDecomposition(new Array2DRowRealMatrix(jacobian)).getDeterminant();
      Given given = new Given(constants(u));
      Vector x = distribution.sample(given);
      assertEquals(distribution.logDensity(x, TAPE).value() + Math.log(Math.abs(volume)), given.logDensity.value(),
          1e-7, distribution.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldDifferentiateByItsCoordinates(Latent<Vector> distribution) {
    differentiate(constants -> {
      Given given = new Given(constants);
      Vector x = distribution.sample(given);
      return given.logDensity.plus(x.dot(Vector.constant(1, -2, 3))).plus(distribution.logDensity(x, TAPE));
    }, new Random(9).doubles(coordinates(distribution), -1, 1).toArray());
  }

  private static void differentiate(Function<Scalar[], Scalar> function, double... at) {
    Tape tape = Tape.ofNumbers();
    Scalar[] leaves = Arrays.stream(at).mapToObj(tape::leaf).toArray(Scalar[]::new);
    tape.reverse(function.apply(leaves), List.of());
    double h = 1e-5;
    for (int i = 0; i < at.length; i++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += h;
      down[i] -= h;
      double difference = (function.apply(constants(up)).value() - function.apply(constants(down)).value()) / (2 * h);
      assertEquals(difference, leaves[i].cotangent(), 1e-7 * Math.max(1, Math.abs(difference)), "by " + i);
    }
  }

  @Test
  void shouldDifferentiateByParameters() {
    Vector x = Vector.constant(0.2, 0.3, 0.5);
    differentiate(a -> dirichlet(Vector.of(a)).logDensity(x, TAPE), 0.7, 2, 5);
    differentiate(m -> normal(Vector.of(m).slice(0, 3), Vector.of(m).slice(3, 6)).logDensity(x, TAPE), 0.7, 2, 5, 1,
        2, 0.5);
    differentiate(m -> normal(Vector.of(m).slice(0, 3), m[3]).logDensity(x, TAPE), 0.7, 2, 5, 1.4);
    differentiate(a -> {
      Given given = new Given(constants(0.3, -0.4));
      return dirichlet(Vector.of(a)).sample(given).dot(Vector.constant(3, 1, -2)).plus(given.logDensity);
    }, 0.7, 2, 5);
    differentiate(a -> multivariateNormal(Vector.of(a).slice(0, 3),
        LowerTriangle.cholesky(3, Vector.of(a).slice(3, 9))).logDensity(x, TAPE), 0.7, 2, 5, 2, 0.6, 1, -0.3, 0.2, 0.5);
    differentiate(a -> new LowerTriangle(3, Vector.of(a).slice(3, 9)).times(Vector.of(a).slice(0, 3))
        .dot(Vector.constant(3, 1, -2)), 0.7, 2, 5, 2, 0.6, 1, -0.3, 0.2, 0.5);
    differentiate(a -> new LowerTriangle(3, Vector.of(a).slice(3, 9)).solve(Vector.of(a).slice(0, 3))
        .dot(Vector.constant(3, 1, -2)), 0.7, 2, 5, 2, 0.6, 1, -0.3, 0.2, 0.5);
  }

  static List<Fixture> vectors() {
    return Fixture.rows("vectors");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldFindTheLogDensityOfAFixture(Fixture row) {
    double[] parameters = row.numbers(1);
    Latent<Vector> distribution = row.text(0).equals("dirichlet")
        ? dirichlet(Vector.constant(parameters))
        : multivariateNormal(Vector.constant(0.5, -1, 0),
            IntStream.range(0, 3).mapToObj(i -> Arrays.copyOfRange(parameters, 3 * i, 3 * i + 3))
                .toArray(double[][]::new));
    double log = distribution.logDensity(Vector.constant(row.numbers(2)), TAPE).value();
    assertEquals(row.number(3), log, 1e-12 * Math.max(1, Math.abs(log)));
  }

  @Test
  void shouldFactorACovariance() {
    LowerTriangle factor = LowerTriangle.cholesky(COVARIANCE);
    for (int i = 0; i < 3; i++) {
      double[] unit = new double[3];
      unit[i] = 1;
      // L Lᵀ e = Σ e: the column of Lᵀ e, times L.
      double[] column = new double[3];
      for (int j = 0; j <= i; j++)
        column[j] = factor.packed().values()[i * (i + 1) / 2 + j];
      assertArrayEquals(COVARIANCE[i], factor.times(Vector.constant(column)).values(), 1e-15);
      assertArrayEquals(unit, factor.solve(factor.times(Vector.constant(unit))).values(), 1e-15);
    }
  }

  private static double[][] draws(Latent<Vector> distribution, int count) {
    double[][] draws = new double[count][];
    for (int i = 0; i < count; i++)
      draws[i] = distribution.draw(new Drawn(new NoiseKey(3, NoiseKey.Purpose.TEST, 0, i, 0), new int[1])).values();
    return draws;
  }

  private static void expectUniform(double[] probabilities, String what) {
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++)
      distance = Math.max(distance, Math.abs(sorted[i] - (i + 0.5) / sorted.length));
    assertTrue(distance < 1.95 / Math.sqrt(sorted.length), what + ": Kolmogorov distance " + distance);
  }

  @Test
  void shouldDrawSharesWhoseMarginalsAreBeta() {
    double[] a = {0.4, 3, 11};
    double[][] draws = draws(dirichlet(Vector.constant(a)), 1500);
    for (int i = 0; i < 3; i++) {
      int at = i;
      expectUniform(Arrays.stream(draws).mapToDouble(x -> Beta.regularizedBeta(x[at], a[at], 14.4 - a[at])).toArray(),
          "share " + i);
    }
    for (double[] draw : draws)
      assertEquals(1, Arrays.stream(draw).sum(), 1e-14);
  }

  @Test
  void shouldDrawOrderStatistics() {
    double[][] draws = draws(ordered(uniform(2, 5), 4), 1500);
    for (int i = 0; i < 4; i++) {
      int at = i;
      expectUniform(
          Arrays.stream(draws).mapToDouble(x -> Beta.regularizedBeta((x[at] - 2) / 3, at + 1, 4 - at)).toArray(),
          "number " + i);
    }
  }

  @Test
  void shouldDrawWithTheCovarianceThatWasAskedFor() {
    double[][] draws = draws(multivariateNormal(Vector.constant(0.5, -1, 0), COVARIANCE), 4000);
    double[] mean = {0.5, -1, 0};
    for (int i = 0; i < 3; i++)
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (double[] draw : draws)
          sum += (draw[i] - mean[i]) * (draw[j] - mean[j]);
        double error = Math.sqrt((COVARIANCE[i][i] * COVARIANCE[j][j] + COVARIANCE[i][j] * COVARIANCE[i][j]) / 4000);
        assertEquals(COVARIANCE[i][j], sum / 4000, 4 * error, i + ", " + j);
      }
  }

  @Test
  void shouldHaveItsMiddleInTheMiddle() {
    assertArrayEquals(new double[]{0.25, 0.25, 0.25, 0.25}, value(simplex(4), new double[3]), 1e-15);
    assertArrayEquals(new double[]{0.1, 0.2, 0.7}, value(dirichlet(Vector.constant(1, 2, 7)), new double[2]), 1e-15);
    assertArrayEquals(new double[]{-1.5, -0.5, 0.5, 1.5}, value(ordered(normal(0, 1), 4), new double[4]), 1e-15);
  }

  @Test
  void shouldHaveNoDensityOutsideItsSupport() {
    for (double[] outside : new double[][]{{0.2, 0.3, 0.6}, {0, 0.5, 0.5}, {-0.5, 1, 0.5}})
      assertEquals(Double.NEGATIVE_INFINITY, simplex(3).logDensity(Vector.constant(outside), TAPE).value());
    assertEquals(Double.NEGATIVE_INFINITY,
        ordered(normal(0, 1), 3).logDensity(Vector.constant(0, 2, 1), TAPE).value());
  }

  @Test
  void shouldRefuseInWords() {
    List<String> messages = new ArrayList<>();
    for (Runnable bad : List.<Runnable>of(() -> normal(Vector.constant(1, 2), Vector.constant(1)),
        () -> normal(Vector.constant(1, 2), Vector.constant(1, -1)), () -> simplex(1),
        () -> ordered(normal(0, 1), 0), () -> multivariateNormal(Vector.constant(1), COVARIANCE),
        () -> LowerTriangle.cholesky(new double[][]{{1, 2}, {2, 1}}),
        () -> LowerTriangle.cholesky(new double[][]{{1, 0.5}, {0.4, 1}}),
        () -> LowerTriangle.cholesky(new double[][]{{1, 0.5}, {0.5}}),
        () -> LowerTriangle.cholesky(new double[][]{{1, 0.5, 3}, {0.5, 1, 3}}),
        () -> LowerTriangle.of(new double[][]{{1}, {2, 0}}), () -> new LowerTriangle(2, Vector.constant(1, 2)),
        () -> simplex(3).centred(1), () -> iid(normal(0, 1), 2).centred(2),
        () -> iid(normal(0, 1), 2).misfit(Vector.constant(1), TAPE),
        () -> ordered(normal(0, 1), 2).misfit(Vector.constant(1), TAPE)))
      messages.add(assertThrows(IllegalArgumentException.class, bad::run).getMessage());
    assertEquals(List.of("normal has 2 means but 1 standard deviations",
        "normal needs a positive standard deviation, but it is -1.0",
        "dirichlet needs at least two concentrations, but there are 1",
        "ordered needs at least one number, but its size is 0",
        "multivariate-normal has 1 means but a covariance of 3 rows",
        "the covariance is not positive definite: pivot 2 of 2 is -3.0",
        "a covariance is symmetric, but numbers (2, 1) and (1, 2) are 0.4 and 0.5",
        "row 2 of a matrix of 2 rows has 1 numbers", "a covariance is square, but row 1 of 2 has 3 numbers",
        "a Cholesky factor needs a positive diagonal, but number 2 of it is 0.0",
        "a triangle of 2 rows has 3 numbers, but 2 are given", "Dirichlet has no centred coordinates",
        "a share of centring lies between 0 and 1, but it is 2.0", "a vector of 1 numbers where 2 are distributed",
        "a vector of 1 numbers where 2 are distributed"), messages);
    assertThrows(OutsideSupportException.class,
        () -> LowerTriangle.cholesky(2, Tape.ofNumbers().leaf(new double[]{1, 2, 1})));
  }
}
