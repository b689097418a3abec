package org.halocline.runtime.lane;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lane of any kind: a fair lock, first come first served. Virtual threads park on it without pinning their carrier.
 * It does not bind a thread to a core; there are as many lanes as cores, and that is what keeps the cores apart. On a
 * GPU it decides whose work is enqueued next.
 */
public class FairLane implements Lane {

  /** How long a holder computes while others wait, nanoseconds: some hundred hand-overs' cost. */
  private static final long SHARE_NS = 20_000_000;

  private final LaneTraits traits;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final LongAdder waitedNs = new LongAdder();
  private final LongAdder copiedNs = new LongAdder();
  private volatile long heldSinceNs;
  private volatile boolean held;
  private volatile long busyNs;
  private volatile long holds;

  public FairLane(LaneTraits traits) {
    this.traits = traits;
  }

  @Override
  public LaneTraits traits() {
    return traits;
  }

  @Override
  public void acquire() {
    if (lock.isHeldByCurrentThread())
      throw new IllegalStateException("lane " + name() + " is held by this thread already");
    if (lock.hasQueuedThreads() || !lock.tryLock()) {
      long from = System.nanoTime();
      lock.lock();
      waitedNs.add(System.nanoTime() - from);
    }
    heldSinceNs = System.nanoTime();
    held = true;
  }

  @Override
  public void release() {
    if (!lock.isHeldByCurrentThread())
      throw new IllegalStateException("lane " + name() + " is not held by this thread");
    long ended = busyNs + (System.nanoTime() - heldSinceNs);
    held = false;
    busyNs = ended;
    holds = holds + 1;
    lock.unlock();
  }

  /**
   * Runs what only waits, for a device perhaps. If this thread holds the lane and another waits for it, the lane is
   * that one's meanwhile, and this thread's again before it returns.
   */
  public void lend(Runnable wait) {
    if (!lock.isHeldByCurrentThread() || !contended()) {
      wait.run();
      return;
    }
    release();
    try {
      wait.run();
    } finally {
      acquire();
    }
  }

  @Override
  public boolean contended() {
    return lock.hasQueuedThreads();
  }

  @Override
  public boolean overdue() {
    return lock.hasQueuedThreads() && System.nanoTime() - heldSinceNs >= SHARE_NS;
  }

  @Override
  public void copied(long ns) {
    copiedNs.add(ns);
  }

  @Override
  public LaneTimes times() {
    long current = held ? Math.max(0, System.nanoTime() - heldSinceNs) : 0;
    return new LaneTimes(busyNs + current, waitedNs.sum(), holds, copiedNs.sum());
  }

  @Override
  public String toString() {
    return name();
  }
}
