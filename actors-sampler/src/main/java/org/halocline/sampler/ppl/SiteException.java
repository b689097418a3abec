package org.halocline.sampler.ppl;

/** An error of a program whose message names the site. */
final class SiteException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  SiteException(String message) {
    super(message);
  }

  SiteException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * What is wrong with a program, with the place where it is.
   *
   * @param place such as {@code after the site 'a'}; a message that names its site needs none
   */
  static SiteException of(RuntimeException fault, String place) {
    return fault instanceof SiteException named
        ? named
        : new SiteException(fault.getMessage() + " (" + place + ")", fault);
  }
}
