package org.halocline.sampler.hmc;

/**
 * One trajectory to integrate.
 *
 * @param draw number of the draw, warm-up included; names the random numbers
 * @param stepSize angle by which a step turns the field, and time for the scalars
 * @param steps at least 1
 * @param inverseMetric M⁻¹ of the scalars, row by row
 * @param descent whether the chain is still on its way down to the posterior: then every end is accepted whose energy error
 * is below {@link Hamiltonian#DESCENT}; for the first draws of a warm-up only
 */
public record TrajectoryPlan(int draw, double stepSize, int steps, double[] inverseMetric, boolean descent) {

  public TrajectoryPlan {
    if (!(stepSize > 0) || Double.isInfinite(stepSize) || steps < 1)
      throw new IllegalArgumentException("a trajectory of " + steps + " steps of " + stepSize);
  }
}
