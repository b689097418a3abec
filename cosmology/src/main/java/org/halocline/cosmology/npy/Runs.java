package org.halocline.cosmology.npy;

import java.nio.ByteBuffer;

/** A sub-block of a C-order array as runs that are contiguous in the file. One thread. */
final class Runs {
  private static final int BUFFER_BYTES = 1 << 18;

  private final int[] shape;
  private final int[] start;
  private final int[] extent;
  /** Dimensions from this one on are inside one run. */
  private final int inner;
  private final int length;
  private final int[] counter;
  private boolean done;

  /** @throws IllegalArgumentException when the block is not inside the array or is not {@code elements} long */
  Runs(int[] shape, int[] start, int[] extent, int elements) {
    this.shape = shape;
    this.start = start;
    this.extent = extent;
    if (start.length != shape.length || extent.length != shape.length)
      throw new IllegalArgumentException("a block of " + start.length + " and " + extent.length + " dimensions in "
          + NpyHeader.text(shape));
    long count = 1;
    for (int d = 0; d < shape.length; d++) {
      if (start[d] < 0 || extent[d] < 0 || extent[d] > shape[d] - start[d])
        throw new IllegalArgumentException("block " + NpyHeader.text(extent) + " at " + NpyHeader.text(start)
            + " is not inside " + NpyHeader.text(shape));
      count = extent[d] == 0 ? 0 : Math.multiplyExact(count, (long) extent[d]);
    }
    if (count != elements)
      throw new IllegalArgumentException("block " + NpyHeader.text(extent) + " for an array of " + elements);
    int d = shape.length;
    int run = 1;
    while (d > 0) {
      d--;
      run *= extent[d];
      if (extent[d] != shape[d])
        break;
    }
    inner = d;
    length = run;
    counter = new int[inner];
    done = count == 0;
  }

  /** Elements of each run. */
  int length() {
    return length;
  }

  /** A buffer for one run, or for a part of it when runs are long. */
  ByteBuffer buffer(int bytesPerElement) {
    return ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, (long) Math.max(1, length) * bytesPerElement));
  }

  boolean hasNext() {
    return !done;
  }

  /** First element of the next run, counted in the whole array. */
  long next() {
    long offset = 0;
    for (int d = 0; d < shape.length; d++)
      offset = offset * shape[d] + start[d] + (d < inner ? counter[d] : 0);
    int d = inner - 1;
    while (d >= 0 && ++counter[d] == extent[d])
      counter[d--] = 0;
    done = d < 0;
    return offset;
  }
}
