package org.halocline.cosmology.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An .npy array open for reading, of any size. Reads are positional, so any number of threads may read at once; an
 * interrupt of a reading thread closes the file.
 *
 * <p>
 * A block that is not inside the array is the caller's mistake and an {@link IllegalArgumentException}; a fault of the
 * file is a {@link BadNpyException}.
 */
public final class NpyFile implements AutoCloseable {
  /** Elements of a part. */
  private static final int PART = 1 << 17;

  private final Path file;
  private final FileChannel channel;
  private final NpyHeader header;

  private NpyFile(Path file, FileChannel channel, NpyHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a file and checks its header and its length. What is not a plain file (a pipe, a device) is not waited for.
   */
  public static NpyFile open(Path file) throws BadNpyException {
    if (Files.exists(file) && !Files.isRegularFile(file))
      throw new BadNpyException(file, "is not a file");
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new BadNpyException(file, e);
    }
    try {
      return new NpyFile(file, channel, NpyHeader.read(file, channel));
    } catch (IOException e) {
      close(channel, e);
      throw e instanceof BadNpyException bad ? bad : new BadNpyException(file, e);
    }
  }

  private static void close(FileChannel channel, IOException because) {
    try {
      channel.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  public Path path() {
    return file;
  }

  /** Extents, slowest first: a new array. */
  public int[] shape() {
    return header.shape().clone();
  }

  /** As {@link #shape}, with a second axis of one element in an array of two axes: a sky as a mesh has it. */
  public int[] threeAxes() {
    int[] shape = header.shape();
    return shape.length == 2 ? new int[]{shape[0], 1, shape[1]} : shape.clone();
  }

  public NpyType type() {
    return header.type();
  }

  /** A failure that lies in what the numbers are, naming the file. */
  public BadNpyException bad(String problem) {
    return new BadNpyException(file, problem);
  }

  /**
   * Reads a sub-block in C order from a file of either order, converted to float.
   *
   * @param into exactly as long as the block
   */
  public void readBlock(int[] start, int[] extent, float[] into) throws BadNpyException {
    NpyType type = header.type();
    readBlock(start, extent, into.length, (buffer, from, n, at, stride) -> {
      if (stride == 1 && type == NpyType.FLOAT32)
        buffer.asFloatBuffer().get(from, into, at, n);
      else
        for (int i = 0; i < n; i++)
          into[at + i * stride] = (float) type.get(buffer, from + i);
    });
  }

  /** As {@link #readBlock(int[], int[], float[])}, converted to double. */
  public void readBlock(int[] start, int[] extent, double[] into) throws BadNpyException {
    NpyType type = header.type();
    readBlock(start, extent, into.length, (buffer, from, n, at, stride) -> {
      if (stride == 1 && type == NpyType.FLOAT64)
        buffer.asDoubleBuffer().get(from, into, at, n);
      else
        for (int i = 0; i < n; i++)
          into[at + i * stride] = type.get(buffer, from + i);
    });
  }

  /** Takes {@code n} elements of a buffer, the first of them {@code from}, to a block's elements at, at + stride, … */
  private interface Chunk {
    void take(ByteBuffer buffer, int from, int n, int at, int stride);
  }

  private void readBlock(int[] start, int[] extent, int length, Chunk chunk) throws BadNpyException {
    boolean fortran = header.fortran();
    int[] shape = start.length == 3 ? threeAxes() : header.shape();
    Runs runs = fortran
        ? new Runs(reversed(shape), reversed(start), reversed(extent), length)
        : new Runs(shape, start, extent, length);
    ByteBuffer buffer = runs.buffer(header.type().bytes()).order(header.order());
    int at = 0;
    while (runs.hasNext()) {
      long from = runs.next();
      for (int done = 0; done < runs.length();) {
        int n = fill(buffer, from + done, runs.length() - done);
        if (fortran)
          scatter(buffer, n, at, extent, chunk);
        else
          chunk.take(buffer, 0, n, at, 1);
        at += n;
        done += n;
      }
    }
  }

  /** Takes a block's elements, from {@code first} on in Fortran order, line by line to where C order has them. */
  private static void scatter(ByteBuffer buffer, int n, int first, int[] extent, Chunk chunk) {
    int line = extent.length == 0 ? 1 : extent[0];
    for (int i = 0; i < n;) {
      int rest = (first + i) / line;
      int at = 0;
      int stride = 1;
      int lines = (int) (NpyHeader.count(extent) / line);
      for (int d = 1; d < extent.length; d++) {
        lines /= extent[d];
        at += rest % extent[d] * lines;
        rest /= extent[d];
        stride *= extent[d];
      }
      int inLine = (first + i) % line;
      int m = Math.min(line - inLine, n - i);
      chunk.take(buffer, i, m, at + inLine * stride, stride);
      i += m;
    }
  }

  private static int[] reversed(int[] values) {
    int[] reversed = new int[values.length];
    for (int d = 0; d < values.length; d++)
      reversed[d] = values[values.length - 1 - d];
    return reversed;
  }

  /** Takes elements of a block, converted to float. */
  public interface Part<E extends Exception> {
    /**
     * @param values those from {@code from} on count, {@code n} of them; they are overwritten after the call
     * @param at where the first of them is in the block, in C order; all of them have the same index on the first axis
     */
    void take(float[] values, int from, int n, long at) throws E, BadNpyException;
  }

  /**
   * Reads a sub-block of an array of {@link #threeAxes} in parts of whole lines along the last axis, as they lie at
   * hand in the file: in neither order is a byte read twice, and no more is held than half a mebibyte or one line.
   */
  public <E extends Exception> void readParts(int[] start, int[] extent, Part<E> part) throws E, BadNpyException {
    if (extent.length != 3 || start.length != 3)
      throw new IllegalArgumentException("a block of " + extent.length + " axes, expected 3");
    int line = extent[2];
    int most = Math.max(1, PART / Math.max(1, line));
    int nx = Math.max(1, Math.min(extent[0], header.fortran() || extent[1] == 0 ? most : most / extent[1]));
    int ny = Math.max(1, Math.min(extent[1], header.fortran() && nx < extent[0] ? 1 : most / nx));
    float[] values = new float[0];
    for (int x = 0; x < extent[0]; x += nx)
      for (int y = 0; y < extent[1]; y += ny) {
        int[] first = {start[0] + x, start[1] + y, start[2]};
        int[] size = {Math.min(nx, extent[0] - x), Math.min(ny, extent[1] - y), line};
        int n = size[1] * line;
        values = values.length == size[0] * n ? values : new float[size[0] * n];
        readBlock(first, size, values);
        for (int i = 0; i < size[0]; i++)
          part.take(values, i * n, n, ((long) (x + i) * extent[1] + y) * line);
      }
  }

  /** The whole array in C order. */
  public double[] readAllDoubles() throws BadNpyException {
    long count = NpyHeader.count(header.shape());
    if (count > Integer.MAX_VALUE - 8)
      throw new BadNpyException(file, "shape " + NpyHeader.text(header.shape())
          + " is too large to be read whole, expected at most " + (Integer.MAX_VALUE - 8) + " elements");
    double[] all = new double[(int) count];
    readBlock(new int[header.shape().length], header.shape(), all);
    return all;
  }

  /** Fills the buffer from an element on, at most {@code most} elements, and returns how many. */
  private int fill(ByteBuffer buffer, long element, int most) throws BadNpyException {
    int bytes = header.type().bytes();
    int n = Math.min(most, buffer.capacity() / bytes);
    buffer.clear().limit(n * bytes);
    long from = header.dataOffset() + element * bytes;
    try {
      NpyHeader.fill(buffer, file, channel, from);
    } catch (BadNpyException e) {
      throw e;
    } catch (IOException e) {
      throw new BadNpyException(file, e);
    }
    return n;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
