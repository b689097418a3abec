package org.halocline.transport;

/**
 * A transfer that can never complete: its ends disagree about phase or length (a defect in the calling program), or the
 * data plane has stopped. Unchecked, so that it can pass through numerics that know no transport.
 */
public final class TransferFailedException extends RuntimeException {
  public TransferFailedException(String message) {
    super(message);
  }
}
