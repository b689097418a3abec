package org.halocline.transport;

/**
 * One block on its way, in either direction. Thread-safe: any thread may ask or wait; the data plane's own thread
 * completes it.
 *
 * <p>
 * The memory given to {@link Link#receive} or {@link Link#send} belongs to the data plane until the transfer is done,
 * has failed, or {@link Link#revoke} has returned: before that it must be neither freed nor, for a send, written, nor,
 * for a receive, read. A send is done when its last byte was handed to the media driver, a receive when its last byte
 * is in place.
 *
 * <p>
 * {@code toString} says what the transfer is waiting for and since when.
 */
public interface Transfer {
  /** True once the transfer has ended, well or badly; {@link #await} then returns or throws at once. */
  boolean isDone();

  /**
   * Parks the calling thread (platform or virtual) until the transfer has ended. An interrupt does not end the wait; it
   * is kept for the caller to see.
   *
   * @throws TransferRevokedException the transfer's chain or link was revoked or closed
   * @throws TransferFailedException the two ends disagree about phase or length, or the data plane has stopped
   */
  void await() throws TransferRevokedException, TransferFailedException;
}
