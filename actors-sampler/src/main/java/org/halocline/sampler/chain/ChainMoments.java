package org.halocline.sampler.chain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.sampler.tape.RankScope;

/**
 * Running sums of one chain's field and arrays, and of their squares, over its draws: in double, in the order of the draws.
 * Used by the chain's own thread only.
 */
final class ChainMoments {
  private final RankScope scope;
  private final Optional<Field.Doubles> sum;
  private final Optional<Field.Doubles> square;
  private final Map<String, double[]> arraySums = new TreeMap<>();
  private final Map<String, double[]> arraySquares = new TreeMap<>();
  private int count;

  ChainMoments(RankScope scope, boolean hasField) {
    this.scope = scope;
    Memory memory = scope.kernels().memory();
    this.sum = hasField ? Optional.of(memory.doubles(scope.block().size())) : Optional.empty();
    this.square = hasField ? Optional.of(memory.doubles(scope.block().size())) : Optional.empty();
  }

  void add(Optional<Field.Floats> field, Map<String, double[]> arrays) {
    count++;
    field.ifPresent(
        values -> scope.kernels().vectors().accumulate(values, sum.orElseThrow(), square.orElseThrow()));
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
  List<String> save(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    if (count == 0)
      return names;
    Block block = scope.block();
    Memory memory = scope.kernels().memory();
    if (sum.isPresent()) {
      names.add(Shard.of(Shard.SUM, block).fileName());
      Shard.write(directory.resolve(names.getLast()), sum.get(), block, memory);
      names.add(Shard.of(Shard.SQUARE, block).fileName());
      Shard.write(directory.resolve(names.getLast()), square.orElseThrow(), block, memory);
    }
    if (scope.first())
      for (String name : arraySums.keySet()) {
        names.add(ArrayPart.SUM.fileName(name));
        NpyWriter.write(directory.resolve(names.getLast()), arraySums.get(name), arraySums.get(name).length);
        names.add(ArrayPart.SQUARE.fileName(name));
        NpyWriter.write(directory.resolve(names.getLast()), arraySquares.get(name), arraySquares.get(name).length);
      }
    return names;
  }

  void restore(Path directory, List<String> parts, int counted) throws IOException {
    count = counted;
    if (counted == 0)
      return;
    Block block = scope.block();
    Memory memory = scope.kernels().memory();
    for (String part : parts) {
      if (sum.isPresent() && Shard.is(Shard.SUM, part))
        Shard.parse(part).read(directory.resolve(part), sum.get(), block, memory);
      else if (square.isPresent() && Shard.is(Shard.SQUARE, part))
        Shard.parse(part).read(directory.resolve(part), square.get(), block, memory);
      else if (scope.first() && ArrayPart.SUM.matches(part))
        arraySums.put(ArrayPart.SUM.name(part), read(directory.resolve(part)));
      else if (scope.first() && ArrayPart.SQUARE.matches(part))
        arraySquares.put(ArrayPart.SQUARE.name(part), read(directory.resolve(part)));
    }
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
