package org.halocline.cosmology.random;

import java.util.SplittableRandom;

/** Random numbers of a test, its seed printed. */
public final class Seeds {
  private Seeds() {}

  public static SplittableRandom random(String test, long seed) {
    System.out.println(test + ": seed " + seed);
    return new SplittableRandom(seed);
  }

  /** Normals as floats. */
  public static float[] floats(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++)
      values[i] = (float) random.nextGaussian();
    return values;
  }
}
