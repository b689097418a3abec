package org.halocline.domain.job;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall time by named part, seconds: the least where a part ran more than once. One thread. */
final class Stopwatch {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long since = System.nanoTime();

  /** The time since the last call, or since the start, was spent on this part. */
  void lap(String part) {
    long now = System.nanoTime();
    seconds.merge(part, (now - since) * 1e-9, Math::min);
    since = now;
  }

  Map<String, Double> seconds() {
    return seconds;
  }
}
