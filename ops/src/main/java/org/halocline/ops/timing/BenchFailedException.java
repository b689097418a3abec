package org.halocline.ops.timing;

/** A benchmark could not be run; the message says why. */
public final class BenchFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BenchFailedException(String message) {
    super(message);
  }
}
