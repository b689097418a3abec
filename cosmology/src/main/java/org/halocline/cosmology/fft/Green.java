package org.halocline.cosmology.fft;

/**
 * Green's function of the Laplacian on lines along x: −factor/(kx² + ky² + kz²), and 0 for the zero mode. Line l of a
 * set is that of ky l / z.length and kz l % z.length. Squares are in the caller's unit; the sum and the quotient are
 * taken in float, each rounded once.
 *
 * @param x squares of the wave numbers of a line's elements
 * @param y of the lines, the slower index
 * @param z of the lines, the faster index
 */
public record Green(float[] x, float[] y, float[] z, float factor) {

  /** ky² + kz² of a line. */
  public float square(int line) {
    return y[line / z.length] + z[line % z.length];
  }
}
