package org.halocline.cosmology.fft;

/**
 * Transforms of many lines of one length in float. Forward has the sign e^{−i…}; nothing is normalised. The bits of a
 * line depend on its numbers alone, wherever it lies and whatever lies beside it. Not thread-safe: one instance a lane.
 */
public interface LineTransforms {

  /** Real to half complex: {@code lines} lines of {@code n} floats become lines of n/2+1 pairs. */
  void forwardReal(float[] real, int realStart, float[] complex, int complexStart, int n);

  /** Half complex to real, unnormalised; the complex line is left as it was. */
  void inverseReal(float[] complex, int complexStart, float[] real, int realStart, int n);

  /**
   * Complex lines in place: element e of line l lies at pair {@code start + l · lineStride + e · elementStride}.
   *
   * @param lines number of lines
   */
  void complex(float[] data, int start, int n, int elementStride, int lines, int lineStride, boolean inverse);
}
