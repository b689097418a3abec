package org.halocline.cosmology.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes an .npy array of any size block by block, in any order and from any number of threads. Data go to a file
 * beside the final one, {@code NAME.part-…}; {@link #commit} syncs it to disk and renames it, so the final name never
 * holds a part. Closed without a commit, the part is deleted.
 *
 * <p>
 * It is for the caller to write every element once: a commit with fewer or more elements than the shape's is refused.
 */
public final class NpyWriter implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final FileChannel channel;
  private final NpyType type;
  private final int[] shape;
  private final long dataOffset;
  private final AtomicLong written = new AtomicLong();
  private boolean open = true;

  private NpyWriter(Path file, Path part, FileChannel channel, NpyType type, int[] shape, long dataOffset) {
    this.file = file;
    this.part = part;
    this.channel = channel;
    this.type = type;
    this.shape = shape;
    this.dataOffset = dataOffset;
  }

  /**
   * @param file final name; a file that has it is replaced on commit
   * @param type float32 or float64
   * @param shape extents, slowest first, at most 32
   * @throws IOException when the directory cannot be written to
   */
  public static NpyWriter create(Path file, NpyType type, int... shape) throws IOException {
    if (type != NpyType.FLOAT32 && type != NpyType.FLOAT64)
      throw new IllegalArgumentException("arrays of " + type + " are not written");
    for (int extent : shape)
      if (extent < 0 || shape.length > NpyHeader.MOST_DIMENSIONS)
        throw new IllegalArgumentException("shape " + NpyHeader.text(shape));
    Math.multiplyExact(NpyHeader.count(shape), type.bytes());
    Path part = file.resolveSibling(file.getFileName() + ".part-" + UUID.randomUUID());
    ByteBuffer header = NpyHeader.bytes(type, shape);
    FileChannel channel;
    try {
      channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed(file, e);
    }
    var writer = new NpyWriter(file, part, channel, type, shape.clone(), header.limit());
    try {
      writer.write(header, 0);
    } catch (IOException e) {
      try {
        writer.close();
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
    return writer;
  }

  /** Writes a whole array at once. */
  public static void write(Path file, float[] data, int... shape) throws IOException {
    try (NpyWriter writer = create(file, NpyType.FLOAT32, shape)) {
      writer.writeBlock(new int[shape.length], shape, data);
      writer.commit();
    }
  }

  /** Writes a whole array at once. */
  public static void write(Path file, double[] data, int... shape) throws IOException {
    try (NpyWriter writer = create(file, NpyType.FLOAT64, shape)) {
      writer.writeBlock(new int[shape.length], shape, data);
      writer.commit();
    }
  }

  /** Writes a sub-block, given in C order. Any thread. */
  public void writeBlock(int[] start, int[] extent, float[] data) throws IOException {
    writeBlock(start, extent, data.length, (at, n, buffer) -> {
      if (type == NpyType.FLOAT32)
        buffer.asFloatBuffer().put(data, at, n);
      else
        for (int i = 0; i < n; i++)
          buffer.putDouble(i * Double.BYTES, data[at + i]);
    });
  }

  /** As {@link #writeBlock(int[], int[], float[])}; numbers are rounded when the array is float32. */
  public void writeBlock(int[] start, int[] extent, double[] data) throws IOException {
    writeBlock(start, extent, data.length, (at, n, buffer) -> {
      if (type == NpyType.FLOAT64)
        buffer.asDoubleBuffer().put(data, at, n);
      else
        for (int i = 0; i < n; i++)
          buffer.putFloat(i * Float.BYTES, (float) data[at + i]);
    });
  }

  /** Puts {@code n} elements, from element {@code at} of a block on, to the start of a buffer. */
  private interface Chunk {
    void put(int at, int n, ByteBuffer buffer);
  }

  private void writeBlock(int[] start, int[] extent, int length, Chunk chunk) throws IOException {
    var runs = new Runs(shape, start, extent, length);
    ByteBuffer buffer = runs.buffer(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (runs.hasNext()) {
      long to = runs.next();
      for (int done = 0; done < runs.length();) {
        int n = Math.min(runs.length() - done, buffer.capacity() / type.bytes());
        chunk.put(at, n, buffer.clear());
        write(buffer.limit(n * type.bytes()), dataOffset + (to + done) * type.bytes());
        at += n;
        done += n;
      }
    }
    written.addAndGet(length);
  }

  /** Syncs and renames. No block may be on its way. */
  public synchronized void commit() throws IOException {
    if (!open)
      throw new IllegalStateException(file + ": already committed or closed");
    long expected = NpyHeader.count(shape);
    if (written.get() != expected)
      throw new IllegalStateException(
          file + ": " + written.get() + " elements were written, expected " + expected + " once each");
    try {
      channel.force(true);
      channel.close();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      open = false;
      try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Deletes the part unless it was committed. */
  @Override
  public synchronized void close() throws IOException {
    if (open) {
      open = false;
      try (channel) {
        Files.deleteIfExists(part);
      }
    }
  }

  private void write(ByteBuffer from, long to) throws IOException {
    try {
      while (from.hasRemaining()) {
        int n = channel.write(from, to);
        to += n;
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static IOException failed(Path file, IOException e) {
    return new IOException(file + ": cannot be written (" + e + ")", e);
  }
}
