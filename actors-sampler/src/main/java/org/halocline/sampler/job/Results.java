package org.halocline.sampler.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.files.StorageException;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.Products;
import org.halocline.sampler.tape.RankScope;

/**
 * The result files of one run. Rank 0 writes; every rank makes the same calls. Nothing has its name before
 * {@link #commit}; closed without it, nothing is left.
 */
final class Results implements Products, AutoCloseable {
  private final Map<String, String> files;
  private final Path runDirectory;
  private final RankScope scope;
  private final BlockGather gather;
  private final boolean root;
  private final List<NpyWriter> arrays = new ArrayList<>();
  private final Map<Path, String> texts = new LinkedHashMap<>();

  Results(Map<String, String> files, Path runDirectory, RankScope scope, BlockGather gather) {
    this.files = files;
    this.runDirectory = runDirectory;
    this.scope = scope;
    this.gather = gather;
    this.root = scope.first();
  }

  @Override
  public void fields(String name, BlockGather.Source... fields) throws StorageException {
    write(name, gather, scope.decomposition().mesh(), fields);
  }

  /** A field of another grid than the domain's, or of the same: (Nx, Ny, Nz). */
  void field(String name, Decomposition decomposition, BlockGather.Source field) throws StorageException {
    if (decomposition.equals(scope.decomposition()))
      fields(name, field);
    else
      write(name, new BlockGather(decomposition, scope.rank(), scope.kernels(), scope.collectives().port()),
          decomposition.mesh(), field);
  }

  private void write(String name, BlockGather from, Mesh mesh, BlockGather.Source... fields) throws StorageException {
    try {
      int[] shape = fields.length == 1
          ? new int[]{mesh.nx(), mesh.ny(), mesh.nz()}
          : new int[]{fields.length, mesh.nx(), mesh.ny(), mesh.nz()};
      NpyWriter writer = root ? open(name, shape) : null;
      for (int field = 0; field < fields.length; field++) {
        int leading = field;
        from.gather(fields[field], (x, nx, y, ny, values) -> writer.writeBlock(
            fields.length == 1 ? new int[]{x, y, 0} : new int[]{leading, x, y, 0},
            fields.length == 1 ? new int[]{nx, ny, mesh.nz()} : new int[]{1, nx, ny, mesh.nz()}, values));
      }
    } catch (IOException failed) {
      throw failed(name, failed);
    }
  }

  @Override
  public void array(String name, double[] values, int... shape) throws StorageException {
    if (!root)
      return;
    try {
      open(name, shape).writeBlock(new int[shape.length], shape, values);
    } catch (IOException failed) {
      throw failed(name, failed);
    }
  }

  @Override
  public void text(String name, String text) {
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
    for (NpyWriter array : arrays)
      try {
        array.close();
      } catch (IOException failed) {
        throw failed("results", failed);
      }
  }
}
