package org.halocline.cosmology.cuda.device;

/**
 * One GPU. Thread-safe. All driver calls are made by its own one platform thread ("cuda-0" for ordinal 0); callers
 * enqueue. A device that has met an error which its context does not survive, such as an illegal address, is broken:
 * every later call says so.
 */
public interface Device extends AutoCloseable {

  /** What it is and how it is reached. */
  DeviceDescription description();

  /**
   * Names the transforms' numbers, such as {@code cuda/cufft-11.4.1/sm_90}: cuFFT may choose other code in another
   * version or on another architecture.
   */
  String arithmetic();

  /** False once it is broken or closed: it opens no queue any more. */
  boolean usable();

  /**
   * A queue for one chain, with streams and memory of its own, closed with the chain.
   *
   * @param waits around every wait for work that was enqueued
   * @throws DeviceException if the device is broken or closed
   */
  DeviceQueue open(Waits waits);

  /** As {@link #open(Waits)}; the chain keeps what it has while it waits. */
  default DeviceQueue open() {
    return open(Waits.HOLDING);
  }

  /** Closes the queues that are left open, newest first, then the context. Idempotent. */
  @Override
  void close();
}
