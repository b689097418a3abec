package org.halocline.ops.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A part of a file, however much the file grows meanwhile. For one thread. */
final class FilePart extends InputStream {
  private final FileChannel channel;
  private long left;

  private FilePart(FileChannel channel, long left) {
    this.channel = channel;
    this.left = left;
  }

  static FilePart open(Path file, long from, long bytes) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    channel.position(from);
    return new FilePart(channel, bytes);
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
