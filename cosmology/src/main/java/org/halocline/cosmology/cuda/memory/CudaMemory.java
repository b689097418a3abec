package org.halocline.cosmology.cuda.memory;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Memory;

/** Device buffers for fields, page-locked host memory for staging: all of them the queue's, freed with it. */
public record CudaMemory(DeviceQueue queue) implements Memory {
  @Override
  public Field.Floats floats(long size) {
    return new CudaFields.FloatBuffer(queue.allocate(4 * size), Math.toIntExact(size));
  }

  @Override
  public Field.Ints ints(long size) {
    return new CudaFields.IntBuffer(queue.allocate(4 * size), Math.toIntExact(size));
  }

  @Override
  public Field.Doubles doubles(long size) {
    return new CudaFields.DoubleBuffer(queue.allocate(8 * size), Math.toIntExact(size));
  }

  @Override
  public MemorySegment staging(long bytes) {
    return queue.pinned(bytes);
  }

  @Override
  public void read(Field from, long offset, MemorySegment into) {
    queue.copyToHost(CudaFields.of(from), offset, into, into.byteSize());
  }

  @Override
  public void write(MemorySegment from, Field into, long offset) {
    queue.copyToDevice(from, CudaFields.of(into), offset, from.byteSize());
  }

  /** Closes the queue. */
  @Override
  public void close() {
    queue.close();
  }
}
