package org.halocline.sampler.kernel;

/**
 * A sampler's half on the ranks: moves a phase point. All ranks call alike. Its memory is allocated when it is made.
 * Used by the chain's own thread only.
 */
public interface TransitionKernel {

  /** Makes one draw. @throws IllegalArgumentException if the move is another sampler's */
  Transition run(Move move);
}
