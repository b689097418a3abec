package org.halocline.ops.http;

import org.halocline.runtime.config.Problem;

/** The HTTP server could not start. The message says what is wrong, and the remedy. */
public final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final boolean badInput;

  HttpException(Problem problem, Throwable cause, boolean badInput) {
    super(problem.toString(), cause);
    this.problem = problem;
    this.badInput = badInput;
  }

  HttpException(Problem problem) {
    this(problem, null, true);
  }

  /** Whether what was asked is at fault. */
  public boolean isBadInput() {
    return badInput;
  }

  public Problem problem() {
    return problem;
  }
}
