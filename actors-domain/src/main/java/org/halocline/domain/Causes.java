package org.halocline.domain;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What to tell a person of an exception that came through a future. */
final class Causes {
  private Causes() {}

  static String message(Throwable problem) {
    Throwable root = problem;
    while ((root instanceof CompletionException || root instanceof ExecutionException) && root.getCause() != null)
      root = root.getCause();
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
