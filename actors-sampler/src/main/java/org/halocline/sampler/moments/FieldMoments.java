package org.halocline.sampler.moments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.run.Checkpoint;

/**
 * Mean and standard deviation of a field or an array over the draws of several chains, from the running sums in their
 * last checkpoints, whose shards may be of any layout. Sums are added in the order of the chains, so that the numbers
 * do not depend on who finished first. One thread.
 */
public final class FieldMoments implements AutoCloseable {
  /** A file of sums: a shard of a field that begins at (x0, y0), or a whole array as a list. */
  private record Part(NpyFile file, int x0, int y0) {

    /** Adds one slab, an index of the first axis, to the total of the slab. */
    void add(int slab, double[] total) throws IOException {
      int[] shape = file.shape();
      boolean list = shape.length == 1;
      int row = list ? slab * total.length : slab - x0;
      if (row < 0 || row >= shape[0])
        return;
      int[] extent = shape.clone();
      extent[0] = list ? total.length : 1;
      double[] values = new double[list ? total.length : shape[1] * shape[2]];
      try {
        file.readBlock(list ? new int[]{row} : new int[]{row, 0, 0}, extent, values);
      } catch (BadNpyException broken) {
        throw new IOException(broken.getMessage(), broken);
      }
      int at = list ? 0 : y0 * shape[2];
      for (int i = 0; i < values.length; i++)
        total[at + i] += values[i];
    }
  }

  private final List<Part> sums = new ArrayList<>();
  private final List<Part> squares = new ArrayList<>();

  private FieldMoments() {}

  /** Of a field of the program. @param number its place among the program's fields, from 0 */
  public static FieldMoments ofField(List<Checkpoint> chains, int number) throws IOException {
    return open(chains, part -> Shard.is(Shard.ofField(Shard.SUM, number), part),
        part -> Shard.is(Shard.ofField(Shard.SQUARE, number), part));
  }

  /** Of an array of the program. */
  public static FieldMoments ofArray(List<Checkpoint> chains, String array) throws IOException {
    return open(chains, (array + ChainMoments.ARRAY_SUM)::equals, (array + ChainMoments.ARRAY_SQUARE)::equals);
  }

  private static FieldMoments open(List<Checkpoint> chains, Predicate<String> isSum, Predicate<String> isSquare)
      throws IOException {
    FieldMoments moments = new FieldMoments();
    try {
      for (Checkpoint chain : chains)
        for (String part : chain.names())
          if (isSum.test(part))
            moments.sums.add(open(chain, part));
          else if (isSquare.test(part))
            moments.squares.add(open(chain, part));
      return moments;
    } catch (BadNpyException broken) {
      moments.close();
      throw new IOException(broken.getMessage(), broken);
    }
  }

  private static Part open(Checkpoint chain, String part) throws IOException, BadNpyException {
    Shard shard = Shard.find(part).orElse(new Shard(part, 0, 0));
    return new Part(NpyFile.open(chain.path(part)), shard.x0(), shard.y0());
  }

  /** Whether the chains have left any sums. */
  public boolean isEmpty() {
    return sums.isEmpty();
  }

  /**
   * Writes both arrays, aside and renamed.
   *
   * @param count draws in all chains together, at least 1
   * @param shape of the whole
   */
  public void write(Path mean, Path deviation, int[] shape, long count) throws IOException {
    int[] extent = shape.clone();
    extent[0] = 1;
    int elements = Arrays.stream(extent).reduce(1, Math::multiplyExact);
    try (NpyWriter means = NpyWriter.create(mean, NpyType.FLOAT32, shape);
        NpyWriter deviations = NpyWriter.create(deviation, NpyType.FLOAT32, shape)) {
      int[] start = new int[shape.length];
      for (int slab = 0; slab < shape[0]; slab++) {
        double[] sum = sum(slab, elements);
        double[] square = square(slab, elements);
        start[0] = slab;
        toMoments(sum, square, count);
        means.writeBlock(start, extent, sum);
        deviations.writeBlock(start, extent, square);
      }
      means.commit();
      deviations.commit();
    }
  }

  /** Σ x of one slab, an index of the first axis. */
  public double[] sum(int slab, int elements) throws IOException {
    return total(sums, slab, elements);
  }

  /** Σ x² of one slab. */
  public double[] square(int slab, int elements) throws IOException {
    return total(squares, slab, elements);
  }

  private static double[] total(List<Part> parts, int slab, int elements) throws IOException {
    double[] total = new double[elements];
    for (Part part : parts)
      part.add(slab, total);
    return total;
  }

  /** Σ x becomes the mean, Σ x² the standard deviation (n − 1). */
  private static void toMoments(double[] sum, double[] square, long count) {
    for (int i = 0; i < sum.length; i++) {
      double mean = sum[i] / count;
      square[i] = count > 1 ? Math.sqrt(Math.max(0, square[i] - sum[i] * mean) / (count - 1)) : 0;
      sum[i] = mean;
    }
  }

  @Override
  public void close() throws IOException {
    for (Part part : sums)
      part.file().close();
    for (Part part : squares)
      part.file().close();
  }
}
