package org.halocline.sampler.ppl;

import static org.halocline.sampler.ppl.Distributions.exponential;
import static org.halocline.sampler.ppl.Distributions.halfCauchy;
import static org.halocline.sampler.ppl.Distributions.iid;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.poisson;
import static org.halocline.sampler.ppl.Distributions.studentT;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.support.Solo;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plates, factors and coordinates of hierarchical programs. */
@Timeout(300)
class PlateTest {
  private static final double[] DATA = {1, 2, 4};
  private final RankScope scope = Solo.scope();

  private static final Model HIERARCHY = p -> {
    var mu = p.sample("mu", normal(1, 2));
    var tau = p.sample("tau", halfCauchy(3));
    var groups = p.plate("groups", 3);
    var theta = groups.sample("theta", normal(mu, tau));
    groups.observe("y", normal(theta, 0.5), DATA);
  };

  private static double normalLog(double x, double mean, double sd) {
    return new Normal(mean, sd).logDensity(Scalar.constant(x)).value();
  }

  private Evaluation at(Model model, double... u) {
    return Potential.of(model, scope).evaluate(u, List.of(), List.of());
  }

  private void differentiate(Model model, double... u) {
    double[] gradient = at(model, u).gradient();
    double h = 1e-5;
    for (int i = 0; i < u.length; i++) {
      double[] up = u.clone();
      double[] down = u.clone();
      up[i] += h;
      down[i] -= h;
      assertEquals((at(model, up).potential() - at(model, down).potential()) / (2 * h), gradient[i], 1e-7, "by " + i);
    }
  }

  @Test
  void shouldCopyASite() {
    assertEquals(List.of("mu", "tau", "theta.1", "theta.2", "theta.3"), Potential.of(HIERARCHY, scope).names());
    double[] u = {0.2, -0.3, 0.1, 0.5, -1};
    Evaluation at = at(HIERARCHY, u);
    double likelihood = 0;
    for (int i = 0; i < 3; i++)
      likelihood -= normalLog(DATA[i], at.constrained()[2 + i], 0.5);
    assertEquals(likelihood, at.likelihood(), 1e-13);
    differentiate(HIERARCHY, u);
  }

  @Test
  void shouldObserveCopiesOfANumber() {
    Model model = p -> p.plate("days", 3).observe("n", poisson(p.sample("rate", exponential(1))),
        new double[]{2, 0, 5});
    Model same = p -> p.observe("n", iid(poisson(p.sample("rate", exponential(1))), 3), new double[]{2, 0, 5});
    Model one = p -> {
      var rate = p.sample("rate", exponential(1));
      p.observe("a", poisson(rate), 2);
      p.observe("b", poisson(rate), 0);
      p.observe("c", poisson(rate), 5);
    };
    assertEquals(at(one, 0.4).potential(), at(model, 0.4).potential(), 1e-13);
    assertEquals(at(model, 0.4).potential(), at(same, 0.4).potential());
    differentiate(model, 0.4);
  }

  private static String refusal(Runnable program) {
    return assertThrows(IllegalArgumentException.class, program::run).getMessage();
  }

  @Test
  void shouldSayWhichSiteDoesNotFitAPlate() {
    assertEquals("the site 'y' has 2 numbers, but the plate 'groups' has 3 copies",
        refusal(() -> at(p -> p.plate("groups", 3).observe("y", normal(0, 1), new double[2]))));
    assertEquals("the site 'x' has 4 numbers, but the plate 'groups' has 3 copies",
        refusal(() -> at(p -> p.plate("groups", 3).sample("x", iid(normal(0, 1), 4)))));
    assertEquals("the plate 'groups' needs a size of at least 1, but it is 0",
        refusal(() -> at(p -> p.plate("groups", 0))));
    assertEquals(
        "the site 'y': a vector of 3 numbers meets one of 4; vectors that meet pointwise must be of one length",
        refusal(() -> Handlers.trace(p -> p.plate("groups", 3).observe("y", normal(Vector.constant(1, 2, 3, 4), 1),
            new double[3]), scope)));
  }

  @Test
  void shouldRefuseAnArrayWhereANumberIsDistributed() {
    assertEquals("the site 'y' observes an array of 2 numbers, but its distribution is of a Scalar; observe copies of "
        + "it in a plate, or use a vector's", refusal(() -> at(p -> p.observe("y", normal(0, 1), new double[2]))));
    assertEquals("the site 'y' observes an array of 3 numbers, but its distribution is of a Sharded", refusal(
        () -> at(p -> p.plate("cells", 3).observe("y", whiteNoise(new Mesh(2, 2, 2, 1, 1, 1)), new double[3]))));
  }

  @Test
  void shouldSayBetweenWhichSitesAFaultLies() {
    assertEquals("normal needs a positive standard deviation, but it is 0.0 (after the site 'tau')",
        refusal(() -> at(p -> {
          var tau = p.sample("tau", normal(0, 1));
          p.sample("x", normal(0, tau));
        })));
    assertEquals("place 3 of a vector of 3; places count from 0 (after the site 'x')", refusal(() -> at(p -> p
        .deterministic("last", p.sample("x", iid(normal(0, 1), 3)).get(3)))));
    assertEquals("a vector of 2 numbers meets one of 1; vectors that meet pointwise must be of one length (before the "
        + "first site)", refusal(() -> at(p -> Vector.constant(1, 2).plus(Vector.constant(1)))));
  }

