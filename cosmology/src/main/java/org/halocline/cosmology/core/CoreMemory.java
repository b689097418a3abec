package org.halocline.cosmology.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Memory;

/** Heap arrays for fields, a shared arena for staging memory. */
final class CoreMemory implements Memory {
  private final Arena arena = Arena.ofShared();

  @Override
  public Field.Floats floats(long size) {
    return new CoreFields.FloatArray(new float[Math.toIntExact(size)]);
  }

  @Override
  public Field.Ints ints(long size) {
    return new CoreFields.IntArray(new int[Math.toIntExact(size)]);
  }

  @Override
  public Field.Doubles doubles(long size) {
    return new CoreFields.DoubleArray(new double[Math.toIntExact(size)]);
  }

  @Override
  public MemorySegment staging(long bytes) {
    return arena.allocate(bytes, 64);
  }

  @Override
  public void read(Field from, long offset, MemorySegment into) {
    MemorySegment.copy(CoreFields.bytes(from), offset, into, 0, into.byteSize());
  }

  @Override
  public void write(MemorySegment from, Field into, long offset) {
    MemorySegment.copy(from, 0, CoreFields.bytes(into), offset, from.byteSize());
  }

  @Override
  public void close() {
    arena.close();
  }
}
