package org.halocline.cosmology.cuda.driver;

/** A library or a driver is not there or cannot be used; the message says which, why and what would help. */
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  public UnavailableException(String message) {
    super(message);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
