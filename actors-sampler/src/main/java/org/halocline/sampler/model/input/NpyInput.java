package org.halocline.sampler.model.input;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.config.Settings;

/** How closely npy files that a job names are looked at when its settings are read. */
public enum NpyInput {
  /** Header, length, shape, and that every number can be what it is said to be: before a job starts. */
  EXAMINE,
  /** Not at all: where the same job was examined before. */
  TRUST;

  /**
   * Notes what is wrong with a file of three axes.
   *
   * @param of what gives the shape, for the message
   * @return the largest |value|, or 0 unseen, where the file can be used
   */
  public OptionalDouble check(Settings block, String key, Path file, int[] shape, String of, Plausible plausible) {
    if (this == TRUST)
      return OptionalDouble.of(0);
    String name = "\"" + file.getFileName() + "\"";
    try (NpyFile npy = NpyFile.open(file)) {
      if (!Arrays.equals(npy.shape(), shape)) {
        block.problem(key, name,
            "has the shape " + shapeText(npy.shape()) + ", but " + of + " ask for " + shapeText(shape),
            "name a file that fits, or change " + of);
        return OptionalDouble.empty();
      }
      ValueCheck values = ValueCheck.of(npy, plausible);
      if (values.count() == 0)
        return OptionalDouble.of(values.largest());
      block.problem(key, name, values.text(npy, plausible), plausible.remedy());
    } catch (BadNpyException bad) {
      block.problem(key, name, bad.getMessage(), "name a sound npy file");
    } catch (IOException failed) {
      block.problem(key, "\"" + file + "\"", "cannot be read: " + failed.getMessage(), "check the file");
    }
    return OptionalDouble.empty();
  }

  static String shapeText(int[] shape) {
    List<String> sides = Arrays.stream(shape).mapToObj(Integer::toString).toList();
    return "(" + String.join(", ", sides) + ")";
  }
}
