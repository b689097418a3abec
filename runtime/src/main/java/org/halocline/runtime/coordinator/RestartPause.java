package org.halocline.runtime.coordinator;

/** How long a job rests before it is started again, milliseconds. Pure. */
public final class RestartPause {
  private static final long FIRST = 250;
  private static final long LONGEST = 30_000;
  private static final long FIRST_FOR_SPACE = 5_000;
  private static final long LONGEST_FOR_SPACE = 60_000;

  private RestartPause() {}

  /** After so many starts in a row that came no further: after the first of them none. */
  public static long after(int fruitless) {
    return fruitless <= 1 ? 0 : doubled(FIRST, fruitless, LONGEST);
  }

  /** After so many earlier starts in a row for which there was no space on the disk. */
  public static long forSpace(int fullDisks) {
    return doubled(FIRST_FOR_SPACE, fullDisks, LONGEST_FOR_SPACE);
  }

  private static long doubled(long first, int times, long longest) {
    return Math.min(longest, first << Math.min(times, 10));
  }
}
