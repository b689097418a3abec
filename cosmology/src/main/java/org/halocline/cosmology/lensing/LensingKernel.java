package org.halocline.cosmology.lensing;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.LimitException;

/**
 * Lensing efficiency q_b(χ_i) = ∫ n_b (1 − χ_i/χ(z))₊ dz / ∫ n_b dz of equal lens planes at χ_i = (i + ½) Lz/n_p, by
 * the trapezoid rule on the table's own redshifts. Immutable.
 */
public final class LensingKernel {
  private static final int SHARE_PIECES = 256;

  private final int planes;
  private final double lengthMpcH;
  private final double[] x;
  /** n times trapezoid weight over the integral of n, [bin][z]. */
  private final double[][] weights;

  public LensingKernel(Sources sources, int planes, double lengthMpcH) {
    if (planes < 1 || !(lengthMpcH > 0 && lengthMpcH < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(planes + " planes over " + lengthMpcH + " Mpc/h");
    }
    this.planes = planes;
    this.lengthMpcH = lengthMpcH;
    double[] z = sources.z();
    x = new double[z.length];
    for (int i = 0; i < z.length; i++) { x[i] = -StrictMath.log1p(z[i]); }
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
    for (int i = 1; i < x.length; i++) { sum += 0.5 * (x[i] - x[i - 1]) * (y[i] + y[i - 1]); }
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

  /** χ_i of a plane's middle. */
  public double planeDistanceMpcH(int plane) {
    return (plane + 0.5) * lengthMpcH / planes;
  }

  /** ln a of the table's redshifts, falling from 0 at the most: a new array. */
  public double[] logScaleFactors() {
    return x.clone();
  }

  /**
   * q with its derivatives.
   *
   * @param inverse [component][z], flat: 1/χ(z) at {@link #logScaleFactors} (infinite at z = 0), then any number of
   * its derivatives
   * @return [component][bin][plane], flat: q, then its derivatives
   */
  public double[] efficiency(double[] inverse) {
    int size = x.length;
    int components = inverse.length / size;
    int block = bins() * planes;
    double[] q = new double[components * block];
    for (int plane = 0; plane < planes; plane++) {
      double chi = planeDistanceMpcH(plane);
      int first = 0;
      while (first < size && !(chi * inverse[first] < 1)) { first++; }
      for (int bin = 0; bin < bins(); bin++) {
        double[] w = weights[bin];
        double sum = 0;
        for (int i = first; i < size; i++) { sum += w[i] * (1 - chi * inverse[i]); }
        q[bin * planes + plane] = sum;
        for (int c = 1; c < components; c++) {
          double slope = 0;
          for (int i = first; i < size; i++) { slope += w[i] * inverse[c * size + i]; }
          q[c * block + bin * planes + plane] = -chi * slope;
        }
      }
    }
    return q;
  }

  /**
   * The share of each bin's lensing weight ∫ (χ/a) q_b dχ that lies beyond the box, where no plane is: 0 when every
   * source is inside.
   */
  public double[] truncatedShare(Cosmology cosmology) throws LimitException {
    Background background = Background.of(cosmology);
    double[] distance = new double[x.length];
    for (int i = 0; i < x.length; i++) { distance[i] = background.distanceMpcH(StrictMath.exp(x[i])); }
    double farthest = distance[distance.length - 1];
    double[] inside = weightBetween(background, distance, 0, Math.min(lengthMpcH, farthest));
    double[] beyond = weightBetween(background, distance, Math.min(lengthMpcH, farthest), farthest);
    double[] share = new double[bins()];
    for (int bin = 0; bin < share.length; bin++) {
      double all = inside[bin] + beyond[bin];
      share[bin] = all > 0 ? beyond[bin] / all : 0;
    }
    return share;
  }

  private double[] weightBetween(Background background, double[] distance, double from, double to)
      throws LimitException {
    double[] sums = new double[bins()];
    double piece = (to - from) / SHARE_PIECES;
    for (int k = 0; k < SHARE_PIECES && piece > 0; k++) {
      double chi = from + (k + 0.5) * piece;
      double front = piece * chi / background.scaleFactor(chi);
      for (int bin = 0; bin < sums.length; bin++) {
        for (int i = 0; i < distance.length; i++) {
          if (distance[i] > chi) {
            sums[bin] += front * weights[bin][i] * (1 - chi / distance[i]);
          }
        }
      }
    }
    return sums;
  }
}
