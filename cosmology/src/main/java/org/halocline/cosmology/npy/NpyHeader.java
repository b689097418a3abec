package org.halocline.cosmology.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The header of an .npy file.
 *
 * <pre>
 *   0        6      7      8                  10 (format 1) or 12 (2, 3)
 *   +--------+------+------+------------------+-----------------------------------------------------------+------
 *   |\x93NUMPY major  minor  length, LE u16/u32  {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), } | data
 *   +--------+------+------+------------------+-----------------------------------------------------------+------
 * </pre>
 *
 * @param fortran whether the first index is the fastest in the file
 * @param dataOffset where the data begin
 */
record NpyHeader(NpyType type, ByteOrder order, boolean fortran, int[] shape, long dataOffset) {
  static final int MOST_DIMENSIONS = 32;
  private static final int LONGEST = 1 << 16;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /** Elements of a shape. */
  static long count(int[] shape) {
    long count = 1;
    for (int extent : shape)
      count = Math.multiplyExact(count, (long) extent);
    return count;
  }

  /** Reads and checks the header and that the file is exactly as long as it says. */
  static NpyHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer start = bytes(file, channel, 0, 12, size);
    for (int i = 0; i < MAGIC.length; i++)
      if (start.get(i) != MAGIC[i])
        throw new BadNpyException(file, "does not begin with \\x93NUMPY, it is not an .npy file");
    int major = start.get(6);
    int minor = start.get(7);
    if (major < 1 || major > 3 || minor != 0)
      throw new BadNpyException(file, "is of format " + major + "." + minor + ", expected 1.0, 2.0 or 3.0");
    long length = major == 1 ? Short.toUnsignedLong(start.getShort(8)) : Integer.toUnsignedLong(start.getInt(8));
    int prefix = major == 1 ? 10 : 12;
    if (length > LONGEST)
      throw new BadNpyException(file, "header of " + length + " bytes, expected at most " + LONGEST);
    ByteBuffer text = bytes(file, channel, prefix, (int) length, size);
    NpyHeader header = new HeaderText(file, StandardCharsets.UTF_8.decode(text).toString()).parse(prefix + length);
    header.checkLength(file, size);
    return header;
  }

  private void checkLength(Path file, long size) throws BadNpyException {
    long expected;
    try {
      expected = Math.addExact(dataOffset, Math.multiplyExact(count(shape), type.bytes()));
    } catch (ArithmeticException e) {
      throw new BadNpyException(file, "shape " + text(shape) + " has more elements than any file can hold");
    }
    if (size != expected)
      throw new BadNpyException(file, "is " + (size < expected ? "truncated" : "too long") + ": " + size
          + " bytes, expected " + expected + " for shape " + text(shape) + " of " + type);
  }

  private static ByteBuffer bytes(Path file, FileChannel channel, long from, int length, long size)
      throws IOException {
    if (from + length > size)
      throw new BadNpyException(file,
          "is truncated: " + size + " bytes, the header alone needs at least " + (from + length));
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(buffer, file, channel, from);
    return buffer;
  }

  /** Fills a buffer from a place in the file on, and flips it. */
  static void fill(ByteBuffer buffer, Path file, FileChannel channel, long from) throws IOException {
    while (buffer.hasRemaining())
      if (channel.read(buffer, from + buffer.position()) < 0)
        throw new BadNpyException(file, "shrank while it was read");
    buffer.flip();
  }

  /** The bytes of a little-endian header of format 1.0. */
  static ByteBuffer bytes(NpyType type, int[] shape) {
    String dictionary = "{'descr': '<" + type.code() + "', 'fortran_order': False, 'shape': " + text(shape) + ", }";
    int length = (10 + dictionary.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - 10));
    buffer.put(dictionary.getBytes(StandardCharsets.US_ASCII));
    while (buffer.position() < length - 1)
      buffer.put((byte) ' ');
    return buffer.put((byte) '\n').flip();
  }

  /** As numpy writes it: (), (3,), (3, 4). */
  static String text(int[] shape) {
    var text = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++)
      text.append(i == 0 ? "" : ", ").append(shape[i]);
    return text.append(shape.length == 1 ? ",)" : ")").toString();
  }
}
