package org.halocline.ops.api;

import java.time.Duration;
import org.halocline.runtime.config.Problem;

/** The coordinator has not answered. It may be moving to another node: asked again, it does nothing twice. */
public final class ClusterSilentException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ClusterSilentException(Duration waited, Throwable cause) {
    this(Problem.of("coordinator",
        "has not answered for " + waited.toMillis() / 1000.0 + " s; it may be moving to another node",
        "ask again in some seconds"), cause);
  }

  private ClusterSilentException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
