package org.halocline.domain.job;

import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Field;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.NoiseKey;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;

/** Fills one rank's block from a file or from a seed. */
final class NoiseField {
  private NoiseField() {}

  static void fill(NoiseSource source, Field.Floats into, Decomposition decomposition, int rank, Kernels kernels)
      throws IOException {
    switch (source) {
      case NoiseSource.FromFile(Path path) -> read(path, into, decomposition.block(rank), kernels);
      case NoiseSource.FromSeed(long seed) -> kernels.vectors().normal(into, decomposition, rank,
          new NoiseKey(seed, NoiseKey.Purpose.TRUTH));
    }
  }

  /** Reads this rank's block of an npy file of the mesh's shape. */
  static void read(Path path, Field.Floats into, Block block, Kernels kernels) throws IOException {
    try (NpyFile npy = NpyFile.open(path)) {
      npy.readParts(new int[]{block.x0(), block.y0(), 0}, new int[]{block.nx(), block.ny(), block.nz()},
          (values, from, n, at) -> kernels.memory().write(values, from, into, (int) at, n));
    } catch (BadNpyException changed) {
      throw new IOException("changed since the job was checked: " + changed.getMessage(), changed);
    }
  }
}
