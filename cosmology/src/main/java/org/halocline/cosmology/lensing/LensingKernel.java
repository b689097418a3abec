package org.halocline.cosmology.lensing;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;

/**
 * Lensing efficiency q_b(χ_i) = ∫ n_b (f_K(χ(z) − χ_i)/f_K(χ(z)))₊ dz / ∫ n_b dz of equal lens planes at χ_i = (i + ½)
 * Lz/n_p, by the trapezoid rule on the table's own redshifts, with f_K or, by {@link Distance}, χ for it. Immutable.
 */
public final class LensingKernel {
  private static final int SHARE_PIECES = 256;

  private final int planes;
  private final double lengthMpcH;
  private final Distance distance;
  private final double[] x;
  /** n times trapezoid weight over the integral of n, [bin][z]. */
  private final double[][] weights;

  public LensingKernel(Sources sources, int planes, double lengthMpcH, Distance distance) {
    if (planes < 1 || !(lengthMpcH > 0 && lengthMpcH < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException(planes + " planes over " + lengthMpcH + " Mpc/h");
    this.planes = planes;
    this.lengthMpcH = lengthMpcH;
    this.distance = distance;
    double[] z = sources.z();
    x = new double[z.length];
    for (int i = 0; i < z.length; i++)
      x[i] = -StrictMath.log1p(z[i]);
    weights = new double[sources.bins()][z.length];
    for (int bin = 0; bin < weights.length; bin++) {
      double[] n = sources.n()[bin];
      double integral = trapezoid(z, n);
      for (int i = 0; i < z.length; i++) {
        double left = i == 0 ? 0 : z[i] - z[i - 1];
        double right = i == z.length - 1 ? 0 : z[i + 1] - z[i];
        weights[bin][i] = 0.5 * (left + right) * (n[i] / integral);
      }
    }
  }

  static double trapezoid(double[] x, double[] y) {
    double sum = 0;
    for (int i = 1; i < x.length; i++)
      sum += 0.5 * (x[i] - x[i - 1]) * (y[i] + y[i - 1]);
    return sum;
  }

  public int bins() {
    return weights.length;
  }

  public int planes() {
    return planes;
  }

  /** Length of the box along the line of sight. */
  public double lengthMpcH() {
    return lengthMpcH;
  }

  public Distance distance() {
    return distance;
  }

  /** Whether any bin has weight at a redshift of the table. */
  public boolean hasSources(int row) {
    for (double[] bin : weights)
      if (bin[row] > 0)
        return true;
    return false;
  }

  /** χ_i of a plane's middle. */
  public double planeDistanceMpcH(int plane) {
    return (plane + 0.5) * lengthMpcH / planes;
  }

  /** ln a of the table's redshifts, falling from 0 at the most: a new array. */
  public double[] logScaleFactors() {
    return x.clone();
  }

  /**
   * q with its derivatives. In any space f_K(χs − χ)/f_K(χs) = f_K′(χ) − f_K(χ) f_K′(χs)/f_K(χs).
   *
   * @param inverse [component][z], flat: f_K′/f_K at {@link #logScaleFactors} (1/χ in flat space; infinite at z = 0),
   * then any number of its derivatives
   * @param sines [component][plane], flat: f_K(χ_i), then its derivatives
   * @param cosines [component][plane], flat: f_K′(χ_i), then its derivatives
   * @return [component][bin][plane], flat: q, then its derivatives
   */
  public double[] efficiency(double[] inverse, double[] sines, double[] cosines) {
    int size = x.length;
    int components = inverse.length / size;
    int block = bins() * planes;
    double[] q = new double[components * block];
    for (int plane = 0; plane < planes; plane++) {
      double sine = sines[plane];
      double cosine = cosines[plane];
      int first = 0;
      while (first < size && !(sine * inverse[first] < cosine))
        first++;
      for (int bin = 0; bin < bins(); bin++) {
        double[] w = weights[bin];
        double sum = 0;
        for (int i = first; i < size; i++)
          sum += w[i] * (cosine - sine * inverse[i]);
        q[bin * planes + plane] = sum;
        for (int c = 1; c < components; c++) {
          double slope = 0;
          double moved = 0;
          double sineSlope = sines[c * planes + plane];
          double cosineSlope = cosines[c * planes + plane];
          for (int i = first; i < size; i++) {
            slope += w[i] * inverse[c * size + i];
            moved += w[i] * (cosineSlope - sineSlope * inverse[i]);
          }
          q[c * block + bin * planes + plane] = moved - sine * slope;
        }
      }
    }
    return q;
  }

  /**
   * The share of each bin's lensing weight ∫ (f_K/a) q_b dχ that lies beyond the box, where no plane is: 0 when every
   * source is inside.
   */
  public double[] truncatedShare(Theta theta) throws LimitException {
    Background background = Background.of(theta);
    int last = x.length - 1;
    while (distance == Distance.TRANSVERSE && !hasSources(last)
        && !(background.distanceMpcH(StrictMath.exp(x[last])) < background.farthestMpcH()))
      last--;
    double[] inverse = new double[last + 1];
    for (int i = 0; i <= last; i++) {
      double chi = background.distanceMpcH(StrictMath.exp(x[i]));
      inverse[i] = cosine(background, chi) / sine(background, chi);
    }
    double farthest = background.distanceMpcH(StrictMath.exp(x[last]));
    double[] inside = weightBetween(background, inverse, 0, Math.min(lengthMpcH, farthest));
    double[] beyond = weightBetween(background, inverse, Math.min(lengthMpcH, farthest), farthest);
    double[] share = new double[bins()];
    for (int bin = 0; bin < share.length; bin++) {
      double all = inside[bin] + beyond[bin];
      share[bin] = all > 0 ? beyond[bin] / all : 0;
    }
    return share;
  }

  /** The transverse distance of χ, or what stands for it. */
  public double transverseMpcH(Theta theta, double chi) throws LimitException {
    return sine(Background.of(theta), chi);
  }

  private double sine(Background background, double chi) throws LimitException {
    return distance == Distance.TRANSVERSE ? background.transverseMpcH(chi) : chi;
  }

  private double cosine(Background background, double chi) throws LimitException {
    return distance == Distance.TRANSVERSE ? background.transverseSlope(chi) : 1;
  }

  private double[] weightBetween(Background background, double[] inverse, double from, double to)
      throws LimitException {
    double[] sums = new double[bins()];
    double piece = (to - from) / SHARE_PIECES;
    for (int k = 0; k < SHARE_PIECES && piece > 0; k++) {
      double chi = from + (k + 0.5) * piece;
      double sine = sine(background, chi);
      double cosine = cosine(background, chi);
      double front = piece * sine / background.scaleFactor(chi);
      for (int bin = 0; bin < sums.length; bin++)
        for (int i = 0; i < inverse.length; i++)
          sums[bin] += front * weights[bin][i] * Math.max(0, cosine - sine * inverse[i]);
    }
    return sums;
  }
}
