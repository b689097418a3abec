package org.halocline.cosmology.kernel;

import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.random.NoiseKey;

/**
 * Vector algebra on fields of one block: what samplers do to z, its momentum and its gradient. Element-wise results
 * depend on the elements alone; sums are made of whole z lines (always on one rank), so they do not depend on the
 * layout either.
 */
public interface Vectors {

  void fill(Field.Floats field, float value);

  void copy(Field.Floats from, Field.Floats to);

  /** {@code y ← y + a x}, in float. */
  void add(float a, Field.Floats x, Field.Floats y);

  /** {@code y ← a y}. */
  void scale(float a, Field.Floats y);

  /** The exact flow of ½(q² + p²): {@code (q, p) ← (c q + s p, −s q + c p)} with c, s of the angle (StrictMath). */
  void rotate(Field.Floats q, Field.Floats p, double angle);

  /** Adds a field into a double-precision accumulator, and its squares into another. */
  void accumulate(Field.Floats field, Field.Doubles sum, Field.Doubles sumOfSquares);

  /**
   * White noise N(0, 1), one normal a cell of the block: Philox keyed on seed and stream, counted by global cell index,
   * so that a cell's number depends on neither layout nor lane.
   */
  void normal(Field.Floats into, Decomposition decomposition, int rank, NoiseKey key);

  /**
   * Adds factor · Σ a·b over the block to a sum; terms of each z line of {@code nz} elements are added in order, in
   * double.
   */
  void dot(Field.Floats a, Field.Floats b, int nz, double factor, ExactSum sum);

  /**
   * The gradient kernel of a Gaussian likelihood: residual r = model − data; model ← r/σ², and Σ r²/σ² is added to a
   * sum.
   */
  void residual(Field.Floats model, Field.Floats data, double sigma, int nz, ExactSum sum);
}
