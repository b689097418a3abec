package org.halocline.sampler.model.input;

import java.io.IOException;
import java.nio.file.Path;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;

/** An npy file of the mesh's shape, checked before the job started. */
public final class FieldFile {
  private FieldFile() {}

  /**
   * Reads one rank's block, without ghosts, converted to float.
   *
   * @throws IOException if the file cannot be read, or is no longer what was checked
   */
  public static void read(Path path, Field.Floats into, Block block, Kernels kernels) throws IOException {
    try (NpyFile npy = NpyFile.open(path)) {
      npy.readParts(new int[]{block.x0(), block.y0(), 0}, new int[]{block.nx(), block.ny(), block.nz()},
          (values, from, n, at) -> kernels.memory().write(values, from, into, (int) at, n));
    } catch (BadNpyException changed) {
      throw new IOException("changed since the job was checked: " + changed.getMessage(), changed);
    }
  }
}
