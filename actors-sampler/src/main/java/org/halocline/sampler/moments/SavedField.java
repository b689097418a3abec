package org.halocline.sampler.moments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.run.Checkpoint;

/** The sums of one of a chain's fields in its last checkpoint, put together from shards of any layout. One thread. */
public final class SavedField implements FieldMoments.Sums {
  private record Open(Shard shard, NpyFile file) {}

  private final Mesh mesh;
  private final List<Open> sums = new ArrayList<>();
  private final List<Open> squares = new ArrayList<>();

  private SavedField(Mesh mesh) {
    this.mesh = mesh;
  }

  /** @param number the field's place among the program's, from 0 */
  public static SavedField open(Checkpoint checkpoint, Mesh mesh, int number) throws IOException {
    SavedField saved = new SavedField(mesh);
    try {
      for (String part : checkpoint.names())
        if (Shard.is(Shard.ofField(Shard.SUM, number), part))
          saved.sums.add(new Open(Shard.parse(part), NpyFile.open(checkpoint.path(part))));
        else if (Shard.is(Shard.ofField(Shard.SQUARE, number), part))
          saved.squares.add(new Open(Shard.parse(part), NpyFile.open(checkpoint.path(part))));
      return saved;
    } catch (BadNpyException broken) {
      saved.close();
      throw new IOException(broken.getMessage(), broken);
    }
  }

  @Override
  public double[] sum(int slab) throws IOException {
    return slab(sums, slab);
  }

  @Override
  public double[] square(int slab) throws IOException {
    return slab(squares, slab);
  }

  private double[] slab(List<Open> shards, int x) throws IOException {
    double[] slab = new double[mesh.ny() * mesh.nz()];
    for (Open open : shards) {
      int[] shape = open.file().shape();
      int row = x - open.shard().x0();
      if (row < 0 || row >= shape[0])
        continue;
      double[] rows = new double[shape[1] * shape[2]];
      try {
        open.file().readBlock(new int[]{row, 0, 0}, new int[]{1, shape[1], shape[2]}, rows);
      } catch (BadNpyException broken) {
        throw new IOException(broken.getMessage(), broken);
      }
      System.arraycopy(rows, 0, slab, open.shard().y0() * mesh.nz(), rows.length);
    }
    return slab;
  }

  @Override
  public void close() throws IOException {
    for (Open open : sums)
      open.file().close();
    for (Open open : squares)
      open.file().close();
  }
}
