package org.halocline.transport.driver;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * A log for warnings that a stranger can bring about as often as it likes. It logs one warning at most every ten
 * seconds, with the number of warnings that it left out. Thread-safe.
 */
final class RateLimitedLog {
  private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final LongSupplier clockNs;
  private long loggedNs;
  private long unsaid = -1;

  RateLimitedLog(Logger log, LongSupplier clockNs) {
    this.log = log;
    this.clockNs = clockNs;
  }

  synchronized void warn(String what) {
    long now = clockNs.getAsLong();
    if (unsaid >= 0 && now - loggedNs < EVERY_NS) {
      unsaid++;
      return;
    }
    log.warn(unsaid > 0 ? what + " (and " + unsaid + " warnings since the last)" : what);
    loggedNs = now;
    unsaid = 0;
  }
}
