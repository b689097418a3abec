package org.halocline.sampler.model.nbody;

import java.nio.file.Path;

/** Where the white noise of the initial conditions comes from. */
public sealed interface NoiseSource {

  /** An npy file of the mesh's shape. */
  record FromFile(Path path) implements NoiseSource {}

  /** Philox, keyed by the seed and each cell's global index. */
  record FromSeed(long seed) implements NoiseSource {}
}
