package org.halocline.runtime.support;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.halocline.runtime.cluster.JobTerms;

/** Terms that are usual but for one. */
public final class ToyTerms {
  private static final JobTerms USUAL = JobTerms.usual();

  private ToyTerms() {}

  public static JobTerms priority(int priority) {
    return new JobTerms(priority, OptionalInt.empty(), USUAL.mostRestarts(), OptionalLong.empty());
  }

  public static JobTerms mostLanes(int lanes) {
    return new JobTerms(0, OptionalInt.of(lanes), USUAL.mostRestarts(), OptionalLong.empty());
  }

  public static JobTerms mostRestarts(int restarts) {
    return new JobTerms(0, OptionalInt.empty(), restarts, OptionalLong.empty());
  }

  public static JobTerms mostSeconds(long seconds) {
    return new JobTerms(0, OptionalInt.empty(), USUAL.mostRestarts(), OptionalLong.of(seconds));
  }
}
