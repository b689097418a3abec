package org.halocline.sampler.hmc;

import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.kernel.Leapfrog;
import org.halocline.sampler.kernel.Metric;
import org.halocline.sampler.kernel.Move;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.kernel.TransitionKernel;

/** Hamiltonian Monte Carlo on one rank: follows one trajectory and accepts or rejects its end. */
final class HmcKernel implements TransitionKernel {
  /** The energy error that a trajectory may have on the way down. */
  static final double DESCENT = 10;

  private final PhasePoint point;
  private final PhasePoint.Kept start;

  HmcKernel(PhasePoint point) {
    this.point = point;
    this.start = point.new Kept();
  }

  @Override
  public Transition run(Move move) {
    if (!(move instanceof HmcMove trajectory))
      throw new IllegalArgumentException("Hamiltonian Monte Carlo does not know " + move);
    Metric metric = Metric.of(point.names().size(), trajectory.inverseMetric());
    point.refresh(move.draw(), metric);
    start.take();
    double before = point.energy(metric);
    Leapfrog.Path path = Leapfrog.follow(point, metric, trajectory.stepSize(), trajectory.steps(), before);
    double after = path.divergence().isPresent() ? Double.NaN : point.energy(metric);
    double error = after - before;
    Optional<String> divergence = path.divergence().isPresent() ? path.divergence() : judge(error);
    double acceptance = divergence.isPresent() ? 0 : Math.min(1, StrictMath.exp(-error));
    boolean accepted = divergence.isEmpty() && accepts(trajectory, error);
    if (!accepted)
      start.putBack();
    return new Transition(move.draw(), accepted, acceptance, divergence, accepted ? after : before,
        divergence.isPresent() ? Double.NaN : error, point.logDensity(), point.unconstrained(),
        point.here().constrained().clone(), point.here().derived(), path.gradients(), Map.of());
  }

  private static Optional<String> judge(double error) {
    if (error < Leapfrog.DIVERGENCE)
      return Optional.empty();
    return Optional.of("energy error = " + error + " ≥ " + Leapfrog.DIVERGENCE);
  }

  private boolean accepts(HmcMove trajectory, double error) {
    if (trajectory.descent())
      return error < DESCENT;
    NoiseKey key = point.key(NoiseKey.Purpose.ACCEPT, trajectory.draw(), 0);
    return StrictMath.log(new RandomNumbers(key, 0).uniform()) < -error;
  }
}
