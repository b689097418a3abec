package org.halocline.ops.cli;

/** How commands end. A signal ends them with 130 or 143. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILURE = 1;
  public static final int BAD_INPUT = 2;
  /** The job, file or blob is not there. */
  public static final int NOT_FOUND = 3;
  /** No node answers at the address, or its cluster has no coordinator at the moment. */
  public static final int NO_ANSWER = 4;
  /** The token is missing or wrong. */
  public static final int NOT_ALLOWED = 5;

  /** The run finished, but its results are not to be believed: a chain never moved, or the like. */
  public static final int NOT_BELIEVED = 6;

  private ExitCode() {}
}
