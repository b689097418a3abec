package org.halocline.cosmology.cuda.memory;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Memory;

/** Device buffers for fields, page-locked host memory for staging: all of them the queue's, freed with it. */
public final class CudaMemory implements Memory {
  private final DeviceQueue queue;

  public CudaMemory(DeviceQueue queue) {
    this.queue = queue;
  }

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

  private void read(DeviceBuffer from, int start, MemorySegment into, int offset, int count, long bytes) {
    queue.copyToHost(from, bytes * start, into.asSlice(bytes * offset, bytes * count), bytes * count);
  }

  private void write(MemorySegment from, int offset, DeviceBuffer into, int start, int count, long bytes) {
    queue.copyToDevice(from.asSlice(bytes * offset, bytes * count), into, bytes * start, bytes * count);
  }

  @Override
  public void read(Field.Floats from, int start, float[] into, int offset, int count) {
    read(CudaFields.of(from), start, MemorySegment.ofArray(into), offset, count, Float.BYTES);
  }

  @Override
  public void write(float[] from, int offset, Field.Floats into, int start, int count) {
    write(MemorySegment.ofArray(from), offset, CudaFields.of(into), start, count, Float.BYTES);
  }

  @Override
  public void read(Field.Ints from, int start, int[] into, int offset, int count) {
    read(CudaFields.of(from), start, MemorySegment.ofArray(into), offset, count, Integer.BYTES);
  }

  @Override
  public void write(int[] from, int offset, Field.Ints into, int start, int count) {
    write(MemorySegment.ofArray(from), offset, CudaFields.of(into), start, count, Integer.BYTES);
  }

  @Override
  public void read(Field.Doubles from, int start, double[] into, int offset, int count) {
    read(CudaFields.of(from), start, MemorySegment.ofArray(into), offset, count, Double.BYTES);
  }

  @Override
  public void write(double[] from, int offset, Field.Doubles into, int start, int count) {
    write(MemorySegment.ofArray(from), offset, CudaFields.of(into), start, count, Double.BYTES);
  }

  /** Closes the queue. */
  @Override
  public void close() {
    queue.close();
  }
}
