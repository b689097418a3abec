package org.halocline.sampler.moments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;

/**
 * Mean and standard deviation of an array over the draws of several chains, from their running sums; added in the order
 * of the chains, so that the numbers do not depend on who finished first.
 */
public final class FieldMoments {
  private FieldMoments() {}

  /** The running sums of one chain. */
  public interface Sums extends AutoCloseable {

    /** Σ x of one slab of the array: one index of its first axis. */
    double[] sum(int slab) throws IOException;

    /** Σ x² of one slab. */
    double[] square(int slab) throws IOException;

    @Override
    void close() throws IOException;
  }

  /**
   * Writes both arrays, aside and renamed.
   *
   * @param count draws in all chains together, at least 1
   * @param shape of the whole
   */
  public static void write(Path mean, Path deviation, int[] shape, List<? extends Sums> chains, long count)
      throws IOException {
    int[] extent = shape.clone();
    extent[0] = 1;
    int elements = Arrays.stream(extent).reduce(1, Math::multiplyExact);
    try (NpyWriter means = NpyWriter.create(mean, NpyType.FLOAT32, shape);
        NpyWriter deviations = NpyWriter.create(deviation, NpyType.FLOAT32, shape)) {
      int[] start = new int[shape.length];
      for (int slab = 0; slab < shape[0]; slab++) {
        double[] sum = new double[elements];
        double[] square = new double[elements];
        for (Sums chain : chains) {
          add(chain.sum(slab), sum);
          add(chain.square(slab), square);
        }
        start[0] = slab;
        toMoments(sum, square, count);
        means.writeBlock(start, extent, sum);
        deviations.writeBlock(start, extent, square);
      }
      means.commit();
      deviations.commit();
    }
  }

  private static void add(double[] more, double[] total) {
    for (int i = 0; i < total.length; i++)
      total[i] += more[i];
  }

  /** Σ x becomes the mean, Σ x² the standard deviation (n − 1). */
  private static void toMoments(double[] sum, double[] square, long count) {
    for (int i = 0; i < sum.length; i++) {
      double mean = sum[i] / count;
      square[i] = count > 1 ? Math.sqrt(Math.max(0, square[i] - sum[i] * mean) / (count - 1)) : 0;
      sum[i] = mean;
    }
  }
}
