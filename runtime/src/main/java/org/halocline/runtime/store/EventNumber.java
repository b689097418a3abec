package org.halocline.runtime.store;

/** Numbers of events: the coordinator's incarnation above, a count below, so that they grow also when it moves. */
public final class EventNumber {
  private static final int BITS = 31;

  private EventNumber() {}

  /** The first number of a coordinator; exact in a double for the first four million of them. */
  public static long first(int incarnation) {
    return (long) incarnation << BITS;
  }

  static int incarnation(long number) {
    return (int) (number >> BITS);
  }
}
