package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.DeviceScratch;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;

/**
 * Tables that kernels read for each mode: squares and wave numbers of x, then y, then z, kept by pencil; and a table of
 * a function of k, or several.
 */
final class ModeTables {
  /** Numbers that say where a table of several lies and what its nodes are, as in {@code modes.cu}. */
  private static final int ENTRY = 4;

  private final DeviceQueue queue;
  private final Map<Pencil, DeviceBuffer> squares = new HashMap<>();
  private final Map<Pencil, DeviceBuffer> waves = new HashMap<>();
  private final DeviceScratch values;

  ModeTables(DeviceQueue queue) {
    this.queue = queue;
    this.values = new DeviceScratch(queue);
  }

  DeviceBuffer squares(Pencil pencil) {
    return squares.computeIfAbsent(pencil, modes -> upload(modes::squares));
  }

  DeviceBuffer waves(Pencil pencil) {
    return waves.computeIfAbsent(pencil, modes -> upload(modes::waves));
  }

  private DeviceBuffer upload(IntFunction<double[]> ofAxis) {
    double[][] axes = {ofAxis.apply(0), ofAxis.apply(1), ofAxis.apply(2)};
    DeviceBuffer buffer = queue.allocate(8L * (axes[0].length + axes[1].length + axes[2].length));
    long offset = 0;
    for (double[] axis : axes) {
      queue.copyToDevice(MemorySegment.ofArray(axis), buffer, offset, 8L * axis.length);
      offset += 8L * axis.length;
    }
    return buffer;
  }

  /** Numbers, good until the next ones. */
  DeviceBuffer values(double[] numbers) {
    DeviceBuffer buffer = values.of(8L * numbers.length);
    queue.copyToDevice(MemorySegment.ofArray(numbers), buffer, 0, 8L * numbers.length);
    return buffer;
  }

  /** A matrix of tables, row by row, good until the next numbers. */
  DeviceBuffer matrix(ModeTable[][] matrix) {
    List<ModeTable> tables = Arrays.stream(matrix).flatMap(Arrays::stream).toList();
    int at = ENTRY * tables.size();
    double[] numbers = new double[at + tables.stream().mapToInt(table -> table.values().length).sum()];
    for (int i = 0; i < tables.size(); i++) {
      ModeTable table = tables.get(i);
      int nodes = table.values().length;
      double[] entry = {at, nodes, table.u0(), table.du()};
      System.arraycopy(entry, 0, numbers, ENTRY * i, ENTRY);
      System.arraycopy(table.values(), 0, numbers, at, nodes);
      at += nodes;
    }
    return values(numbers);
  }
}
