package org.halocline.sampler.draws;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;

/**
 * Mean and standard deviation of an array over the draws of several chains, from their running sums; added in the order of
 * the chains, so that the numbers do not depend on who finished first.
 */
public final class FieldMoments {
  private FieldMoments() {}

  /**
   * One piece of the sums of all chains.
   *
   * @param sums files of Σ x, by chain
   * @param squares files of Σ x², by chain
   * @param start where the piece begins in the whole array
   */
  public record Piece(List<Path> sums, List<Path> squares, int[] start) {}

  /**
   * Writes both arrays, aside and renamed.
   *
   * @param count draws in all chains together, at least 1
   * @param shape of the whole
   */
  public static void write(Path mean, Path deviation, int[] shape, List<Piece> pieces, long count) throws IOException {
    try (NpyWriter means = NpyWriter.create(mean, NpyType.FLOAT32, shape);
        NpyWriter deviations = NpyWriter.create(deviation, NpyType.FLOAT32, shape)) {
      for (Piece piece : pieces)
        write(piece, means, deviations, shape, count);
      means.commit();
      deviations.commit();
    }
  }

  private static void write(Piece piece, NpyWriter means, NpyWriter deviations, int[] shape, long count)
      throws IOException {
    List<NpyFile> open = new ArrayList<>();
    try {
      List<NpyFile> sums = open(piece.sums(), open);
      List<NpyFile> squares = open(piece.squares(), open);
      int[] extent = sums.getFirst().shape();
      if (extent.length != shape.length) { // a flat array of the whole
        int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        double[] total = total(sums, new int[1], new int[]{elements}, elements);
        double[] totalSquares = total(squares, new int[1], new int[]{elements}, elements);
        put(total, totalSquares, count, means, deviations, new int[shape.length], shape);
        return;
      }
      int[] slab = extent.clone();
      slab[0] = 1;
      int elements = Arrays.stream(slab).reduce(1, Math::multiplyExact);
      for (int row = 0; row < extent[0]; row++) {
        int[] from = new int[extent.length];
        from[0] = row;
        int[] to = piece.start().clone();
        to[0] += row;
        put(total(sums, from, slab, elements), total(squares, from, slab, elements), count, means, deviations, to,
            slab);
      }
    } catch (BadNpyException broken) {
      throw new IOException(broken.getMessage(), broken);
    } finally {
      for (NpyFile file : open)
        file.close();
    }
  }

  private static List<NpyFile> open(List<Path> files, List<NpyFile> open) throws BadNpyException {
    List<NpyFile> opened = new ArrayList<>();
    for (Path file : files) {
      opened.add(NpyFile.open(file));
      open.add(opened.getLast());
    }
    return opened;
  }

  private static double[] total(List<NpyFile> files, int[] from, int[] extent, int elements) throws BadNpyException {
    double[] total = new double[elements];
    double[] one = new double[elements];
    for (NpyFile file : files) {
      file.readBlock(from, extent, one);
      for (int i = 0; i < elements; i++)
        total[i] += one[i];
    }
    return total;
  }

  private static void put(double[] sum, double[] square, long count, NpyWriter means, NpyWriter deviations, int[] start,
      int[] extent) throws IOException {
    double[] mean = new double[sum.length];
    double[] deviation = new double[sum.length];
    for (int i = 0; i < sum.length; i++) {
      mean[i] = sum[i] / count;
      deviation[i] = count > 1 ? Math.sqrt(Math.max(0, square[i] - sum[i] * mean[i]) / (count - 1)) : 0;
    }
    means.writeBlock(start, extent, mean);
    deviations.writeBlock(start, extent, deviation);
  }
}
