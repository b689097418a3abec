package org.halocline.runtime.membership;

import org.halocline.runtime.config.Problem;

/** A node could not start. The message says what is wrong, and the remedy. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final boolean badInput;

  public NodeException(Problem problem, Throwable cause) {
    this(problem, cause, false);
  }

  private NodeException(Problem problem, Throwable cause, boolean badInput) {
    super(problem.toString(), cause);
    this.problem = problem;
    this.badInput = badInput;
  }

  /** What was asked can never work: another cluster, another protocol, another directory. */
  public static NodeException refused(Problem problem, Throwable cause) {
    return new NodeException(problem, cause, true);
  }

  /** Whether starting it again as it was would fail again. */
  public boolean isBadInput() {
    return badInput;
  }

  public Problem problem() {
    return problem;
  }
}
