package org.halocline.domain.program;

/**
 * The job cannot be done as it was asked, which was found only while it ran: a displacement beyond its maximum, say.
 * Its message names value, bound and key. Thrown alike on every rank.
 */
public final class BadJobException extends Exception {

  public BadJobException(String message) {
    super(message);
  }

  public BadJobException(String message, Throwable cause) {
    super(message, cause);
  }
}
