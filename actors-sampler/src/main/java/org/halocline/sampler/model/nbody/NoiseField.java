package org.halocline.sampler.model.nbody;

import java.io.IOException;
import java.nio.file.Path;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.model.input.FieldFile;

/** Fills one rank's block from a file or from a seed. */
public final class NoiseField {
  private NoiseField() {}

  public static void fill(NoiseSource source, Field.Floats into, Decomposition decomposition, int rank, Kernels kernels)
      throws IOException {
    switch (source) {
      case NoiseSource.FromFile(Path path) -> FieldFile.read(path, into, decomposition.block(rank), kernels);
      case NoiseSource.FromSeed(long seed) -> kernels.vectors().normal(into, decomposition, rank,
          new NoiseKey(seed, NoiseKey.Purpose.TRUTH));
    }
  }
}
