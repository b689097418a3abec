package org.halocline.cosmology.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * An .npy array open for reading, of any size. Reads are positional, so any number of threads may read at once; an
 * interrupt of a reading thread closes the file.
 *
 * <p>
 * A block that is not inside the array is the caller's mistake and an {@link IllegalArgumentException}; whatever is
 * wrong with the file is a {@link BadNpyException}.
 */
public final class NpyFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final NpyHeader header;

  private NpyFile(Path file, FileChannel channel, NpyHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  /** Opens a file and checks its header and its length. */
  public static NpyFile open(Path file) throws BadNpyException {
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

  public NpyType type() {
    return header.type();
  }

  /** Fails unless the array has this shape. */
  public void requireShape(int... expected) throws BadNpyException {
    if (!Arrays.equals(expected, header.shape())) {
      throw new BadNpyException(file,
          "has shape " + NpyHeader.text(header.shape()) + ", expected " + NpyHeader.text(expected));
    }
  }

  /**
   * Reads a sub-block in C order, converted to float.
   *
   * @param into exactly as long as the block
   */
  public void readBlock(int[] start, int[] extent, float[] into) throws BadNpyException {
    Chunk chunk = switch (header.type()) {
      case FLOAT32 -> (buffer, n, at) -> buffer.asFloatBuffer().get(into, at, n);
      case FLOAT64 -> (buffer, n, at) -> {
        for (int i = 0; i < n; i++) { into[at + i] = (float) buffer.getDouble(i * Double.BYTES); }
      };
      case INT32 -> (buffer, n, at) -> {
        for (int i = 0; i < n; i++) { into[at + i] = buffer.getInt(i * Integer.BYTES); }
      };
    };
    readBlock(start, extent, into.length, chunk);
  }

  /** As {@link #readBlock(int[], int[], float[])}, converted to double. */
  public void readBlock(int[] start, int[] extent, double[] into) throws BadNpyException {
    Chunk chunk = switch (header.type()) {
      case FLOAT32 -> (buffer, n, at) -> {
        for (int i = 0; i < n; i++) { into[at + i] = buffer.getFloat(i * Float.BYTES); }
      };
      case FLOAT64 -> (buffer, n, at) -> buffer.asDoubleBuffer().get(into, at, n);
      case INT32 -> (buffer, n, at) -> {
        for (int i = 0; i < n; i++) { into[at + i] = buffer.getInt(i * Integer.BYTES); }
      };
    };
    readBlock(start, extent, into.length, chunk);
  }

  /** Takes {@code n} elements from the start of a buffer to a block, from its element {@code at} on. */
  private interface Chunk {
    void take(ByteBuffer buffer, int n, int at);
  }

  private void readBlock(int[] start, int[] extent, int length, Chunk chunk) throws BadNpyException {
    var runs = new Runs(header.shape(), start, extent, length);
    ByteBuffer buffer = runs.buffer(header.type().bytes()).order(header.order());
    int at = 0;
    while (runs.hasNext()) {
      long from = runs.next();
      for (int done = 0; done < runs.length();) {
        int n = fill(buffer, from + done, runs.length() - done);
        chunk.take(buffer, n, at);
        at += n;
        done += n;
      }
    }
  }

  /** The whole array in C order. */
  public float[] readAll() throws BadNpyException {
    float[] all = new float[length()];
    readBlock(new int[header.shape().length], header.shape(), all);
    return all;
  }

  /** The whole array in C order. */
  public double[] readAllDoubles() throws BadNpyException {
    double[] all = new double[length()];
    readBlock(new int[header.shape().length], header.shape(), all);
    return all;
  }

  private int length() throws BadNpyException {
    long count = NpyHeader.count(header.shape());
    if (count > Integer.MAX_VALUE - 8) {
      throw new BadNpyException(file, "shape " + NpyHeader.text(header.shape())
          + " is too large to be read whole, expected at most " + (Integer.MAX_VALUE - 8) + " elements");
    }
    return (int) count;
  }

  /** Fails at the first value of a block, as it was read, that is NaN or infinite, and names its place in the array. */
  public void requireFinite(int[] start, int[] extent, float[] values) throws BadNpyException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw notFinite(start, extent, i, values[i]);
      }
    }
  }

  /** As {@link #requireFinite(int[], int[], float[])} for the whole array. */
  public void requireFinite(double[] values) throws BadNpyException {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw notFinite(new int[header.shape().length], header.shape(), i, values[i]);
      }
    }
  }

  private BadNpyException notFinite(int[] start, int[] extent, int index, double value) {
    int[] place = new int[extent.length];
    int rest = index;
    for (int d = extent.length - 1; d >= 0; d--) {
      place[d] = start[d] + rest % extent[d];
      rest /= extent[d];
    }
    return new BadNpyException(file, "has " + value + " at " + NpyHeader.text(place) + ", expected finite numbers");
  }

  /** Fills the buffer from an element on, at most {@code most} elements, and returns how many. */
  private int fill(ByteBuffer buffer, long element, int most) throws BadNpyException {
    int bytes = header.type().bytes();
    int n = Math.min(most, buffer.capacity() / bytes);
    buffer.clear().limit(n * bytes);
    long from = header.dataOffset() + element * bytes;
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, from + buffer.position()) < 0) {
          throw new BadNpyException(file, "shrank while it was read");
        }
      }
    } catch (BadNpyException e) {
      throw e;
    } catch (IOException e) {
      throw new BadNpyException(file, e);
    }
    buffer.flip();
    return n;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
