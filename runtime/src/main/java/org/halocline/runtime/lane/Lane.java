package org.halocline.runtime.lane;

/**
 * One core or one GPU that runs kernels, one at a time. The thread of a chain holds the lane while it computes and
 * gives it up while it waits, so that another chain's kernels run meanwhile. Any thread may use it; a hold belongs to
 * the thread that acquired it and is not re-entrant.
 */
public interface Lane {

  LaneTraits traits();

  default String name() {
    return traits().name();
  }

  /** What it is: {@link LaneTraits#CORE} or {@link LaneTraits#CUDA}. */
  default String kind() {
    return traits().kind();
  }

  /** Waits in line, parked, until the lane is this thread's. Interrupts are ignored (and kept). */
  void acquire();

  /** Hands the lane to the thread that has waited longest. */
  void release();

  boolean contended();

  /**
   * Whether another thread waits and the holder has had its share of time: a hint for when to give the lane up. Handing
   * it over at every kernel would cost more in switches and cold caches than it gains in fairness.
   */
  boolean overdue();

  /** Its holder tells that so much of its hold went into moving numbers to and from staging memory. */
  void copied(long ns);

  /** Totals since the lane was opened. */
  LaneTimes times();
}
