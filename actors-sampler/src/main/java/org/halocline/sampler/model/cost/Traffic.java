package org.halocline.sampler.model.cost;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.halocline.cosmology.comm.Port.Phase;

/**
 * What one rank sends.
 *
 * @param bytes by phase; phases in which nothing is sent are absent
 * @param messages parcels sent
 * @param rounds exchanges: each is a wait for the slowest peer
 */
public record Traffic(Map<Phase, Long> bytes, long messages, long rounds) {
  static final Traffic NONE = new Traffic(Map.of(), 0, 0);

  public Traffic {
    Map<Phase, Long> sorted = new EnumMap<>(Phase.class);
    sorted.putAll(bytes);
    sorted.values().removeIf(count -> count == 0);
    bytes = Collections.unmodifiableMap(sorted);
  }

  /** Both together. */
  public Traffic plus(Traffic other) {
    return plus(other, 1);
  }

  /** This, and another so many times. */
  public Traffic plus(Traffic other, long times) {
    Map<Phase, Long> sum = new EnumMap<>(Phase.class);
    sum.putAll(bytes);
    other.bytes.forEach((phase, count) -> sum.merge(phase, times * count, Long::sum));
    return new Traffic(sum, messages + times * other.messages, rounds + times * other.rounds);
  }

  /** All phases together. */
  public long allBytes() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }
}
