package org.halocline.sampler.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.halocline.cosmology.npy.NpyWriter;

/** A small job that is right, and the files it names. */
final class Jobs {
  static final String RIGHT = """
      kind = gradient
      cosmology { omega-m = 0.3, omega-b = 0.0486, h = 0.6774, n-s = 0.9667, sigma8 = 0.8, w0 = -1, wa = 0, omega-k = 0 }
      simulation {
        mesh = [8, 8, 16], box-mpc-h = [200, 200, 1024], a-initial = 0.1, lpt-order = 2, scheme = bullfrog
        light-cone { steps-before = 4, planes = 4 }
        noise = "noise.npy"
      }
      lensing { field-of-view-deg = 10, pixels = 6, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "map.npy", sigma-pixel = 0.006 }
      layout { x = 1, y = 1 }
      """;

  private Jobs() {}

  /** The files of {@link #RIGHT}, and some broken ones. */
  static void writeFiles(Path directory) throws IOException {
    float[] noise = gaussian(8 * 8 * 16, 11);
    NpyWriter.write(directory.resolve("noise.npy"), noise, 8, 8, 16);
    NpyWriter.write(directory.resolve("wrong-shape.npy"), noise, 8, 16, 8);
    NpyWriter.write(directory.resolve("density.npy"), noise, 8, 8, 16);
    float[] map = gaussian(2 * 6 * 6, 12);
    NpyWriter.write(directory.resolve("map.npy"), map, 2, 6, 6);
    map[17] = Float.NaN;
    NpyWriter.write(directory.resolve("nan.npy"), map, 2, 6, 6);
    byte[] bytes = Files.readAllBytes(directory.resolve("map.npy"));
    Files.write(directory.resolve("truncated.npy"), java.util.Arrays.copyOf(bytes, bytes.length - 40));
    Files.writeString(directory.resolve("text.npy"), "this is no array\n");
    Files.writeString(directory.resolve("nz.csv"), """
        z,bin0,bin1
        0.0,0.0,0.0
        0.2,1.0,0.1
        0.4,0.5,1.0
        0.6,0.0,0.4
        0.8,0.0,0.0
        """);
    Files.writeString(directory.resolve("bad-nz.csv"), "z,bin0\n0.0,1\n0.5,-3\n");
  }

  static String with(String from, String to) {
    if (!RIGHT.contains(from))
      throw new IllegalArgumentException("the right job has no " + from);
    return RIGHT.replace(from, to);
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++)
      values[i] = (float) random.nextGaussian();
    return values;
  }
}
