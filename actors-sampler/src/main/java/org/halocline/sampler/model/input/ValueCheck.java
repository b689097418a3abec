package org.halocline.sampler.model.input;

import java.util.Arrays;
import java.util.Locale;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;

/**
 * What was found in the numbers of a file, which is read in parts, so that it may be larger than memory.
 *
 * @param count of values that cannot be there
 * @param first where the first of them is, in C order; meaningless without one
 * @param all values
 * @param largest of all |values|
 */
record ValueCheck(long count, long first, long all, double largest) {
  /** Bits of a float that are not looked at: each power of two has eight classes. */
  private static final int DROPPED = 20;
  private static final int CLASSES = 1 << 31 - DROPPED;

  /** Reads an array of three axes, a map twice. An interrupt ends it, as it ends all reading of files. */
  static ValueCheck of(NpyFile npy, Plausible plausible) throws BadNpyException {
    int[] shape = npy.threeAxes();
    Plausible[] bounds = new Plausible[shape[0]];
    Arrays.fill(bounds, plausible);
    if (plausible.spread())
      widen(npy, bounds);
    long bin = (long) shape[1] * shape[2];
    long[] found = {0, Long.MAX_VALUE};
    float[] largest = {0};
    npy.readParts(new int[3], shape, (values, from, n, at) -> {
      Plausible bound = bounds[(int) (at / bin)];
      for (int i = 0; i < n; i++) {
        float value = values[from + i];
        largest[0] = Math.max(largest[0], Math.abs(value));
        if (!bound.contains(value)) {
          found[0]++;
          found[1] = Math.min(found[1], at + i);
        }
      }
    });
    return new ValueCheck(found[0], found[1], bin * shape[0], largest[0]);
  }

  /** Widens the bounds of each bin by its bulk, for which marks do not count, nor a bin of one value. */
  private static void widen(NpyFile npy, Plausible[] bounds) throws BadNpyException {
    int[] shape = npy.threeAxes();
    long bin = (long) shape[1] * shape[2];
    long[][] classes = new long[shape[0]][CLASSES];
    npy.readParts(new int[3], shape, (values, from, n, at) -> {
      long[] counts = classes[(int) (at / bin)];
      for (int i = 0; i < n; i++) {
        float size = Math.abs(values[from + i]);
        if (Float.isFinite(size) && !Plausible.isMark(size))
          counts[Float.floatToIntBits(size) >>> DROPPED]++;
      }
    });
    for (int b = 0; b < bounds.length; b++) {
      long tenth = Arrays.stream(classes[b]).sum() / 10;
      int at = 0;
      for (long below = classes[b][0]; below <= tenth && at < CLASSES - 1;)
        below += classes[b][++at];
      boolean wide = at < CLASSES - 1 && Arrays.stream(classes[b], at + 1, CLASSES).anyMatch(n -> n > 0);
      bounds[b] = bounds[b].widened(wide ? Float.intBitsToFloat(at << DROPPED) : 0);
    }
  }

  /** What is wrong, as a phrase after the name of the file. */
  String text(NpyFile npy, Plausible plausible) throws BadNpyException {
    int[] shape = npy.threeAxes();
    int[] place = {(int) (first / shape[2] / shape[1]), (int) (first / shape[2] % shape[1]), (int) (first % shape[2])};
    double[] value = new double[1];
    npy.readBlock(place, new int[]{1, 1, 1}, value);
    return String.format(Locale.ROOT, "has %s at %s%s, which cannot be in %s", plain(value[0]),
        (plausible.spread() ? "bin " + place[0] + ", pixel (" + place[1] + ", " + place[2] + "), array index " : "")
            + NpyInput.shapeText(npy.shape().length == 2 ? new int[]{place[0], place[2]} : place),
        count == 1 ? "" : ", and " + (count - 1) + " more such values of " + all, plausible.what());
  }

  /** As it was written: a float's decimals, where it is one. */
  private static String plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15)
      return Long.toString((long) value);
    return (float) value == value ? Float.toString((float) value) : Double.toString(value);
  }
}
