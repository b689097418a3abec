package org.halocline.runtime.config;

import java.util.List;

/** What the user gave cannot be used. The message has one line a problem; it is meant to be shown as it is. */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public BadInputException(List<Problem> problems) {
    super(Problem.lines(problems));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
