package org.halocline.ops.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file as long as it was when it was opened, even if it grows or another file takes its name meanwhile. For one
 * thread.
 */
final class FilePart extends InputStream {
  private final FileChannel channel;
  private final long size;
  private long left;

  private FilePart(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
    this.left = size;
  }

  static FilePart open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return new FilePart(channel, channel.size());
  }

  /** Whether it is empty or its last byte is this one. */
  boolean endsWith(char last) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    return size == 0 || channel.read(one, size - 1) == 1 && one.get(0) == last;
  }

  long size() {
    return size;
  }

  /** @return how many bytes are left from there */
  long skipTo(long from) throws IOException {
    channel.position(from);
    left = size - from;
    return left;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int at, int most) throws IOException {
    if (left == 0)
      return -1;
    int read = channel.read(ByteBuffer.wrap(into, at, (int) Math.min(most, left)));
    if (read < 0)
      throw new IOException("the file was cut while it was read");
    left -= read;
    return read;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
