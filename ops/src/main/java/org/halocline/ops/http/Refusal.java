package org.halocline.ops.http;

import java.util.List;
import org.halocline.runtime.config.Problem;

/** Why a request is not answered as its caller hoped: a status code, and what was wrong. */
public class Refusal extends Exception {
  private static final long serialVersionUID = 1;
  public static final int BAD_REQUEST = 400;
  public static final int UNAUTHORIZED = 401;
  public static final int FORBIDDEN = 403;
  public static final int NOT_FOUND = 404;
  public static final int NOT_ALLOWED = 405;
  public static final int CONFLICT = 409;
  public static final int TOO_LARGE = 413;
  public static final int BAD_INPUT = 422;
  public static final int FAILED = 500;
  public static final int UNAVAILABLE = 503;

  private final int status;
  private final transient List<Problem> problems;
  private final String allowed;

  public Refusal(int status, List<Problem> problems) {
    this(status, problems, "");
  }

  private Refusal(int status, List<Problem> problems, String allowed) {
    super(Problem.lines(problems), null, false, false);
    this.status = status;
    this.problems = List.copyOf(problems);
    this.allowed = allowed;
  }

  /**
   * The method is not for the path.
   *
   * @param allowed those that are, as the header Allow lists them
   */
  static Refusal notAllowed(Problem problem, String allowed) {
    return new Refusal(NOT_ALLOWED, List.of(problem), allowed);
  }

  public Refusal(int status, Problem problem) {
    this(status, List.of(problem));
  }

  public int status() {
    return status;
  }

  public List<Problem> problems() {
    return problems;
  }

  /** Methods that the path takes; empty where the method is not what is wrong. */
  String allowed() {
    return allowed;
  }
}
