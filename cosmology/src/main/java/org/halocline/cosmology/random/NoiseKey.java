package org.halocline.cosmology.random;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source32.Philox4x32;

/**
 * Names one stream of random numbers of a job: Philox4x32-10 with the seed as its key and (index, draw, purpose, chain,
 * sub-step) as its counter. Numbers are found by index, so they depend on neither order, layout nor restarts.
 *
 * @param chain at most 2^16 − 1
 * @param subStep at most 2^11 − 1
 */
public record NoiseKey(long seed, Purpose purpose, int chain, int draw, int subStep) {

  /** What the numbers are for; at most 32 purposes fit the counter. */
  public enum Purpose {
    TRUTH, INITIAL, MOMENTUM, TRAJECTORY, ACCEPT, TEST
  }

  public NoiseKey {
    if (chain < 0 || chain > 0xffff)
      throw new IllegalArgumentException("chain " + chain + " is outside 0…65535");
    if (subStep < 0 || subStep > 0x7ff)
      throw new IllegalArgumentException("sub-step " + subStep + " is outside 0…2047");
  }

  public NoiseKey(long seed, Purpose purpose) {
    this(seed, purpose, 0, 0, 0);
  }

  /** The stream from block {@code index} on; four 32-bit words a block, that of Philox's counter {@code index + 1}. */
  public UniformRandomProvider from(long index) {
    return new Philox4x32(
        new int[]{(int) seed, (int) (seed >>> 32), (int) index, (int) (index >>> 32), draw, lastWord()});
  }

  /** The last word of the counter: purpose, chain and sub-step. */
  public int lastWord() {
    return purpose.ordinal() << 27 | chain << 11 | subStep;
  }

  /** A uniform number in (0, 1], 53 bits, of two words of a stream. */
  public static double uniform(int high, int low) {
    long bits = ((long) high << 32 | low & 0xffffffffL) >>> 11;
    return (bits + 1) * 0x1p-53;
  }

  /** Two independent normals from the next block (four words) of a stream, by Box and Muller. */
  public static void normals(UniformRandomProvider stream, double[] pair) {
    double u = uniform(stream.nextInt(), stream.nextInt());
    double v = uniform(stream.nextInt(), stream.nextInt());
    double radius = Math.sqrt(-2 * StrictMath.log(u));
    Angle.cosineAndSine(2 * StrictMath.PI * v, pair);
    pair[0] *= radius;
    pair[1] *= radius;
  }
}
