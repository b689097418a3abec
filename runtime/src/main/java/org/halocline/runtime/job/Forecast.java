package org.halocline.runtime.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a job will do in a layout, reckoned before it runs: how long, and what its ranks will send each other.
 *
 * @param unit what is counted: "gradient", "simulation"
 * @param parts seconds of one unit, by part; empty where it is unknown
 * @param units how many units of work the busiest domain does, one after another
 * @param counted how the units were counted, in words; empty where the job says how many
 * @param ranks what each rank of a domain sends for one unit
 * @param basis where the constants come from, or why there are no times, in words
 */
public record Forecast(String unit, Map<String, Double> parts, double units, String counted,
    List<Sent> ranks, String basis) {
  public Forecast {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    ranks = List.copyOf(ranks);
  }

  /**
   * What one rank sends.
   *
   * @param bytes by phase
   * @param messages blocks sent, all phases together
   * @param rounds how often it waits for others
   */
  public record Sent(Map<String, Long> bytes, long messages, long rounds) {
    public Sent {
      bytes = Collections.unmodifiableMap(new LinkedHashMap<>(bytes));
    }

  }

  public double seconds() {
    return parts.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
