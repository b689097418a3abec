package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.beta;
import static org.halocline.sampler.ppl.Distributions.binomial;
import static org.halocline.sampler.ppl.Distributions.cauchy;
import static org.halocline.sampler.ppl.Distributions.dirichlet;
import static org.halocline.sampler.ppl.Distributions.exponential;
import static org.halocline.sampler.ppl.Distributions.gamma;
import static org.halocline.sampler.ppl.Distributions.halfCauchy;
import static org.halocline.sampler.ppl.Distributions.halfNormal;
import static org.halocline.sampler.ppl.Distributions.inverseGamma;
import static org.halocline.sampler.ppl.Distributions.laplace;
import static org.halocline.sampler.ppl.Distributions.multivariateNormal;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.ordered;
import static org.halocline.sampler.ppl.Distributions.poisson;
import static org.halocline.sampler.ppl.Distributions.studentT;
import static org.halocline.sampler.ppl.Distributions.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.halocline.sampler.hmc.Sampled;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Handlers;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.support.Solo;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of the language against what is known of their posteriors. */
@Timeout(600)
class ExamplesTest {

  private static void report(Sampled sampled, Map<String, Double> expected) {
    expected.forEach((name, mean) -> {
      double score = sampled.score(name, mean);
      System.out.printf("%s: %.4f, known %.4f, z score %.2f%n", name, sampled.mean(name), mean, score);
      assertTrue(Math.abs(score) < 4, name + ": z score " + score);
    });
    assertTrue(sampled.rHat() < 1.03, "R̂ = " + sampled.rHat());
  }

  /** Posterior means of μ, log τ and θ, by Gaussian integrals at each τ and a sum over log τ. */
  private static Map<String, Double> schools(EightSchools schools) {
    double weights = 0;
    Map<String, Double> means = new TreeMap<>();
    for (double log = -25; log < 9; log += 0.005) {
      double tau = Math.exp(log);
      double precision = 1 / 25.0;
      double pull = 0;
      double logDensity = log - Math.log1p(tau * tau / 25);
      for (int j = 0; j < 8; j++) {
        double effect = schools.effects()[j];
        double variance = schools.errors()[j] * schools.errors()[j] + tau * tau;
        precision += 1 / variance;
        pull += effect / variance;
        logDensity -= 0.5 * Math.log(variance) + 0.5 * effect * effect / variance;
      }
      double mu = pull / precision;
      double weight = Math.exp(logDensity + 0.5 * pull * mu - 0.5 * Math.log(precision) + 40);
      weights += weight;
      means.merge("mu", weight * mu, Double::sum);
      means.merge("log_tau", weight * log, Double::sum);
      for (int j = 0; j < 8; j++) {
        double share = tau * tau / (tau * tau + schools.errors()[j] * schools.errors()[j]);
        means.merge("theta." + (j + 1), weight * (mu + share * (schools.effects()[j] - mu)), Double::sum);
      }
    }
    double all = weights;
    means.replaceAll((_, sum) -> sum / all);
    return means;
  }

  @Test
  void shouldFindTheEffectsOfEightSchools() {
    Map<String, Double> known = schools(new EightSchools());
    assertEquals(4.4, known.get("mu"), 0.1); // as published
    report(Sampled.of(new EightSchools(), 31, 4, 300, 1500), known);
    report(Sampled.of(centred(new EightSchools(), 0.5), 32, 4, 500, 2500), known);
  }

  private static Model centred(EightSchools schools, double share) {
    return Handlers.centre(schools, site -> site.name().equals("theta"), share);
  }

  /** The centred program of few data has a funnel whose neck no step size reaches; of many data it is the easy one. */
  @Test
  void shouldFindThemByCentredCoordinatesWhereDataTellMuch() {
    EightSchools few = new EightSchools();
    EightSchools many = new EightSchools(few.effects(), Arrays.stream(few.errors()).map(x -> x / 10).toArray());
    Sampled easy = Sampled.of(centred(many, 1), 37, 4, 300, 2500);
    report(easy, schools(many));
    Sampled hard = Sampled.of(centred(few, 1), 36, 4, 300, 1500);
    assertTrue(easy.divergences() == 0 && hard.divergences() > 0,
        easy.divergences() + " and " + hard.divergences() + " divergences");
  }

