package org.halocline.sampler.kernel;

import java.util.Optional;

/**
 * Steps through phase space: a half kick by −∂U, the exact flow of the rest for time ε (a rotation of (z, p_z), a
 * straight drift of θ), and a half kick.
 */
public final class Leapfrog {
  /** An energy error beyond which a path is called divergent, as in Stan. */
  public static final double DIVERGENCE = 1000;

  private Leapfrog() {}

  /**
   * How a path ended.
   *
   * @param divergence why it could not be followed to its end; then the momenta are of no use
   */
  public record Path(int gradients, Optional<String> divergence) {}

  /**
   * Follows a path; two half kicks between steps are made as one.
   *
   * @param before H at its beginning
   */
  public static Path follow(PhasePoint point, Metric metric, double step, int steps, double before) {
    point.kick(0.5 * step);
    for (int n = 1; n <= steps; n++) {
      point.scope().collectives().port().yieldPoint();
      point.drift(step, metric);
      point.evaluate();
      if (!point.here().inside())
        return new Path(n, point.here().outside());
      if (!(point.here().potential() - before < DIVERGENCE))
        return new Path(n, Optional.of("the energy rose by more than " + DIVERGENCE));
      point.kick(n < steps ? step : 0.5 * step);
    }
    return new Path(steps, Optional.empty());
  }
}
