package org.halocline.sampler.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.run.StorageException;
import org.halocline.sampler.model.BlockGather;

/**
 * The result files of one run. Rank 0 writes; every rank makes the same calls. Nothing has its name before {@link #commit};
 * closed without it, nothing is left.
 */
final class Results implements AutoCloseable {
  private final Map<String, String> files;
  private final Path runDirectory;
  private final Mesh mesh;
  private final BlockGather gather;
  private final boolean root;
  private final List<NpyWriter> arrays = new ArrayList<>();
  private final Map<Path, String> texts = new LinkedHashMap<>();

  Results(Map<String, String> files, Path runDirectory, Mesh mesh, BlockGather gather, boolean root) {
    this.files = files;
    this.runDirectory = runDirectory;
    this.mesh = mesh;
    this.gather = gather;
    this.root = root;
  }

  /** Fields of the mesh: (Nx, Ny, Nz) for one, (fields, Nx, Ny, Nz) for several. */
  void fields(String name, BlockGather.Source... fields) throws StorageException {
    try {
      int[] shape = fields.length == 1
          ? new int[]{mesh.nx(), mesh.ny(), mesh.nz()}
          : new int[]{fields.length, mesh.nx(), mesh.ny(), mesh.nz()};
      NpyWriter writer = root ? open(name, shape) : null;
      for (int field = 0; field < fields.length; field++) {
        int leading = field;
        gather.gather(fields[field], (x, nx, y, ny, values) -> writer.writeBlock(
            fields.length == 1 ? new int[]{x, y, 0} : new int[]{leading, x, y, 0},
            fields.length == 1 ? new int[]{nx, ny, mesh.nz()} : new int[]{1, nx, ny, mesh.nz()}, values));
      }
    } catch (IOException failed) {
      throw failed(name, failed);
    }
  }

  /** An array that rank 0 holds. */
  void array(String name, double[] values, int... shape) throws StorageException {
    if (!root)
      return;
    try {
      open(name, shape).writeBlock(new int[shape.length], shape, values);
    } catch (IOException failed) {
      throw failed(name, failed);
    }
  }

  /** A small text that rank 0 holds. */
  void text(String name, String text) {
    if (root)
      texts.put(place(name), text);
  }

  /** Everything gets its name. */
  void commit() throws StorageException {
    if (!root)
      return;
    try {
      for (NpyWriter array : arrays)
        array.commit();
      for (Map.Entry<Path, String> text : texts.entrySet())
        Files.write(text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw failed("results", failed);
    }
  }

  private NpyWriter open(String name, int[] shape) throws IOException {
    NpyWriter writer = NpyWriter.create(place(name), NpyType.FLOAT32, shape);
    arrays.add(writer);
    return writer;
  }

  private Path place(String name) {
    return Path.of(files.get(name));
  }

  private StorageException failed(String name, IOException failed) {
    return StorageException.of(runDirectory.resolve(name), "written", failed);
  }

  @Override
  public void close() throws StorageException {
    for (NpyWriter array : arrays) {
      try {
        array.close();
      } catch (IOException failed) {
        throw failed("results", failed);
      }
    }
  }
}
