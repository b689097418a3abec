package org.halocline.ops.client;

import java.util.List;
import org.halocline.ops.cli.ExitCode;
import org.halocline.runtime.config.Problem;

/** A node has not answered as hoped. The message has every problem; the exit code is what a command ends with. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;
  private final transient List<Problem> problems;

  public ApiException(int exitCode, List<Problem> problems) {
    super(Problem.lines(problems));
    this.exitCode = exitCode;
    this.problems = List.copyOf(problems);
  }

  public ApiException(int exitCode, Problem problem) {
    this(exitCode, List.of(problem));
  }

  static ApiException of(int status, List<Problem> problems) {
    int exitCode = switch (status) {
      case 404 -> ExitCode.NOT_FOUND;
      case 401, 403 -> ExitCode.NOT_ALLOWED;
      case 400, 405, 409, 413, 422 -> ExitCode.BAD_INPUT;
      case 503 -> ExitCode.NO_ANSWER;
      default -> ExitCode.FAILURE;
    };
    return new ApiException(exitCode, problems);
  }

  public int exitCode() {
    return exitCode;
  }

  public List<Problem> problems() {
    return problems;
  }
}
