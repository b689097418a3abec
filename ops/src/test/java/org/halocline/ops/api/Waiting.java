package org.halocline.ops.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, and fails with its name where it does not come. */
public final class Waiting {
  private static final long LOOK_EVERY_NS = 20_000_000;
  /** For what comes on a slow and busy machine too: this is only for what never comes. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Waiting() {}

  interface Look<T> {
    Optional<T> at() throws Exception;
  }

  /** Whether something has come. */
  public interface Check {
    boolean holds() throws Exception;
  }

  /** @param what what is waited for, in words */
  public static void until(String what, Check check) throws Exception {
    until(PATIENCE, what, () -> check.holds() ? Optional.of(true) : Optional.empty());
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
