package org.halocline.cosmology.cuda.device;

/**
 * One GPU. Thread-safe. All driver calls are made by its own one platform thread ("cuda-0" for ordinal 0); callers enqueue. A device
 * that has met an error which its context does not survive, such as an illegal address, is broken: every later call says so.
 */
public interface Device extends AutoCloseable {

  /** What it is and how it is reached. */
  DeviceDescription description();

  /** Names the transforms' numbers, such as {@code cuda/cufft-11.4.1/sm_90}: cuFFT
   * may choose other code in another version or on another architecture. */
  String arithmetic();

  /** False once it is broken or closed: it opens no queue any more. */
  boolean usable();

  /**
   * A queue for one chain, with streams and memory of its own, closed with the chain.
   *
   * @throws DeviceException if the device is broken or closed
   */
  DeviceQueue open();

  /** Closes the queues that are left open, newest first, then the context. Idempotent. */
  @Override
  void close();
}
