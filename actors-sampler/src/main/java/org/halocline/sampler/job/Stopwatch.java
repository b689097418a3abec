package org.halocline.sampler.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.PortMeter;
import org.halocline.domain.program.RankContext;
import org.halocline.sampler.model.PassListener;

/**
 * What a rank's lane did in each named part, of the fastest time where a part ran more than once, and what the JVM
 * collected in all the times together. It tells of the steps of passes meanwhile. One thread, one chain.
 */
final class Stopwatch implements PassListener {
  private final Map<String, LaneUse> parts = new LinkedHashMap<>();
  private final Map<String, Collected> collections = new LinkedHashMap<>();
  private final RankContext context;
  private final PortMeter meter;
  private long sinceNs;
  private long waitedNs;
  private long copiedNs;
  private Collected before;

  /** Starts it. */
  Stopwatch(RankContext context) {
    this.context = context;
    this.meter = context.meter();
    this.sinceNs = System.nanoTime();
    this.waitedNs = meter.waitNs();
    this.copiedNs = meter.copyNs();
    this.before = Collected.soFar();
  }

  @Override
  public void forward(int step, int steps) {
    tell("step " + step + " of " + steps, step, steps);
  }

  @Override
  public void back(int step, int steps) {
    tell("back to step " + step + " of " + steps, 2 * steps - step + 1, 2 * steps);
  }

  private void tell(String line, int done, int of) {
    if (context.rank() == 0)
      context.tell(line, done, of);
  }

  /** The time since the last call, or since the start, was spent on this part. */
  @Override
  public void passed(String part) {
    long now = System.nanoTime();
    LaneUse use = LaneUse.of(now - sinceNs, meter.waitNs() - waitedNs, meter.copyNs() - copiedNs);
    parts.merge(part, use, (one, other) -> one.seconds() <= other.seconds() ? one : other);
    Collected after = Collected.soFar();
    collections.merge(part, after.since(before), Collected::plus);
    before = after;
    sinceNs = now;
    waitedNs = meter.waitNs();
    copiedNs = meter.copyNs();
  }

  /** By part, in the order of their first laps. */
  Map<String, LaneUse> parts() {
    return parts;
  }

  /** By part, in the same order. */
  Map<String, Collected> collections() {
    return collections;
  }
}
