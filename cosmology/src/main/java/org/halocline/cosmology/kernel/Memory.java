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

  /** Copies elements [start, start + count) of a field to host memory. */
  void read(Field.Floats from, int start, float[] into, int offset, int count);

  /** Copies host memory to elements [start, start + count) of a field. */
  void write(float[] from, int offset, Field.Floats into, int start, int count);

  /** Copies elements [start, start + count) of a field to host memory. */
  void read(Field.Ints from, int start, int[] into, int offset, int count);

  /** Copies host memory to elements [start, start + count) of a field. */
  void write(int[] from, int offset, Field.Ints into, int start, int count);

  /** Copies elements [start, start + count) of a field to host memory. */
  void read(Field.Doubles from, int start, double[] into, int offset, int count);

  /** Copies host memory to elements [start, start + count) of a field. */
  void write(double[] from, int offset, Field.Doubles into, int start, int count);

  @Override
  void close();
}
