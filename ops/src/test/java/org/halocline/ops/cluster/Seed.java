package org.halocline.ops.cluster;

import java.util.Random;

/** Of a test's moments and choices: printed, and given again by {@code -Dhalocline.seed}. */
final class Seed {
  private Seed() {}

  static Random print(String test) {
    long seed = Long.getLong("halocline.seed", System.nanoTime());
    System.out.println(test + ": -Dhalocline.seed=" + seed);
    return new Random(seed);
  }
}
