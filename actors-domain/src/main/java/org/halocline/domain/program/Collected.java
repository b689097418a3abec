package org.halocline.domain.program;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What this JVM's garbage collector did in a stretch of time, all threads standing still meanwhile, and what made it. A
 * run's summary has it as it is.
 *
 * @param count collections
 * @param ms milliseconds that they took
 * @param garbageBytes bytes that all threads together allocated on the heap
 */
public record Collected(long count, long ms, @JsonProperty("garbage-bytes") long garbageBytes) {
  public static final Collected NONE = new Collected(0, 0, 0);

  /** Since the JVM started, by all of its collectors and threads. */
  public static Collected soFar() {
    long count = 0;
    long ms = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += Math.max(0, collector.getCollectionCount());
      ms += Math.max(0, collector.getCollectionTime());
    }
    return new Collected(count, ms, ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
        ? Math.max(0, threads.getTotalThreadAllocatedBytes())
        : 0);
  }

  /** What came after an earlier look. */
  public Collected since(Collected earlier) {
    return new Collected(count - earlier.count, ms - earlier.ms, garbageBytes - earlier.garbageBytes);
  }

  /** Of two stretches one after the other. */
  public Collected plus(Collected next) {
    return new Collected(count + next.count, ms + next.ms, garbageBytes + next.garbageBytes);
  }

  /** Of two JVMs, or of two looks at one: the most of each. */
  public Collected or(Collected other) {
    return new Collected(Math.max(count, other.count), Math.max(ms, other.ms),
        Math.max(garbageBytes, other.garbageBytes));
  }

  /** "3 in 12 ms". */
  public String words() {
    return String.format(Locale.ROOT, "%d in %d ms", count, ms);
  }
}
