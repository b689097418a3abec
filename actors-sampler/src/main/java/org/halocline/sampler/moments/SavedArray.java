package org.halocline.sampler.moments;

import java.io.IOException;
import java.util.Arrays;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.run.Checkpoint;

/** The sums of one of a program's arrays in a chain's last checkpoint. One thread. */
public final class SavedArray implements FieldMoments.Sums {
  private final double[] sums;
  private final double[] squares;
  private final int slabs;

  private SavedArray(double[] sums, double[] squares, int slabs) {
    this.sums = sums;
    this.squares = squares;
    this.slabs = slabs;
  }

  /** Whether a checkpoint has such an array. */
  public static boolean isIn(Checkpoint checkpoint, String array) {
    return checkpoint.parts().containsKey(ArrayPart.SUM.fileName(array));
  }

  /** @param slabs into how many equal slabs the array is cut by its first axis */
  public static SavedArray open(Checkpoint checkpoint, String array, int slabs) throws IOException {
    return new SavedArray(read(checkpoint, ArrayPart.SUM.fileName(array)),
        read(checkpoint, ArrayPart.SQUARE.fileName(array)), slabs);
  }

  private static double[] read(Checkpoint checkpoint, String part) throws IOException {
    try (NpyFile file = NpyFile.open(checkpoint.path(part))) {
      return file.readAllDoubles();
    } catch (BadNpyException broken) {
      throw new IOException(broken.getMessage(), broken);
    }
  }

  @Override
  public double[] sum(int slab) {
    return slab(sums, slab);
  }

  @Override
  public double[] square(int slab) {
    return slab(squares, slab);
  }

  private double[] slab(double[] values, int slab) {
    int length = values.length / slabs;
    return Arrays.copyOfRange(values, slab * length, (slab + 1) * length);
  }

  @Override
  public void close() {}
}
