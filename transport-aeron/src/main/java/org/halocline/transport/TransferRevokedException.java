package org.halocline.transport;

/**
 * The domain or the chain of this transfer has ended, on purpose. Unchecked, so that it can pass through numerics that
 * know no transport.
 */
public final class TransferRevokedException extends RuntimeException {
  public TransferRevokedException(String message) {
    super(message);
  }
}