  @Test
  void shouldRefuseALatentCount() {
    assertEquals("the site 'n' can only be observed; give it data, or sum the density over its values and hand the "
        + "sum's logarithm to factor: samplers move real numbers, not counts",
        refusal(() -> at(p -> p.sample("n", poisson(3)))));
    assertEquals("the site 'n' can only be observed; give it data, or sum the density over its values and hand the "
        + "sum's logarithm to factor: samplers move real numbers, not counts",
        refusal(() -> at(p -> p.sample("n", poisson(Vector.constant(3, 4))))));
  }

  /** A mixture of two normals, its discrete label summed out. */
  @Test
  void shouldAddAFactor() {
    Model model = p -> {
      var mean = p.sample("mean", normal(0, 1));
      var both = Vector.of(normal(mean, 1).logDensity(Scalar.constant(2)).plus(Math.log(0.3)),
          normal(-1, 2).logDensity(Scalar.constant(2)).plus(Math.log(0.7)));
      p.factor("mixture", both.logSumExp());
    };
    double expected = Math.log(0.3 * Math.exp(normalLog(2, 0.4, 1)) + 0.7 * Math.exp(normalLog(2, -1, 2)));
    assertEquals(-expected, at(model, 0.4).likelihood(), 1e-14);
    differentiate(model, 0.4);
    assertEquals(-2 * expected, at(p -> {
      var mean = p.sample("mean", normal(0, 1));
      Handlers.scale(q -> q.factor("half", Scalar.constant(expected).plus(mean.times(0))), 2).run(p);
    }, 0.4).likelihood(), 1e-14);
  }

  /** A normal site is mean + sd·u as it is: u has the density of N(0, 1), whatever mean and sd. */
  @Test
  void shouldBeNonCentredAsItIs() {
    double[] u = {0.2, -0.3, 0.1, 0.5, -1};
    Evaluation at = at(HIERARCHY, u);
    double mu = 1 + 2 * 0.2;
    double tau = 3 * Math.exp(-0.3);
    assertArrayEquals(new double[]{mu, tau, mu + tau * 0.1, mu + tau * 0.5, mu - tau}, at.constrained(), 1e-14);
    double prior = normalLog(0.2, 0, 1) - Math.log(Math.PI * Math.cosh(0.3)) + normalLog(0.1, 0, 1)
        + normalLog(0.5, 0, 1) + normalLog(1, 0, 1);
    assertEquals(-prior, at.prior(), 1e-13);
  }

  @Test
  void shouldMoveTheValuesThemselvesWhereCentred() {
    Model centred = Handlers.centre(HIERARCHY, site -> site.name().equals("theta"), 1);
    double[] u = {0.2, -0.3, 1.7, 2.5, 0};
    Evaluation at = at(centred, u);
    double mu = 1.4;
    double tau = 3 * Math.exp(-0.3);
    assertArrayEquals(new double[]{mu, tau, 1.7, 2.5, 0}, at.constrained(), 1e-14);
    double prior = normalLog(0.2, 0, 1) - Math.log(Math.PI * Math.cosh(0.3)) + normalLog(1.7, mu, tau)
        + normalLog(2.5, mu, tau) + normalLog(0, mu, tau);
    assertEquals(-prior, at.prior(), 1e-13);
    differentiate(centred, u);
  }

  /** Every family of place and width: the same value has the same density, but for the Jacobian of the coordinates. */
  @Test
  void shouldCentreAHeavyTail() {
    Model own = p -> {
      var scale = p.sample("scale", exponential(1));
      p.observe("y", normal(p.sample("x", studentT(3, scale.times(2), scale)), 1), 2);
    };
    for (double share : new double[]{0, 0.4, 1}) {
      Model centred = Handlers.centre(own, site -> site.name().equals("x"), share);
      double scale = Math.exp(0.3);
      double u = 0.8;
      double v = share * 2 * scale + Math.pow(scale, share) * u;
      Evaluation before = at(own, 0.3, u);
      Evaluation after = at(centred, 0.3, v);
      assertArrayEquals(before.constrained(), after.constrained(), 1e-13);
      assertEquals(before.potential() + share * Math.log(scale), after.potential(), 1e-13);
      differentiate(centred, 0.3, v);
    }
  }

  @Test
  void shouldDrawTheSameValuesByAnyCoordinates() {
    NoiseKey key = new NoiseKey(8, NoiseKey.Purpose.TEST);
    Model centred = Handlers.centre(HIERARCHY, site -> site.name().equals("theta"), 1);
    Vector own = (Vector) Handlers.trace(Handlers.seed(HIERARCHY, key), scope).site("theta").orElseThrow().value()
        .orElseThrow();
    Vector other = (Vector) Handlers.trace(Handlers.seed(centred, key), scope).site("theta").orElseThrow().value()
        .orElseThrow();
    assertArrayEquals(own.values(), other.values(), 1e-12);
    assertNotEquals(own.values()[0], own.values()[1]);
  }
}
