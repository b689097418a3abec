package org.halocline.sampler.adapt;

/**
 * How a chain warms up and how long its trajectories are.
 *
 * @param warmUp draws
 * @param targetAcceptance mean acceptance that the step size is adapted to
 * @param stepSize first step size
 * @param trajectory angle that a trajectory turns the field by
 * @param jitter trajectories vary by this share, uniformly
 * @param maxSteps bound on the steps of a trajectory
 * @param dense whether the scalars' metric has correlations
 */
public record AdaptationSettings(int warmUp, double targetAcceptance, double stepSize, double trajectory, double jitter,
    int maxSteps, boolean dense) {

  /** Steps of a trajectory of middling length at the first step size. */
  public int usualSteps() {
    return Math.clamp(Math.round(trajectory / stepSize), 1, maxSteps);
  }
}
