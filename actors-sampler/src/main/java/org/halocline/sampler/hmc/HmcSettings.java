package org.halocline.sampler.hmc;

import java.util.List;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.kernel.ChainPolicy;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.SamplerSettings;
import org.halocline.sampler.kernel.TransitionKernel;

/**
 * How a chain warms up and how long its trajectories are.
 *
 * @param warmUp draws
 * @param targetAcceptance mean acceptance that the step size is adapted to
 * @param stepSize first step size
 * @param trajectory angle that a trajectory turns the fields by
 * @param jitter trajectories vary by this share, uniformly
 * @param maxSteps bound on the steps of a trajectory
 * @param dense whether the scalars' metric has correlations
 */
public record HmcSettings(int warmUp, double targetAcceptance, double stepSize, double trajectory, double jitter,
    int maxSteps, boolean dense) implements SamplerSettings {
  /** Of trees that static trajectories do not grow; CmdStan's readers want one that no draw reaches. */
  private static final int MAX_DEPTH = 10;

  private enum MetricShape {
    DENSE, DIAGONAL
  }

  static HmcSettings read(Settings infer, int warmUp) {
    double target = infer.number("target-accept", 0.8, Range.between(0.3, 0.99));
    double trajectory = infer.number("trajectory", 1.57, Range.between(0.01, 20));
    double step = infer.number("step-size", 0.1, Range.between(1e-5, 2));
    double jitter = infer.number("jitter", 0.25, Range.between(0, 0.9));
    int steps = infer.integer("max-steps", 64, 1, 4096);
    boolean dense = infer.choice("metric", MetricShape.class, MetricShape.DENSE) == MetricShape.DENSE;
    return new HmcSettings(warmUp, target, step, trajectory, jitter, steps, dense);
  }

  @Override
  public String sampler() {
    return Hmc.NAME;
  }

  @Override
  public TransitionKernel kernel(PhasePoint point) {
    return new HmcKernel(point);
  }

  @Override
  public ChainPolicy policy(long seed, int chain, int scalars) {
    return new HmcPolicy(this, seed, chain, scalars);
  }

  /** The start of the trajectory. */
  @Override
  public int copies() {
    return 1;
  }

  /** Steps of a trajectory of middling length at the first step size. */
  @Override
  public int usualGradients() {
    return Math.clamp(Math.round(trajectory / stepSize), 1, maxSteps);
  }

  @Override
  public String supposition() {
    return "at infer.step-size, which the warm-up changes";
  }

  @Override
  public List<String> comments() {
    return List.of("  algorithm = " + Hmc.NAME, "    int_time = " + trajectory,
        "    metric = " + (dense ? "dense_e" : "diag_e"), "    max_depth = " + MAX_DEPTH,
        "  adapt delta = " + targetAcceptance);
  }
}
