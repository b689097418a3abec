package org.halocline.domain.program;

import java.util.Locale;

/**
 * What a lane did in a stretch of time.
 *
 * @param computing seconds in kernels and what is between them
 * @param waiting seconds in which no chain held it: for peers, for the next command
 * @param copying seconds of moving numbers between fields and staging memory
 */
public record LaneUse(double computing, double waiting, double copying) {

  /** If one chain has the lane to itself, or if no chain has, only that chain's stretch counts. */
  public static LaneUse of(long wallNs, long waitedNs, long copiedNs) {
    return new LaneUse(Math.max(0, wallNs - waitedNs - copiedNs) * 1e-9, waitedNs * 1e-9, copiedNs * 1e-9);
  }

  public double seconds() {
    return computing + waiting + copying;
  }

  /** "computing 92.0%, waiting 5.5%, copying 2.5%". */
  public String shares() {
    return String.format(Locale.ROOT, "computing %.1f%%, waiting %.1f%%, copying %.1f%%", percent(computing),
        percent(waiting), percent(copying));
  }

  private double percent(double part) {
    return seconds() > 0 ? 100 * part / seconds() : 0;
  }
}
