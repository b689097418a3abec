package org.halocline.sampler.hmc;

/**
 * One trajectory to integrate.
 *
 * @param draw number of the draw, warm-up included; names the random numbers with subStep
 * @param subStep 0 for a draw, others for probes of the step size
 * @param stepSize angle by which a step turns the field, and time for the scalars
 * @param steps at least 1
 * @param inverseMetric M⁻¹ of the scalars, row by row
 * @param probe whether the chain stays where it is, whatever the outcome
 */
public record TrajectoryPlan(int draw, int subStep, double stepSize, int steps, double[] inverseMetric, boolean probe) {

  public TrajectoryPlan {
    if (!(stepSize > 0) || Double.isInfinite(stepSize) || steps < 1)
      throw new IllegalArgumentException("a trajectory of " + steps + " steps of " + stepSize);
  }
}
