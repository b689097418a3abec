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
  public void read(Field.Floats from, int start, float[] into, int offset, int count) {
    System.arraycopy(CoreFields.of(from), start, into, offset, count);
  }

  @Override
  public void write(float[] from, int offset, Field.Floats into, int start, int count) {
    System.arraycopy(from, offset, CoreFields.of(into), start, count);
  }

  @Override
  public void read(Field.Ints from, int start, int[] into, int offset, int count) {
    System.arraycopy(CoreFields.of(from), start, into, offset, count);
  }

  @Override
  public void write(int[] from, int offset, Field.Ints into, int start, int count) {
    System.arraycopy(from, offset, CoreFields.of(into), start, count);
  }

  @Override
  public void read(Field.Doubles from, int start, double[] into, int offset, int count) {
    System.arraycopy(CoreFields.of(from), start, into, offset, count);
  }

  @Override
  public void write(double[] from, int offset, Field.Doubles into, int start, int count) {
    System.arraycopy(from, offset, CoreFields.of(into), start, count);
  }

  @Override
  public void close() {
    arena.close();
  }
}
