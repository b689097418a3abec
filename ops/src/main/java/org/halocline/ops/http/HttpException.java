package org.halocline.ops.http;

import org.halocline.runtime.config.Problem;

/** The HTTP server could not start. The message says what is wrong, and the remedy. */
public final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  HttpException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  HttpException(Problem problem) {
    this(problem, null);
  }

  public Problem problem() {
    return problem;
  }
}
