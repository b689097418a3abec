package org.halocline.cosmology.mesh;

/**
 * A sum in 128-bit fixed point with quantum 2^-64, range ±2^63: adding is associative, so a total does not depend on
 * order, layout or timing. A term that is not finite or out of range poisons the sum: {@link #value()} is then NaN on
 * every rank. Not thread-safe.
 */
public final class ExactSum {
  /** Words that {@link #store} and {@link #addStored} use. */
  public static final int WORDS = 3;

  private static final double TWO_64 = 0x1p64;
  private static final double LIMIT = 0x1p62;

  private long high;
  private long low;
  private long poisoned;

  public void clear() {
    high = 0;
    low = 0;
    poisoned = 0;
  }

  /** Adds a term rounded down to a multiple of 2^-64. */
  public void add(double term) {
    if (!(Math.abs(term) < LIMIT)) {
      poisoned = 1;
      return;
    }
    double whole = Math.floor(term);
    double fraction = (term - whole) * TWO_64; // exact: in [0, 2^64]
    long termHigh = (long) whole;
    long termLow;
    if (fraction >= TWO_64) { // a tiny negative term: its fraction rounds up to one
      termHigh++;
      termLow = 0;
    } else {
      termLow = fraction >= 0x1p63 ? (long) (fraction - 0x1p63) + Long.MIN_VALUE : (long) fraction;
    }
    add(termHigh, termLow);
  }

  public void add(ExactSum other) {
    add(other.high, other.low);
    poisoned |= other.poisoned;
  }

  private void add(long termHigh, long termLow) {
    long sum = low + termLow;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    low = sum;
    long before = high;
    high = before + termHigh + carry;
    boolean overflow = ((before ^ high) & (termHigh ^ high)) < 0 && termHigh != -1;
    if (overflow)
      poisoned = 1;
  }

  /** The total, rounded to a double; NaN if any term was not finite or out of range. */
  public double value() {
    if (poisoned != 0)
      return Double.NaN;
    double fraction = low >= 0 ? (double) low : (double) ((low >>> 1) | (low & 1)) * 2.0;
    return (double) high + fraction / TWO_64;
  }

  /** Writes the sum as {@value #WORDS} words. */
  public void store(long[] words, int offset) {
    words[offset] = high;
    words[offset + 1] = low;
    words[offset + 2] = poisoned;
  }

  /** Adds a sum written by {@link #store}. */
  public void addStored(long[] words, int offset) {
    add(words[offset], words[offset + 1]);
    poisoned |= words[offset + 2];
  }
}
