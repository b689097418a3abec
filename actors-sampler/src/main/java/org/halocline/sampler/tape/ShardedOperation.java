package org.halocline.sampler.tape;

import org.halocline.cosmology.kernel.Field;

/**
 * A whole kernel on the tape: replicated scalars and a sharded field go in, a sharded field comes out. Every rank calls it
 * alike. Its memory is allocated once; at most one forward pass is outstanding at a time.
 */
public interface ShardedOperation {

  /**
   * @return the operation's own field; the tape may overwrite it by its cotangent
   * @throws OutsideSupportException on every rank alike, where the model has no density
   */
  Field.Floats forward(double[] scalars, Field.Floats field);

  /**
   * The adjoint of the last {@link #forward}.
   *
   * @param cotangent of the result
   * @param gradient overwritten by the field's cotangent
   * @return the scalars' cotangents, the same bits on every rank
   */
  double[] reverse(Field.Floats cotangent, Field.Floats field, Field.Floats gradient);
}
