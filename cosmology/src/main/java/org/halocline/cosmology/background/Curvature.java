package org.halocline.cosmology.background;

import org.halocline.cosmology.theta.LimitException;

/**
 * Angles and distances in curved space. With y = Ωk (χ H0/c)² the transverse distance is f_K(χ) = χ sinh(√y)/√y, for
 * negative y χ sin(√−y)/√−y, and f_K′(χ) = cosh(√y) or cos(√−y). Both are smooth in y, and 1 at y = 0.
 *
 * @param distance f_K(χ), Mpc/h
 * @param slope f_K′(χ)
 */
public record Curvature(Jet distance, Jet slope) {
  /** Below it series are more accurate than the functions, and not slower. */
  private static final double SERIES_BELOW = 0.5;
  private static final int TERMS = 12;

  /**
   * @param chi Mpc/h
   * @throws LimitException where space closes before χ: f_K(χ) is not positive
   */
  public static Curvature at(Jet chi, double omegaK, String what, String key) throws LimitException {
    Jet u = chi.times(1 / Background.HUBBLE_LENGTH_MPC_H);
    Jet y = u.times(u).times(new Jet(omegaK, 0, 1, 0, 0));
    double farthest = farthestMpcH(omegaK);
    LimitException.require(chi.value() < farthest, "comoving distance of " + what, chi.value(),
        "below " + farthest + " Mpc/h, where closed space of omega-k = " + omegaK + " ends",
        "cosmology.omega-k or " + key);
    double sine = sine(y.value());
    double cosine = cosine(y.value());
    return new Curvature(chi.times(y.chain(sine, sineSlope(y.value(), sine, cosine))), y.chain(cosine, 0.5 * sine));
  }

  /** Where closed space ends; infinite in flat and open space. */
  static double farthestMpcH(double omegaK) {
    return StrictMath.PI * Background.HUBBLE_LENGTH_MPC_H / Math.sqrt(Math.max(0, -omegaK));
  }

  /** sinh(√y)/√y. */
  private static double sine(double y) {
    if (Math.abs(y) < SERIES_BELOW) {
      double sum = 0;
      for (int n = TERMS; n > 0; n--)
        sum = (sum + 1) * y / (2 * n * (2 * n + 1));
      return 1 + sum;
    }
    double root = Math.sqrt(Math.abs(y));
    return (y > 0 ? StrictMath.sinh(root) : StrictMath.sin(root)) / root;
  }

  /** cosh(√y). */
  private static double cosine(double y) {
    if (Math.abs(y) < SERIES_BELOW) {
      double sum = 0;
      for (int n = TERMS; n > 0; n--)
        sum = (sum + 1) * y / (2 * n * (2 * n - 1));
      return 1 + sum;
    }
    double root = Math.sqrt(Math.abs(y));
    return y > 0 ? StrictMath.cosh(root) : StrictMath.cos(root);
  }

  /** The derivative of {@link #sine}: Σ n yⁿ⁻¹/(2n+1)!, or (cosine − sine)/2y. */
  private static double sineSlope(double y, double sine, double cosine) {
    if (Math.abs(y) < SERIES_BELOW) {
      double sum = 0;
      double factorial = 1;
      double power = 1;
      for (int n = 1; n <= TERMS; n++) {
        factorial *= 2 * n * (2 * n + 1);
        sum += n * power / factorial;
        power *= y;
      }
      return sum;
    }
    return (cosine - sine) / (2 * y);
  }
}
