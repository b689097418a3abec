package org.halocline.runtime.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with what a user gave.
 *
 * @param key dashed configuration key, option, or file (with line where known)
 * @param value what it was; empty when there was none
 * @param bound what it must be, or what is wrong, as a phrase after the value
 * @param remedy what to do
 */
public record Problem(String key, String value, String bound, String remedy) {

  /** A problem that has no value to show. */
  public static Problem of(String key, String bound, String remedy) {
    return new Problem(key, "", bound, remedy);
  }

  /** One line a problem. */
  public static String lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return key + (value.isEmpty() ? "" : " = " + value) + ": " + bound + (remedy.isEmpty() ? "" : "; " + remedy);
  }
}
