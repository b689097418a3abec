package org.halocline.runtime.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.StorageException;

/**
 * What proves that a part of a checkpoint is whole.
 *
 * @param bytes its length
 * @param crc32c of its contents
 */
public record PartDigest(long bytes, long crc32c) {
  private static final int BUFFER = 1 << 18;

  public static PartDigest of(byte[] contents) {
    CRC32C crc = new CRC32C();
    crc.update(contents);
    return new PartDigest(contents.length, crc.getValue());
  }

  /** Fsyncs a file that was just written and takes its digest, where it was written. */
  public static PartDigest seal(Path file) throws StorageException {
    try {
      AtomicFiles.sync(file);
      return of(file);
    } catch (IOException e) {
      throw StorageException.of(file, "written", e);
    }
  }

  static PartDigest of(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    long bytes = 0;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        bytes += buffer.remaining();
        crc.update(buffer);
        buffer.clear();
      }
    }
    return new PartDigest(bytes, crc.getValue());
  }
}
