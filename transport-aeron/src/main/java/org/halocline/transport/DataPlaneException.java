package org.halocline.transport;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The data plane cannot start, or cannot take another rank. Says for every problem the setting, its value, what was
 * expected, and the remedy.
 */
public final class DataPlaneException extends RuntimeException {
  private final transient List<Problem> problems;

  /**
   * @param key dashed configuration key
   * @param value what it was
   * @param bound what it must be
   * @param remedy what to do
   */
  public record Problem(String key, String value, String bound, String remedy) {
    @Override
    public String toString() {
      return key + " = " + value + ": " + bound + "; " + remedy;
    }
  }

  public DataPlaneException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public DataPlaneException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problems = List.of(problem);
  }

  public List<Problem> problems() {
    return problems;
  }

  /** Whether another port would do. */
  public boolean isOfPort() {
    return problems.stream().allMatch(problem -> problem.key().equals("transport.port"));
  }
}
