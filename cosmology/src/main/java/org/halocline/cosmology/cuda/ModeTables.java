package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.DeviceScratch;
import org.halocline.cosmology.mesh.Pencil;

/**
 * Tables that kernels read for each mode: squares of the wave numbers of x, then y, then z, kept by pencil; and a table
 * of the power.
 */
final class ModeTables {
  private final DeviceQueue queue;
  private final Map<Pencil, DeviceBuffer> squares = new HashMap<>();
  private final DeviceScratch power;

  ModeTables(DeviceQueue queue) {
    this.queue = queue;
    this.power = new DeviceScratch(queue);
  }

  DeviceBuffer squares(Pencil pencil) {
    return squares.computeIfAbsent(pencil, this::upload);
  }

  private DeviceBuffer upload(Pencil pencil) {
    double[][] axes = {pencil.squares(0), pencil.squares(1), pencil.squares(2)};
    DeviceBuffer buffer = queue.allocate(8L * (axes[0].length + axes[1].length + axes[2].length));
    long offset = 0;
    for (double[] axis : axes) {
      queue.copyToDevice(MemorySegment.ofArray(axis), buffer, offset, 8L * axis.length);
      offset += 8L * axis.length;
    }
    return buffer;
  }

  /** A table, good until the next one. */
  DeviceBuffer power(double[] table) {
    DeviceBuffer buffer = power.of(8L * table.length);
    queue.copyToDevice(MemorySegment.ofArray(table), buffer, 0, 8L * table.length);
    return buffer;
  }
}
