package org.halocline.runtime.node;

import org.halocline.runtime.config.Problem;

/** A node could not start. The message says what is wrong, and the remedy. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  public NodeException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
