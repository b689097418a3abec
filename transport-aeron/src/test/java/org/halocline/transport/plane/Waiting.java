package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will come, on a slow and busy machine too; its end is only for what never comes. */
final class Waiting {
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(3);
  private static final long LOOK_EVERY_NS = 50_000;

  private Waiting() {}

  /** @param what what is waited for, in words */
  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "does not come: " + what);
      LockSupport.parkNanos(LOOK_EVERY_NS);
    }
  }
}