  @Test
  void shouldFindTheConjugatePosteriorOfARegression() {
    Random random = new Random(5);
    int n = 40;
    double[][] x = new double[n][3];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = new double[]{1, i / 10.0 - 2, random.nextGaussian()};
      y[i] = 0.5 - 1.2 * x[i][1] + 2 * x[i][2] + 0.7 * random.nextGaussian();
    }
    LinearRegression model = new LinearRegression(x, y, 3, 2, 1.5);
    Sampled sampled = Sampled.of(model, 33, 4, 300, 1500);
    RealMatrix design = new Array2DRowRealMatrix(x);
    RealVector data = new ArrayRealVector(y);
    RealMatrix precision = design.transpose().multiply(design)
        .add(MatrixUtils.createRealIdentityMatrix(3).scalarMultiply(1 / (1.5 * 1.5)));
    RealMatrix covariance = new LUDecomposition(precision).getSolver().getInverse();
    RealVector mean = covariance.operate(design.transpose().operate(data));
    double shape = 3 + n / 2.0;
    double scale = 2 + 0.5 * (data.dotProduct(data) - mean.dotProduct(precision.operate(mean)));
    double variance = scale / (shape - 1);
    report(sampled, Map.of("beta.1", mean.getEntry(0), "beta.2", mean.getEntry(1), "beta.3", mean.getEntry(2),
        "variance", variance));
    for (int i = 0; i < 3; i++)
      assertEquals(1, sampled.sd("beta." + (i + 1)) / Math.sqrt(variance * covariance.getEntry(i, i)), 0.06);
    assertEquals(1, sampled.sd("variance") / (variance / Math.sqrt(shape - 2)), 0.1);
    assertEquals(0, sampled.divergences());
  }

  private static Scalar isBelow(Scalar x, double bound) {
    return Scalar.constant(x.value() < bound ? 1 : 0);
  }

  /** A program of parts that know nothing of each other: each has a posterior in closed form. */
  private static void parts(Program p) {
    var chance = p.sample("chance", beta(2, 3));
    p.observe("hits", binomial(20, chance), 7);
    var rate = p.sample("rate", gamma(3, 1));
    p.plate("days", 3).observe("counts", poisson(rate), new double[]{2, 5, 1});
    var shares = p.sample("shares", dirichlet(Vector.constant(1, 2, 3)));
    p.factor("kinds", shares.log().dot(Vector.constant(4, 0, 6)));
    var pair = p.sample("pair", multivariateNormal(Vector.constant(1, -1), new double[][]{{2, 1.2}, {1.2, 1}}));
    p.observe("first", normal(pair.get(0), 0.5), 2.0);
    p.sample("places", ordered(uniform(0, 1), 4));
    var wide = p.sample("wide", cauchy(3, 2));
    p.deterministic("wide_below_3", isBelow(wide, 3));
    p.deterministic("wide_below_9", isBelow(wide, 9));
    var half = p.sample("half", halfCauchy(5));
    p.deterministic("half_below_5", isBelow(half, 5));
    p.sample("heavy", studentT(5, -2, 3));
    p.deterministic("inverse", p.sample("spread", inverseGamma(4, 2)).pow(-1));
    p.sample("step", laplace(1, 2));
    p.sample("wait", exponential(0.1));
    p.deterministic("square", p.sample("size", halfNormal(3)).square());
  }

  @Test
  void shouldFindPosteriorsInClosedForm() {
    Map<String, Double> known = new TreeMap<>(Map.of("chance", 9.0 / 25, "rate", 11.0 / 4, "shares.1", 5.0 / 16,
        "shares.2", 2.0 / 16, "shares.3", 9.0 / 16, "pair.1", 1 + 2 / 2.25, "pair.2", -1 + 1.2 / 2.25));
    known.putAll(Map.of("places.1", 0.2, "places.2", 0.4, "places.3", 0.6, "places.4", 0.8, "wide_below_3", 0.5,
        "wide_below_9", 0.5 + Math.atan(3) / Math.PI, "half_below_5", 0.5, "heavy", -2.0));
    known.putAll(Map.of("inverse", 2.0, "step", 1.0, "wait", 10.0, "square", 9.0));
    Sampled sampled = Sampled.of(ExamplesTest::parts, 38, 4, 500, 2500);
    report(sampled, known);
    assertEquals(Math.sqrt(9.0 * 16 / 25 / 25 / 26), sampled.sd("chance"), 0.005);
    assertEquals(Math.sqrt(11.0 / 16), sampled.sd("rate"), 0.05);
    assertEquals(Math.sqrt(1 - 1.2 * 1.2 / 2.25), sampled.sd("pair.2"), 0.03);
    assertEquals(Math.sqrt(0.2 * 0.8 / 6), sampled.sd("places.4"), 0.01);
    assertEquals(Math.sqrt(8), sampled.sd("step"), 0.3);
    assertEquals(0, sampled.divergences());
  }

  @Test
  void shouldDifferentiateThroughTheHaresAndLynxes() {
    Potential potential = Potential.of(new LotkaVolterra(), Solo.scope());
    assertEquals(List.of("alpha", "beta", "gamma", "delta", "start.1", "start.2", "sigma.1", "sigma.2"),
        potential.names());
    double[] u = {-0.9, -0.9, -0.4, -1.1, 1.2, -0.5, 0.1, 0.3};
    Evaluation at = potential.evaluate(u, List.of(), List.of());
    double h = 1e-6;
    for (int i = 0; i < u.length; i++) {
      double[] up = u.clone();
      double[] down = u.clone();
      up[i] += h;
      down[i] -= h;
      double difference = (potential.evaluate(up, List.of(), List.of()).potential()
          - potential.evaluate(down, List.of(), List.of()).potential()) / (2 * h);
      assertEquals(difference, at.gradient()[i], 1e-6 * Math.max(1, Math.abs(difference)), "by " + i);
    }
  }

  /** The case study prints two or three digits, of priors that are cut elsewhere. */
  @Test
  void shouldFindTheRatesOfHaresAndLynxes() {
    Sampled sampled = Sampled.of(new LotkaVolterra(), 34, 2, 300, 500);
    Map<String, double[]> published = new TreeMap<>(Map.of("alpha", new double[]{0.545, 0.064}, "beta",
        new double[]{0.028, 0.004}, "gamma", new double[]{0.803, 0.092}, "delta", new double[]{0.024, 0.004},
        "sigma.1", new double[]{0.25, 0.04}, "sigma.2", new double[]{0.25, 0.04}));
    published.forEach((name, number) -> {
      System.out.printf("%s: %.4f ± %.4f%n", name, sampled.mean(name), sampled.sd(name));
      assertEquals(number[0], sampled.mean(name), 0.3 * number[1], name);
      assertEquals(1, sampled.sd(name) / number[1], 0.25, name);
    });
    assertTrue(sampled.rHat() < 1.05, "R̂ = " + sampled.rHat());
  }
}
