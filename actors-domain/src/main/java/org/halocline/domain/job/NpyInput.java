package org.halocline.domain.job;

import java.io.IOException;
import java.nio.file.Path;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.config.Settings;

/** How closely npy files that a job names are looked at when its settings are read. */
public enum NpyInput {
  /** Header, length, shape, and that every number is finite: before a job starts. */
  EXAMINE {
    @Override
    boolean check(Settings block, String key, Path file, int[] shape, String of) {
      try (NpyFile npy = NpyFile.open(file)) {
        if (!java.util.Arrays.equals(npy.shape(), shape)) {
          block.problem(key, "\"" + file.getFileName() + "\"",
              "has the shape " + LensingSettings.shapeText(npy.shape()) + ", but " + of + " ask for "
                  + LensingSettings.shapeText(shape),
              "name a file that fits, or change " + of);
          return false;
        }
        requireFinite(npy);
        return true;
      } catch (BadNpyException bad) {
        block.problem(key, "\"" + file.getFileName() + "\"", bad.getMessage(), "name a sound npy file");
      } catch (IOException failed) {
        block.problem(key, "\"" + file + "\"", "cannot be read: " + failed.getMessage(), "check the file");
      }
      return false;
    }
  },
  /** Not at all: where the same job was examined before. */
  TRUST {
    @Override
    boolean check(Settings block, String key, Path file, int[] shape, String of) {
      return true;
    }
  };

  /**
   * Notes what is wrong with a file.
   *
   * @param of what gives the shape, for the message
   * @return whether it can be used
   */
  abstract boolean check(Settings block, String key, Path file, int[] shape, String of);

  /** Row by row, so that a file larger than memory can be looked at. */
  private static void requireFinite(NpyFile npy) throws BadNpyException {
    int[] shape = npy.shape();
    int[] extent = {1, 1, shape[2]};
    float[] row = new float[shape[2]];
    int[] start = new int[3];
    for (int i = 0; i < shape[0]; i++) {
      for (int j = 0; j < shape[1]; j++) {
        start[0] = i;
        start[1] = j;
        npy.readBlock(start, extent, row);
        npy.requireFinite(start, extent, row);
      }
    }
  }
}
