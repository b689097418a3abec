package org.halocline.transport.plane;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Spins briefly, then parks for a bounded time, from which a submitting thread wakes it. It parks rather than yields
 * because the cores are busy computing: a thread that wakes preempts a thread that computes, one that yields waits for
 * its slice.
 *
 * <p>
 * {@link #wake} is for any thread, the rest for the data plane's own. A command offered before {@code wake} is never
 * slept through.
 */
final class WakeableIdle implements IdleStrategy {
  private static final int SPINS = 32;

  private final BooleanSupplier nothingSubmitted;
  private final LongSupplier parkNs;
  private volatile Thread parked;
  private int spins;

  WakeableIdle(BooleanSupplier nothingSubmitted, LongSupplier parkNs) {
    this.nothingSubmitted = nothingSubmitted;
    this.parkNs = parkNs;
  }

  void wake() {
    Thread thread = parked;
    if (thread != null)
      LockSupport.unpark(thread);
  }

  @Override
  public void idle(int workCount) {
    if (workCount > 0)
      reset();
    else
      idle();
  }

  @Override
  public void idle() {
    if (spins < SPINS) {
      spins++;
      Thread.onSpinWait();
      return;
    }
    parked = Thread.currentThread();
    if (nothingSubmitted.getAsBoolean())
      LockSupport.parkNanos(this, parkNs.getAsLong());
    parked = null;
  }

  @Override
  public void reset() {
    spins = 0;
  }
}
