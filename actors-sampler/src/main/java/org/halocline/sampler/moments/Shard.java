package org.halocline.sampler.moments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;

/**
 * One rank's block of a field in a checkpoint: an npy file of the block's shape, whose name says where in the mesh it
 * begins, {@code noise.X.Y.npy}. A rank reads the part that overlaps its own block, so layouts may differ.
 *
 * @param what name of the field
 */
public record Shard(String what, int x0, int y0) {
  public static final String NOISE = "noise";
  public static final String SUM = "sum";
  public static final String SQUARE = "square";

  private static final Pattern NAME = Pattern.compile("([a-z]+(?:-\\d+)?)\\.(\\d+)\\.(\\d+)\\.npy");

  public static Shard of(String what, Block block) {
    return new Shard(what, block.x0(), block.y0());
  }

  /** What is kept of one of several fields: the first one's name has no number. */
  public static String ofField(String what, int number) {
    return number == 0 ? what : what + "-" + (number + 1);
  }

  /** The shard that a part of a checkpoint is, if it is one. */
  public static Optional<Shard> find(String part) {
    Matcher name = NAME.matcher(part);
    return name.matches()
        ? Optional.of(new Shard(name.group(1), Integer.parseInt(name.group(2)), Integer.parseInt(name.group(3))))
        : Optional.empty();
  }

  /** Whether a part of a checkpoint is a shard of this field. */
  public static boolean is(String what, String part) {
    return find(part).filter(shard -> shard.what.equals(what)).isPresent();
  }

  /** Whether a part of a checkpoint is a shard of a latent field. */
  public static boolean isNoise(String part) {
    return find(part).filter(shard -> shard.what.equals(NOISE) || shard.what.startsWith(NOISE + "-")).isPresent();
  }

  public String fileName() {
    return what + "." + x0 + "." + y0 + ".npy";
  }

  public static void write(Path file, Field.Floats field, Block block, Memory memory) throws IOException {
    try (NpyWriter writer = NpyWriter.create(file, NpyType.FLOAT32, block.nx(), block.ny(), block.nz())) {
      int row = block.ny() * block.nz();
      float[] values = new float[row];
      for (int x = 0; x < block.nx(); x++) {
        memory.read(field, x * row, values, 0, row);
        writer.writeBlock(new int[]{x, 0, 0}, new int[]{1, block.ny(), block.nz()}, values);
      }
      writer.commit();
    }
  }

  public static void write(Path file, Field.Doubles field, Block block, Memory memory) throws IOException {
    try (NpyWriter writer = NpyWriter.create(file, NpyType.FLOAT64, block.nx(), block.ny(), block.nz())) {
      int row = block.ny() * block.nz();
      double[] values = new double[row];
      for (int x = 0; x < block.nx(); x++) {
        memory.read(field, x * row, values, 0, row);
        writer.writeBlock(new int[]{x, 0, 0}, new int[]{1, block.ny(), block.nz()}, values);
      }
      writer.commit();
    }
  }

  private interface Line {
    void copy(NpyFile npy, int[] start, int[] extent, int at) throws BadNpyException;
  }

  /** Fills the part of a block that this shard holds. @return cells filled */
  public long read(Path file, Field.Floats into, Block block, Memory memory) throws IOException {
    float[] line = new float[block.nz()];
    return overlap(file, block, (npy, start, extent, at) -> {
      npy.readBlock(start, extent, line);
      memory.write(line, 0, into, at, line.length);
    });
  }

  /** Fills the part of a block that this shard holds. @return cells filled */
  public long read(Path file, Field.Doubles into, Block block, Memory memory) throws IOException {
    double[] line = new double[block.nz()];
    return overlap(file, block, (npy, start, extent, at) -> {
      npy.readBlock(start, extent, line);
      memory.write(line, 0, into, at, line.length);
    });
  }

  private long overlap(Path file, Block block, Line line) throws IOException {
    try (NpyFile npy = NpyFile.open(file)) {
      int[] shape = npy.shape();
      long cells = 0;
      for (int x = Math.max(x0, block.x0()); x < Math.min(x0 + shape[0], block.x0() + block.nx()); x++)
        for (int y = Math.max(y0, block.y0()); y < Math.min(y0 + shape[1], block.y0() + block.ny()); y++) {
          int at = ((x - block.x0()) * block.ny() + y - block.y0()) * block.nz();
          line.copy(npy, new int[]{x - x0, y - y0, 0}, new int[]{1, 1, block.nz()}, at);
          cells += block.nz();
        }
      return cells;
    } catch (BadNpyException broken) {
      throw new IOException("the checkpoint's " + fileName() + " cannot be used: " + broken.getMessage(), broken);
    }
  }
}
