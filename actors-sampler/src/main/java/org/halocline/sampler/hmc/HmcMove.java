package org.halocline.sampler.hmc;

import org.halocline.sampler.kernel.Move;

/**
 * One trajectory to follow.
 *
 * @param stepSize angle by which a step turns the fields, and time for the scalars
 * @param steps at least 1
 * @param inverseMetric M⁻¹ of the scalars, row by row
 * @param descent whether the chain is still on its way down to the posterior: then every end is accepted whose energy
 * error is below {@link HmcKernel#DESCENT}; for the first draws of a warm-up only
 */
public record HmcMove(int draw, double stepSize, int steps, double[] inverseMetric, boolean descent) implements Move {

  public HmcMove {
    if (!(stepSize > 0) || Double.isInfinite(stepSize) || steps < 1)
      throw new IllegalArgumentException("a trajectory of " + steps + " steps of " + stepSize);
  }
}
