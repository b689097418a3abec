package org.halocline.cosmology.kernel;

import java.lang.foreign.MemorySegment;

/** Fields and staging memory of a lane. Everything is allocated when a chain is planned and freed with it. */
public interface Memory extends AutoCloseable {

  /** A zeroed field. */
  Field.Floats floats(long size);

  /** A zeroed field. */
  Field.Ints ints(long size);

  /** A zeroed field. */
  Field.Doubles doubles(long size);

  /** Native host memory that the data plane reads and fills, aligned to 64 bytes; it lives as long as this object. */
  MemorySegment staging(long bytes);

  /** Copies bytes of a field, from {@code offset} on, to fill host memory. */
  void read(Field from, long offset, MemorySegment into);

  /** Copies all of some host memory to bytes of a field, from {@code offset} on. */
  void write(MemorySegment from, Field into, long offset);

  /** Copies elements [start, start + count) of a field to host memory. */
  default void read(Field.Floats from, int start, float[] into, int offset, int count) {
    read(from, 4L * start, MemorySegment.ofArray(into).asSlice(4L * offset, 4L * count));
  }

  /** Copies host memory to elements [start, start + count) of a field. */
  default void write(float[] from, int offset, Field.Floats into, int start, int count) {
    write(MemorySegment.ofArray(from).asSlice(4L * offset, 4L * count), into, 4L * start);
  }

  /** As of floats. */
  default void read(Field.Ints from, int start, int[] into, int offset, int count) {
    read(from, 4L * start, MemorySegment.ofArray(into).asSlice(4L * offset, 4L * count));
  }

  /** As of floats. */
  default void write(int[] from, int offset, Field.Ints into, int start, int count) {
    write(MemorySegment.ofArray(from).asSlice(4L * offset, 4L * count), into, 4L * start);
  }

  /** As of floats. */
  default void read(Field.Doubles from, int start, double[] into, int offset, int count) {
    read(from, 8L * start, MemorySegment.ofArray(into).asSlice(8L * offset, 8L * count));
  }

  /** As of floats. */
  default void write(double[] from, int offset, Field.Doubles into, int start, int count) {
    write(MemorySegment.ofArray(from).asSlice(8L * offset, 8L * count), into, 8L * start);
  }

  @Override
  void close();
}
