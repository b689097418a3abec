package org.halocline.sampler.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.files.StorageException;
import org.halocline.sampler.tape.RankScope;

/**
 * Files that rank 0 writes; every rank makes the same calls. Nothing has its name before {@link #commit}; closed
 * without it, nothing is left.
 */
public final class Results implements AutoCloseable {
  private final RankScope scope;
  private final Function<Decomposition, BlockGather> gathers;
  private final Function<String, Path> places;
  private final Path directory;
  private final List<NpyWriter> arrays = new ArrayList<>();
  private final Map<Path, String> texts = new LinkedHashMap<>();

  /**
   * @param places where a file is written, by its name
   * @param directory where the file will be, for messages
   */
  public Results(RankScope scope, Function<Decomposition, BlockGather> gathers, Function<String, Path> places,
      Path directory) {
    this.scope = scope;
    this.gathers = gathers;
    this.places = places;
    this.directory = directory;
  }

  /** Fields of the domain's grid: (Nx, Ny, Nz) for one, (fields, Nx, Ny, Nz) for several. */
  public void fields(String name, BlockGather.Source... fields) throws StorageException {
    write(name, scope.decomposition(), fields);
  }

  /** A field of any grid: (Nx, Ny, Nz), of a sky (rows, 1, columns). */
  public void field(String name, Decomposition decomposition, Field.Floats field) throws StorageException {
    write(name, decomposition, BlockGather.Source.of(scope.kernels(), field));
  }

  private void write(String name, Decomposition cut, BlockGather.Source... fields) throws StorageException {
    Mesh mesh = cut.mesh();
    try {
      int[] shape = fields.length == 1
          ? new int[]{mesh.nx(), mesh.ny(), mesh.nz()}
          : new int[]{fields.length, mesh.nx(), mesh.ny(), mesh.nz()};
      NpyWriter writer = scope.first() ? open(name, shape) : null;
      for (int field = 0; field < fields.length; field++) {
        int leading = field;
        gathers.apply(cut).gather(fields[field], (x, nx, y, ny, values) -> writer.writeBlock(
            fields.length == 1 ? new int[]{x, y, 0} : new int[]{leading, x, y, 0},
            fields.length == 1 ? new int[]{nx, ny, mesh.nz()} : new int[]{1, nx, ny, mesh.nz()}, values));
      }
    } catch (IOException failed) {
      throw failed(name, failed);
    }
  }

  /** An array that rank 0 holds. */
  public void array(String name, double[] values, int... shape) throws StorageException {
    if (!scope.first())
      return;
    try {
      open(name, shape).writeBlock(new int[shape.length], shape, values);
    } catch (IOException failed) {
      throw failed(name, failed);
    }
  }

  /** A small text that rank 0 holds. */
  public void text(String name, String text) {
    if (scope.first())
      texts.put(places.apply(name), text);
  }

  /** Everything gets its name. */
  public void commit() throws StorageException {
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
    arrays.add(NpyWriter.create(places.apply(name), NpyType.FLOAT32, shape));
    return arrays.getLast();
  }

  private StorageException failed(String name, IOException failed) {
    return StorageException.of(directory.resolve(name), "written", failed);
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
