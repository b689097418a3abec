package org.halocline.cosmology.core.pointwise;

import org.halocline.cosmology.kernel.Pointwise.Function;

/**
 * A function of each of a run of elements, in one place. {@link ScalarPointwiseLines} says what the numbers are;
 * {@link VectorPointwiseLines} makes the same bits faster.
 */
public interface PointwiseLines {

  /** {@code out[i] ← f(x[i])} for i in [from, to); {@code out} may be x. */
  void apply(Function f, double parameter, float[] x, float[] out, int from, int to);

  /** {@code out[i] ← cotangent[i] · f′(x[i])} for i in [from, to); {@code out} may be x or the cotangent. */
  void transpose(Function f, double parameter, float[] x, float[] cotangent, float[] out, int from, int to);

  /** {@code terms[k] ← cotangent[from + k] · ∂(x^a)/∂a} at x[from + k], for k in [0, count). */
  void byExponent(double exponent, float[] x, float[] cotangent, int from, double[] terms, int count);

  /** {@code out[i] ←} the larger of x[i] and y[i], NaN if either is; {@code out} may be either. */
  void max(float[] x, float[] y, float[] out, int from, int to);

  /** {@code out[i] ← cotangent[i]} where x[i] ≥ y[i], 0 elsewhere; {@code out} may be any of them. */
  void maxTranspose(float[] x, float[] y, float[] cotangent, float[] out, int from, int to);
}
