package org.halocline.cosmology.background;

import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;

/**
 * The expansion rate as s = 1/√F with F = a³E² = Ωm + Ωk a + Ωde exp(−3(w0+wa)x − 3wa(1−a)) and x = ln a: a smooth
 * function, constant in matter domination. The distance in units of c/H0 is ∫ √a s dx.
 */
final class Expansion {
  private final double omegaM;
  private final double omegaK;
  private final double omegaDe;
  private final double w0;
  private final double wa;

  Expansion(Cosmology c) throws LimitException {
    Theta theta = c.theta();
    for (Parameter p : Cosmology.PARAMETERS) {
      double value = theta.value(p.name());
      LimitException.require(Double.isFinite(value), p.name(), value, "finite", p.block() + "." + p.name());
    }
    LimitException.require(c.omegaM() > 0, "omega-m", c.omegaM(), "positive", "cosmology.omega-m");
    omegaM = c.omegaM();
    omegaK = c.omegaK();
    omegaDe = 1 - omegaM - omegaK;
    w0 = c.w0();
    wa = c.wa();
  }

  double omegaK() {
    return omegaK;
  }

  double omegaM() {
    return omegaM;
  }

  /** w0 + wa, the equation of state that dark energy comes from. */
  double earlyState() {
    return w0 + wa;
  }

  /** Writes s and its derivatives by Ωm, Ωk, w0, wa at x = ln a to five places of {@code out}. */
  void rate(double x, double a, double[] out, int at) throws LimitException {
    double dark = dark(x, a);
    double f = omegaM + omegaK * a + omegaDe * dark;
    if (!(f > 0 && f < 1e200))
      throw unphysical(f, a);
    double s = 1 / Math.sqrt(f);
    double slope = -0.5 * s / f;
    out[at] = s;
    out[at + 1] = slope * (1 - dark);
    out[at + 2] = slope * (a - dark);
    double byW = slope * omegaDe * dark * -3;
    out[at + 3] = byW * x;
    out[at + 4] = byW * (x + 1 - a);
  }

  /**
   * Writes Ωm(a) and its derivatives by Ωm, Ωk, w0, wa at x = ln a to five places of {@code out}, b = 2 + E′/E to the
   * next five.
   */
  void matter(double x, double a, double[] out, int at) throws LimitException {
    rate(x, a, out, at);
    double s2 = out[at] * out[at];
    double dark = dark(x, a);
    double grow = 3 * (wa * a - w0 - wa);
    double byW = -3 * omegaDe * dark;
    double half = 0.5 * s2 * (omegaK * a + omegaDe * dark * grow);
    int b = at + Jet.SIZE;
    out[b] = 0.5 + half;
    double[] slopes = {-dark * grow, a - dark * grow, byW * (x * grow + 1), byW * ((x + 1 - a) * grow + 1 - a)};
    for (int j = 1; j < Jet.SIZE; j++) {
      double logS2 = 2 * out[at + j] / out[at];
      out[b + j] = 0.5 * s2 * slopes[j - 1] + half * logS2;
      out[at + j] = s2 * (omegaM * logS2 + (j == 1 ? 1 : 0));
    }
    out[at] = omegaM * s2;
  }

  double rate(double x, double a) throws LimitException {
    double f = omegaM + omegaK * a + omegaDe * dark(x, a);
    if (!(f > 0 && f < 1e200))
      throw unphysical(f, a);
    return 1 / Math.sqrt(f);
  }

  /** ds/dx at x = ln a. */
  double rateSlope(double x, double a) {
    double dark = dark(x, a);
    double f = omegaM + omegaK * a + omegaDe * dark;
    double fSlope = omegaK * a + omegaDe * dark * 3 * (wa * a - w0 - wa);
    return -0.5 * fSlope / (f * Math.sqrt(f));
  }

  private double dark(double x, double a) {
    return StrictMath.exp(-3 * ((w0 + wa) * x + wa * (1 - a)));
  }

  private static LimitException unphysical(double f, double a) {
    return new LimitException("a³E² at a = " + a, f, "positive and finite",
        "cosmology.omega-k, cosmology.w0 or cosmology.wa");
  }
}
