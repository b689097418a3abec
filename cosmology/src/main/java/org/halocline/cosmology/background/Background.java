package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.GrowthTable.F1;
import static org.halocline.cosmology.background.GrowthTable.F2;
import static org.halocline.cosmology.background.GrowthTable.G1;
import static org.halocline.cosmology.background.GrowthTable.G2;
import static org.halocline.cosmology.background.GrowthTable.STATE;
import static org.halocline.cosmology.background.GrowthTable.VARIABLES;

import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;

/**
 * Expansion, distance and growth of one cosmology between a = 1e-4 and a = 1. Immutable.
 *
 * <p>
 * Construction fails with {@link LimitException} where E² is not positive somewhere in that range, so the methods below
 * are finite. Scale factors outside it are the caller's mistake and an {@link IllegalArgumentException}.
 */
public final class Background {
  /** c/H0 in Mpc/h. */
  public static final double HUBBLE_LENGTH_MPC_H = 2997.92458;

  private static final double LOWEST_X = StrictMath.log(GrowthTable.A_START);

  private final Theta theta;
  private final Expansion expansion;
  private final GrowthTable table;
  private final Jet growthToday;

  private Background(Theta theta) throws LimitException {
    this.theta = theta;
    expansion = new Expansion(Cosmology.of(theta));
    table = new GrowthTable(expansion);
    growthToday = new Jet(table.today(F1, 0), table.today(F1, 1), table.today(F1, 2), table.today(F1, 3),
        table.today(F1, 4));
    LimitException.require(growthToday.value() > 0 && growthToday.isFinite(), "growth to a = 1", growthToday.value(),
        "positive and finite", "cosmology.omega-m, cosmology.w0 or cosmology.wa");
  }

  /** Of any θ that has one. */
  public static Background of(Theta theta) throws LimitException {
    return new Background(theta);
  }

  /** Of a θ within {@link Cosmology#SPACE}. */
  public static Background within(Theta theta) throws LimitException {
    Cosmology.SPACE.require(theta);
    return of(theta);
  }

  public Theta theta() {
    return theta;
  }

  /** Comoving distance χ along the line of sight. */
  public double distanceMpcH(double a) throws LimitException {
    return HUBBLE_LENGTH_MPC_H * table.distance(logarithm(a)).value();
  }

  /**
   * Transverse distance f_K(χ) of a comoving one.
   *
   * @throws LimitException where closed space ends before χ
   */
  public double transverseMpcH(double distanceMpcH) throws LimitException {
    return curvature(distanceMpcH).distance().value();
  }

  /** f_K′(χ): 1 in flat space. */
  public double transverseSlope(double distanceMpcH) throws LimitException {
    return curvature(distanceMpcH).slope().value();
  }

  /** Where closed space ends; infinite in flat and open space. */
  public double farthestMpcH() {
    return Curvature.farthestMpcH(expansion.omegaK());
  }

  private Curvature curvature(double distanceMpcH) throws LimitException {
    return Curvature.at(Jet.constant(distanceMpcH), expansion.omegaK(), "a place", "lensing.distance = comoving");
  }

  /** The scale factor at a distance; 1e-4 at the least. */
  public double scaleFactor(double distanceMpcH) throws LimitException {
    return StrictMath.exp(logScaleFactor(distanceMpcH).value());
  }

  /**
   * Growth at one scale factor, normalised to D1(1) = 1, rates by ln a, with derivatives.
   *
   * @param momentum G_f = a³ E dD1/da
   */
  public record GrowthJet(Jet first, Jet firstRate, Jet second, Jet secondRate, Jet momentum) {}

  /** Growth along x(θ) = ln a. */
  public GrowthJet growth(Jet x) throws LimitException {
    double[] state = new double[STATE];
    double[] rate = new double[Jet.SIZE];
    double a = StrictMath.exp(x.value());
    table.state(x.value(), state);
    expansion.rate(x.value(), a, rate, 0);
    Jet jetA = x.chain(a, a);
    Jet s = Jet.of(rate, 0, 1).along(x, expansion.rateSlope(x.value(), a));
    double pull = 1.5 * expansion.omegaM() * rate[0];
    double f1 = state[F1];
    Jet first = Jet.of(state, F1, VARIABLES).along(x, rate[0] * state[G1] - f1);
    Jet flow = Jet.of(state, G1, VARIABLES).along(x, pull * f1 - 1.5 * state[G1]);
    Jet second = Jet.of(state, F2, VARIABLES).along(x, rate[0] * state[G2] - 2 * state[F2]);
    Jet secondFlow = Jet.of(state, G2, VARIABLES).along(x, pull * (state[F2] + f1 * f1) - 2.5 * state[G2]);
    Jet scaled = jetA.over(growthToday);
    Jet scaledSquare = scaled.times(scaled);
    double root = Math.sqrt(a);
    return new GrowthJet(scaled.times(first), scaled.times(s).times(flow), scaledSquare.times(second),
        scaledSquare.times(s).times(secondFlow), scaled.times(x.chain(root, 0.5 * root)).times(flow));
  }

  /** x = ln a at a fixed distance. */
  public Jet logScaleFactor(double distanceMpcH) throws LimitException {
    if (distanceMpcH == 0)
      return Jet.constant(0);
    double target = distanceMpcH / HUBBLE_LENGTH_MPC_H;
    double longest = table.distance(LOWEST_X).value();
    LimitException.require(target < longest, "distance to a = 1e-4", longest * HUBBLE_LENGTH_MPC_H,
        "above the box's length " + distanceMpcH + " Mpc/h", "simulation.box-mpc-h");
    double x = table.whereDistanceIs(target);
    double a = StrictMath.exp(x);
    return table.distance(x).chain(x, 1 / (Math.sqrt(a) * expansion.rate(x, a)));
  }

  /** x = ln a at which D1, normalised, is {@code target}(θ). */
  public Jet logScaleFactorAtGrowth(Jet target) throws LimitException {
    double x = table.whereGrowthIs(target.value() * growthToday.value());
    GrowthJet there = growth(Jet.constant(x));
    Jet rest = target.minus(there.first);
    return rest.chain(x, 1 / there.firstRate.value());
  }

  /** χ in Mpc/h at x = ln a, with its derivatives. */
  public Jet distance(double x) throws LimitException {
    return table.distance(x).times(HUBBLE_LENGTH_MPC_H);
  }

  private static double logarithm(double a) {
    if (!(a >= GrowthTable.A_START && a <= 1))
      throw new IllegalArgumentException("a = " + a + " is outside 1e-4…1");
    return StrictMath.log(a);
  }
}
