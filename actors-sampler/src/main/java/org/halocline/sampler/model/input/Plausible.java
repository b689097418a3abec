package org.halocline.sampler.model.input;

import java.util.Set;

/**
 * Which numbers can be in a file. A number that neither a simulation nor noise can make is a mark of a missing pixel,
 * or the file holds another quantity; it would drown all other data in ½χ². The bounds follow from physics and from the
 * job's noise, and for a bin of a map that is wide as a whole from its own spread. They lie far beyond every honest
 * map, also one with heavy tails or one that is mostly zero.
 *
 * @param what the numbers are of, for messages
 * @param remedy what to do about others
 * @param low, high what values must lie between
 * @param knownLow, knownHigh the same for values that surveys use as marks, such as −99
 * @param spread whether the bounds follow the bulk of a bin (the first axis)
 * @param whole whether only whole numbers can be there
 */
public record Plausible(String what, String remedy, double low, double high, double knownLow, double knownHigh,
    boolean spread, boolean whole) {
  private static final String MISSING = "data have no mask, so every value counts as measured: if it marks what is "
      + "missing, crop the data to a part without gaps, with ";
  private static final String FILLED = ", or fill the gaps with plausible values";
  /** What is left out of the sky's maps by convention, without sign; larger ones are beyond every bound anyway. */
  private static final Set<Float> MARKS = Set.of(99f, 99.9f, 99.99f, 999f, 999.9f, 999.99f, 9999f, 9999.9f, 99999f,
      32767f, 32768f, 65535f);
  /** Standard deviations of white noise: 1e100 cells have none so far out. */
  private static final double FARTHEST_NOISE = 40;
  /** κ that no line of sight through a simulation has, and how far below zero a density may lie. */
  private static final double FARTHEST = 20;
  /** Of cells, in small meshes too, whose density may be of another mean. */
  private static final double DENSEST = 5000;
  private static final double KNOWN = 10;
  private static final double KNOWN_DENSITY = 1000;
  /** Of the job's σ: how far noise may lie, and how far when the value is a known mark. */
  private static final double SIGMAS = 100;
  private static final double KNOWN_SIGMAS = 30;
  /** The same of a bin's own width, and the most that it adds. */
  private static final double WIDTHS = 500;
  private static final double WIDEST = 5000;
  private static final double KNOWN_WIDEST = 200;
  /** The tenth part of |values| that are smallest ends at an eighth of a Gaussian's σ. */
  private static final double SIGMA_OF_TENTH = 8;

  public static Plausible whiteNoise() {
    return new Plausible("white noise of mean 0 and standard deviation 1",
        "name a file of standard normal numbers, or remove noise and give a seed", -FARTHEST_NOISE, FARTHEST_NOISE,
        -FARTHEST_NOISE, FARTHEST_NOISE, false, false);
  }

  /** Of anything that was measured. */
  public static Plausible finite() {
    return new Plausible("data, which are finite numbers",
        "fill gaps with plausible values, or let the model mask them",
        -Float.MAX_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE, false, false);
  }

  /** Of what was counted. */
  public static Plausible counts() {
    return new Plausible("counts, which are whole numbers from 0 on", "give whole numbers from 0 on", 0,
        Float.MAX_VALUE,
        0, Float.MAX_VALUE, false, true);
  }

  /** Of κ with noise of {@code sigma} a pixel. */
  public static Plausible convergence(double sigma) {
    double far = Math.max(FARTHEST, SIGMAS * sigma);
    double known = Math.max(KNOWN, KNOWN_SIGMAS * sigma);
    return new Plausible("a convergence map with the noise given by data", MISSING
        + "lensing.field-of-view-deg and pixels to match" + FILLED, -far, far, -known, known, true, false);
  }

  /** Of a density of mean 1 with noise of {@code sigma} a cell: one cell holds all mass at the most. */
  public static Plausible density(double sigma, long cells) {
    return new Plausible("a density of mean 1 with the noise given by data",
        MISSING + "simulation.mesh and box-mpc-h to match" + FILLED, -FARTHEST - SIGMAS * sigma,
        Math.max(DENSEST, cells) + SIGMAS * sigma, -KNOWN - KNOWN_SIGMAS * sigma,
        Math.max(KNOWN_DENSITY, cells / 100.0) + KNOWN_SIGMAS * sigma, false, false);
  }

  static boolean isMark(float value) {
    return MARKS.contains(Math.abs(value));
  }

  /** Whether a value can be there; never one that is not finite. */
  boolean contains(float value) {
    boolean mark = isMark(value);
    return Float.isFinite(value) && value >= (mark ? knownLow : low) && value <= (mark ? knownHigh : high)
        && (!whole || value == Math.rint(value));
  }

  /** These bounds for a bin whose tenth part of |values| that are smallest ends at {@code tenth}. */
  Plausible widened(double tenth) {
    double sigma = SIGMA_OF_TENTH * tenth;
    double far = Math.max(high, Math.min(WIDTHS * sigma, WIDEST));
    double known = Math.max(knownHigh, Math.min(KNOWN_SIGMAS * sigma, KNOWN_WIDEST));
    return new Plausible(what, remedy, -far, far, -known, known, spread, whole);
  }
}
