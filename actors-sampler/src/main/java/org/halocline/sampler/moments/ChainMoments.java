package org.halocline.sampler.moments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.sampler.ppl.LatentField;
import org.halocline.sampler.tape.RankScope;

/**
 * Running sums of one chain's fields and arrays, and of their squares, over its draws: in double, in the order of the
 * draws. Used by the chain's own thread only.
 */
public final class ChainMoments {
  /** What the names of the two files of an array in a checkpoint end in, after the array's. */
  static final String ARRAY_SUM = ".array-sum.npy";
  static final String ARRAY_SQUARE = ".array-square.npy";

  private final RankScope scope;
  private final List<LatentField> fields;
  private final List<Field.Doubles> sums;
  private final List<Field.Doubles> squares;
  private final Map<String, double[]> arraySums = new TreeMap<>();
  private final Map<String, double[]> arraySquares = new TreeMap<>();
  private int count;

  public ChainMoments(RankScope scope, List<LatentField> fields) {
    this.scope = scope;
    this.fields = fields;
    this.sums = allocate();
    this.squares = allocate();
  }

  private List<Field.Doubles> allocate() {
    return fields.stream().map(field -> scope.kernels().memory().doubles(field.position().size())).toList();
  }

  /** Bytes a site that the sums of a field take. */
  public static long bytesPerSite() {
    return 2 * 8;
  }

  /** Adds the fields' positions and the arrays of one draw. */
  public void add(Map<String, double[]> arrays) {
    count++;
    for (int i = 0; i < fields.size(); i++)
      scope.kernels().vectors().accumulate(fields.get(i).position(), sums.get(i), squares.get(i));
    arrays.forEach((name, values) -> {
      double[] sums = arraySums.computeIfAbsent(name, _ -> new double[values.length]);
      double[] squares = arraySquares.computeIfAbsent(name, _ -> new double[values.length]);
      for (int i = 0; i < values.length; i++) {
        sums[i] += values[i];
        squares[i] += values[i] * values[i];
      }
    });
  }

  /** Writes this rank's part. @return names of the files, the same number on every rank but for rank 0's arrays */
  public List<String> save(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    if (count == 0)
      return names;
    for (LatentField field : fields) {
      save(directory, Shard.SUM, field, sums, names);
      save(directory, Shard.SQUARE, field, squares, names);
    }
    if (scope.first())
      for (String name : arraySums.keySet()) {
        save(directory, name + ARRAY_SUM, arraySums.get(name), names);
        save(directory, name + ARRAY_SQUARE, arraySquares.get(name), names);
      }
    return names;
  }

  private static void save(Path directory, String part, double[] values, List<String> names) throws IOException {
    names.add(part);
    NpyWriter.write(directory.resolve(part), values, values.length);
  }

  public void restore(Path directory, List<String> parts, int counted) throws IOException {
    count = counted;
    if (counted == 0)
      return;
    for (LatentField field : fields) {
      restore(directory, Shard.SUM, field, sums, parts);
      restore(directory, Shard.SQUARE, field, squares, parts);
    }
    if (!scope.first())
      return;
    restore(directory, ARRAY_SUM, arraySums, parts);
    restore(directory, ARRAY_SQUARE, arraySquares, parts);
  }

  private static void restore(Path directory, String ending, Map<String, double[]> arrays, List<String> parts)
      throws IOException {
    for (String part : parts)
      if (part.endsWith(ending))
        arrays.put(part.substring(0, part.length() - ending.length()), read(directory.resolve(part)));
  }

  private void save(Path directory, String what, LatentField field, List<Field.Doubles> values, List<String> names)
      throws IOException {
    Block block = field.decomposition().block(scope.rank());
    names.add(Shard.of(Shard.ofField(what, field.number()), block).fileName());
    Shard.write(directory.resolve(names.getLast()), values.get(field.number()), block, scope.kernels().memory());
  }

  private void restore(Path directory, String what, LatentField field, List<Field.Doubles> values, List<String> parts)
      throws IOException {
    Block block = field.decomposition().block(scope.rank());
    for (String part : parts)
      if (Shard.is(Shard.ofField(what, field.number()), part))
        Shard.find(part).orElseThrow().read(directory.resolve(part), values.get(field.number()), block,
            scope.kernels().memory());
  }

  private static double[] read(Path file) throws IOException {
    try (NpyFile npy = NpyFile.open(file)) {
      return npy.readAllDoubles();
    } catch (BadNpyException broken) {
      throw new IOException("the checkpoint's " + file.getFileName() + " cannot be used: " + broken.getMessage(),
          broken);
    }
  }
}
