package org.halocline.sampler.model.nbody;

import java.io.IOException;
import java.nio.file.Path;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.model.input.FieldFile;
import org.halocline.sampler.tape.RankScope;

/** Where the white noise of the initial conditions comes from. */
public sealed interface NoiseSource {

  /** Fills one rank's block. */
  void fill(Field.Floats into, RankScope scope) throws IOException;

  /** An npy file of the mesh's shape. */
  record FromFile(Path path) implements NoiseSource {
    @Override
    public void fill(Field.Floats into, RankScope scope) throws IOException {
      FieldFile.read(path, into, scope.block(), scope.kernels());
    }
  }

  /** Philox, keyed by the seed and each cell's global index. */
  record FromSeed(long seed) implements NoiseSource {
    @Override
    public void fill(Field.Floats into, RankScope scope) {
      scope.kernels().vectors().normal(into, scope.decomposition(), scope.rank(),
          new NoiseKey(seed, NoiseKey.Purpose.TRUTH));
    }
  }
}
