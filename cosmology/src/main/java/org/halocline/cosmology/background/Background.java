package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.GrowthTable.D1;
import static org.halocline.cosmology.background.GrowthTable.D2;
import static org.halocline.cosmology.background.GrowthTable.Q1;
import static org.halocline.cosmology.background.GrowthTable.Q2;
import static org.halocline.cosmology.background.GrowthTable.STATE;
import static org.halocline.cosmology.background.GrowthTable.VARIABLES;

/**
 * Expansion, distance and growth of one cosmology between a = 1e-4 and a = 1. Immutable.
 *
 * <p>
 * Construction fails with {@link LimitException} where E² is not positive somewhere in that range, so the methods below are finite.
 * Scale factors outside it are the caller's mistake and an {@link IllegalArgumentException}.
 */
public final class Background {
  /** c/H0 in Mpc/h. */
  public static final double HUBBLE_LENGTH_MPC_H = 2997.92458;

  private static final double LOWEST_X = StrictMath.log(GrowthTable.A_START);

  private final Expansion expansion;
  private final GrowthTable table;
  private final Jet growthToday;

  private Background(Cosmology cosmology) throws LimitException {
    expansion = new Expansion(cosmology);
    table = new GrowthTable(expansion);
    growthToday = new Jet(table.today(D1, 0), table.today(D1, 1), table.today(D1, 2), table.today(D1, 3),
        table.today(D1, 4));
    LimitException.require(growthToday.value() > 0 && growthToday.isFinite(), "growth to a = 1", growthToday.value(),
        "positive and finite", "cosmology.omega-m, cosmology.w0 or cosmology.wa");
  }

  public static Background of(Cosmology cosmology) throws LimitException {
    return new Background(cosmology);
  }

  /**
   * Growth at one scale factor, normalised to D1(1) = 1, rates by ln a.
   *
   * @param momentum G_f = a³ E dD1/da
   */
  public record Growth(double first, double firstRate, double second, double secondRate, double momentum) {}

  /** E(a) = H(a)/H0. */
  public double expansionRate(double a) throws LimitException {
    return 1 / (a * expansion.rate(logarithm(a), a));
  }

  /** Comoving distance, taken as the transverse one too. */
  public double distanceMpcH(double a) throws LimitException {
    return HUBBLE_LENGTH_MPC_H * table.distance(logarithm(a)).value();
  }

  /** The scale factor at a distance; 1e-4 at the least. */
  public double scaleFactor(double distanceMpcH) throws LimitException {
    return StrictMath.exp(logScaleFactor(distanceMpcH).value());
  }

  public Growth growth(double a) throws LimitException {
    GrowthJet g = growth(Jet.constant(logarithm(a)));
    return new Growth(g.first.value(), g.firstRate.value(), g.second.value(), g.secondRate.value(), g.momentum.value());
  }

  /** {@link Growth} with derivatives. */
  record GrowthJet(Jet first, Jet firstRate, Jet second, Jet secondRate, Jet momentum) {}

  /** Growth along x(θ) = ln a. */
  GrowthJet growth(Jet x) throws LimitException {
    double[] state = new double[STATE];
    double[] rate = new double[Jet.SIZE];
    double a = StrictMath.exp(x.value());
    table.state(x.value(), state);
    expansion.rate(x.value(), a, rate, 0);
    Jet jetA = x.chain(a, a);
    Jet r = Jet.of(rate, 0, 1).along(x, expansion.rateSlope(x.value(), a));
    double source = 1.5 * expansion.omegaM() * rate[0];
    Jet q1 = Jet.of(state, Q1, VARIABLES).along(x, source * state[D1]);
    Jet q2 = Jet.of(state, Q2, VARIABLES).along(x, source * (state[D2] + state[D1] * state[D1]));
    Jet d1 = Jet.of(state, D1, VARIABLES).along(x, rate[0] * state[Q1] / a);
    Jet d2 = Jet.of(state, D2, VARIABLES).along(x, rate[0] * state[Q2] / a);
    Jet perA = r.over(jetA).over(growthToday);
    return new GrowthJet(d1.over(growthToday), perA.times(q1), d2.over(growthToday).over(growthToday),
        perA.times(q2).over(growthToday), q1.over(growthToday));
  }

  /** x = ln a at a fixed distance. */
  Jet logScaleFactor(double distanceMpcH) throws LimitException {
    if (distanceMpcH == 0) {
      return Jet.constant(0);
    }
    double target = distanceMpcH / HUBBLE_LENGTH_MPC_H;
    double longest = table.distance(LOWEST_X).value();
    LimitException.require(target < longest, "distance to a = 1e-4", longest * HUBBLE_LENGTH_MPC_H,
        "above the box's length " + distanceMpcH + " Mpc/h", "simulation.box-mpc-h");
    double x = table.whereDistanceIs(target);
    Jet distance = table.distance(x);
    return distance.chain(x, 1 / expansion.rate(x, StrictMath.exp(x)));
  }

  /** x = ln a at which D1, normalised, is {@code target}(θ). */
  Jet logScaleFactorAtGrowth(Jet target) throws LimitException {
    double x = table.whereGrowthIs(target.value() * growthToday.value());
    GrowthJet there = growth(Jet.constant(x));
    Jet rest = target.minus(there.first);
    return rest.chain(x, 1 / there.firstRate.value());
  }

  /** 1/χ in h/Mpc at x = ln a < 0, with its derivatives. */
  Jet inverseDistance(double x) throws LimitException {
    return Jet.ONE.over(table.distance(x).times(HUBBLE_LENGTH_MPC_H));
  }

  private static double logarithm(double a) {
    if (!(a >= GrowthTable.A_START && a <= 1)) {
      throw new IllegalArgumentException("a = " + a + " is outside 1e-4…1");
    }
    return StrictMath.log(a);
  }
}
