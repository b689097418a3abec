package org.halocline.runtime.config;

/**
 * An interval of finite numbers. NaN and infinities are in no range.
 *
 * @param low may be −∞
 * @param lowOpen whether low itself is outside
 * @param high may be +∞
 * @param highOpen whether high itself is outside
 * @param meaning what the number is and in which unit, said with the bound; may be empty
 */
public record Range(double low, boolean lowOpen, double high, boolean highOpen, String meaning) {

  public Range(double low, boolean lowOpen, double high, boolean highOpen) {
    this(low, lowOpen, high, highOpen, "");
  }

  /** The same interval of numbers that mean this. */
  public Range of(String what) {
    return new Range(low, lowOpen, high, highOpen, what);
  }

  public static Range positive() {
    return new Range(0, true, Double.POSITIVE_INFINITY, true);
  }

  /** Both ends belong to it. */
  public static Range between(double low, double high) {
    return new Range(low, false, high, false);
  }

  public boolean contains(double value) {
    return Double.isFinite(value) && (lowOpen ? value > low : value >= low)
        && (highOpen ? value < high : value <= high);
  }

  /** As a phrase: "must be greater than 0". */
  public String bound() {
    return interval() + (meaning.isEmpty() ? "" : " (" + meaning + ")");
  }

  private String interval() {
    boolean below = low == Double.NEGATIVE_INFINITY;
    boolean above = high == Double.POSITIVE_INFINITY;
    if (below && above)
      return "must be a finite number";
    if (above)
      return "must be " + (lowOpen ? "greater than " : "at least ") + plain(low);
    if (below)
      return "must be " + (highOpen ? "less than " : "at most ") + plain(high);
    if (!lowOpen && !highOpen)
      return "must be from " + plain(low) + " to " + plain(high);
    return "must be " + (lowOpen ? "greater than " : "at least ") + plain(low) + " and "
        + (highOpen ? "less than " : "at most ") + plain(high);
  }

  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
  }
}
