package org.halocline.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what will come, on a slow and busy machine too; its end is only for what never comes. */
public final class Waiting {
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(3);
  private static final long LOOK_EVERY_NS = 5_000_000;

  private Waiting() {}

  /** Whether it has come. */
  public interface Look {
    boolean sees() throws Exception;
  }

  /** @param what what is waited for, in words */
  public static void until(String what, Look look) throws Exception {
    long end = System.nanoTime() + PATIENCE_NS;
    while (!look.sees()) {
      assertTrue(System.nanoTime() - end < 0, () -> "does not come: " + what);
      LockSupport.parkNanos(LOOK_EVERY_NS);
    }
  }
}
