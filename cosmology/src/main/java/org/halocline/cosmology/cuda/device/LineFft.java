package org.halocline.cosmology.cuda.device;

/**
 * Transforms of a fixed number of lines that lie one after the other, in float, not normalised. The bits of a line
 * depend on its numbers, the kind, the length and the batch alone, not on where in the batch it lies. Belongs to the
 * queue that made it.
 *
 * <p>
 * A complex number is its real part, then its imaginary part. Lines of the two real kinds are padded to one stride of
 * {@code 2 (length/2 + 1)} floats in both spaces, so they may be done in place.
 */
public interface LineFft {

  /** What a line is before and after. */
  enum Kind {
    /** {@code length} reals, to {@code length/2 + 1} complex numbers, with the sign e^{−i…}. */
    REAL_TO_COMPLEX,
    /** {@code length/2 + 1} complex numbers, to {@code length} reals, with the sign e^{+i…}. */
    COMPLEX_TO_REAL,
    /** {@code length} complex numbers to as many: e^{−i…}, or e^{+i…} where inverse. */
    COMPLEX;

    /** Floats from the start of a line to that of the next. */
    public int stride(int length) {
      return this == COMPLEX ? 2 * length : 2 * (length / 2 + 1);
    }

    /** Bytes of a batch of lines, before and after. */
    public long bytes(int length, int batch) {
      return (long) Float.BYTES * stride(length) * batch;
    }

    /**
     * The work area, in bytes, that a plan of memory counts for one batch: cuFFT asks for about one copy of lines whose
     * length has prime factors up to 127 alone, and for padded convolutions of the others; twice that is counted. A
     * queue warns if it asks for more.
     */
    public long workBytes(int length, int batch) {
      int rest = length;
      for (int factor = 2; factor <= SMOOTH; factor++)
        while (rest % factor == 0)
          rest /= factor;
      long padded = rest == 1 ? length : 2L * Integer.highestOneBit(2 * length - 1);
      return SLACK_BYTES + 2 * 2 * Float.BYTES * (padded + 1) * batch;
    }

    /** The largest prime factor that needs no convolution. */
    private static final int SMOOTH = 127;
    private static final long SLACK_BYTES = 1 << 20;
  }

  /** Offsets into buffers are multiples of this many bytes. */
  int ALIGNMENT = 256;

  /**
   * Enqueues the transform of one batch. The input may be overwritten; {@code in} and {@code out} are the same range,
   * or apart.
   *
   * @param inverse for {@link Kind#COMPLEX} alone: the other kinds have one direction, and false says so
   */
  void run(DeviceBuffer in, long inOffset, DeviceBuffer out, long outOffset, boolean inverse);

  Kind kind();

  int length();

  int batch();
}
