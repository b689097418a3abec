package org.halocline.cosmology.fft;

/**
 * Transforms of many lines of one length in float. Forward has the sign e^{−i…}; nothing is normalised. Real and
 * imaginary parts lie apart: a complex number is one float behind {@code re} and another as far behind {@code im}, in
 * one array. The bits of a line depend on its numbers alone, not on its place or its neighbours. Not thread-safe: one
 * instance a lane. Lengths whose scratch has been allocated once allocate nothing more.
 */
public interface LineTransforms {

  /**
   * Real lines, n floats each, {@code realStride} apart, to half spectra of n/2+1 numbers, {@code halfStride} apart.
   */
  void forwardReal(float[] real, int start, int realStride, float[] half, int re, int im, int halfStride, int n,
      int lines);

  /**
   * Half spectra to real lines; imaginary parts of the zero and the Nyquist mode are not read. The spectra are left as
   * they were.
   */
  void inverseReal(float[] half, int re, int im, int halfStride, float[] real, int start, int realStride, int n,
      int lines);

  /**
   * Neighbouring complex lines in place: element e of line l lies at {@code e · elementStride + l}.
   *
   * @param inverse the sign e^{+i…}
   */
  void complex(float[] data, int re, int im, int elementStride, int n, int lines, boolean inverse);

  /** Forward, times Green's function, inverse; the same bits as those three one after the other. */
  void solve(float[] data, int re, int im, int elementStride, int n, int lines, Green green);
}
