package org.halocline.cosmology.lensing;

/**
 * Distribution of source galaxies over redshift, one n(z) a bin, not normalised; between the rows it is linear.
 *
 * @param z redshifts, growing, at least two, within 0…1000
 * @param n [bin][row], finite, not negative, each with a positive integral
 */
public record Sources(double[] z, double[][] n) {
  public Sources {
    if (z.length < 2 || n.length < 1)
      throw new IllegalArgumentException(z.length + " redshifts, " + n.length + " bins: at least 2 and 1 are needed");
    for (double[] bin : n)
      if (bin.length != z.length)
        throw new IllegalArgumentException(bin.length + " values of n for " + z.length + " redshifts");
  }

  public int bins() {
    return n.length;
  }
}
