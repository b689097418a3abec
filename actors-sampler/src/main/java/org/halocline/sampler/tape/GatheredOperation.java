package org.halocline.sampler.tape;

import org.halocline.cosmology.kernel.Field;

/**
 * A whole kernel on the tape: replicated scalars and a sharded field go in, an array on rank 0 comes out. Every rank calls
 * it alike. Its memory is allocated once; at most one forward pass is outstanding at a time.
 */
public interface GatheredOperation {

  /**
   * @return a new array on rank 0, length 0 elsewhere
   * @throws OutsideSupportException on every rank alike, where the model has no density
   */
  double[] forward(double[] scalars, Field.Floats field);

  /**
   * The adjoint of the last {@link #forward}.
   *
   * @param cotangent of the array; length 0 except on rank 0
   * @param gradient overwritten by the field's cotangent
   * @return the scalars' cotangents, the same bits on every rank
   */
  double[] reverse(double[] cotangent, Field.Floats field, Field.Floats gradient);
}
