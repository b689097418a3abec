package org.halocline.ops.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, and fails with its name where it does not come. */
final class Waiting {
  private static final long LOOK_EVERY_NS = 20_000_000;

  private Waiting() {}

  interface Look<T> {
    Optional<T> at() throws Exception;
  }

  static <T> T until(Duration patience, String what, Look<T> look) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() - end < 0) {
      Optional<T> seen = look.at();
      if (seen.isPresent())
        return seen.get();
      LockSupport.parkNanos(LOOK_EVERY_NS);
    }
    throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
  }
}
