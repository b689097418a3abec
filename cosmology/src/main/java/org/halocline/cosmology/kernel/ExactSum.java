package org.halocline.cosmology.kernel;

/**
 * A sum in 128-bit fixed point with quantum 2^-64, range ±2^63: adding is associative, so a total does not depend on
 * order, layout or timing, even where a partial sum leaves the range. A term that is not finite or beyond ±2^62 poisons
 * the sum: {@link #value()} is then NaN on every rank. Not thread-safe.
 */
public final class ExactSum {
  /** Words that {@link #store} and {@link #addStored} use. */
  public static final int WORDS = 3;

  private static final double TWO_64 = 0x1p64;
  private static final double LIMIT = 0x1p62;
  private static final long POISON = 1;
  private static final long WRAP = 2;

  private long high;
  private long low;
  /** Bit 0: a term was not finite or out of range. Above it: how often the sum left int128 upwards, less downwards. */
  private long state;

  public void clear() {
    high = 0;
    low = 0;
    state = 0;
  }

  /** Adds a term rounded towards zero to a multiple of 2^-64; a term and its negative cancel. */
  public void add(double term) {
    double size = Math.abs(term);
    if (!(size < LIMIT)) {
      state |= POISON;
      return;
    }
    long whole = (long) size;
    double fraction = (size - whole) * TWO_64; // exact: below 2^64
    long part = fraction >= 0x1p63 ? (long) (fraction - 0x1p63) + Long.MIN_VALUE : (long) fraction;
    // Signs have no pattern that a processor could learn: a negative term is negated without a branch.
    long sign = Double.doubleToRawLongBits(term) >> 63;
    add((whole ^ sign) - (part == 0 ? sign : 0), (part ^ sign) - sign);
  }

  public void add(ExactSum other) {
    add(other.high, other.low, other.state);
  }

  private void add(long termHigh, long termLow) {
    long sum = low + termLow;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    low = sum;
    long before = high;
    high = before + termHigh + carry;
    if (((before ^ high) & (termHigh ^ high)) < 0)
      state += before < 0 ? -WRAP : WRAP;
  }

  private void add(long termHigh, long termLow, long termState) {
    state = state + (termState & -WRAP) | termState & POISON;
    add(termHigh, termLow);
  }

  /** The total, rounded to the nearest double; NaN if any term was not finite or out of range, or the total is. */
  public double value() {
    if (state != 0)
      return Double.NaN;
    long top = high;
    long bottom = low;
    if (high < 0) {
      bottom = -low;
      top = bottom == 0 ? -high : ~high;
    }
    if (top == Long.MIN_VALUE)
      return -0x1p63;
    int shift = top == 0 ? 64 : Long.numberOfLeadingZeros(top);
    // The leading 64 bits, the last one sticky, so that the conversion below rounds once.
    long leading = shift == 64 ? bottom : top << shift | bottom >>> 64 - shift;
    if (shift < 64 && bottom << shift != 0)
      leading |= 1;
    double magnitude = Math.scalb(unsigned(leading), -shift);
    return high < 0 ? -magnitude : magnitude;
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : (double) (bits >>> 1 | bits & 1) * 2;
  }

  /** Writes the sum as {@value #WORDS} words. */
  public void store(long[] words, int offset) {
    words[offset] = high;
    words[offset + 1] = low;
    words[offset + 2] = state;
  }

  /** Adds a sum written by {@link #store}. */
  public void addStored(long[] words, int offset) {
    add(words[offset], words[offset + 1], words[offset + 2]);
  }
}
