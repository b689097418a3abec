package org.halocline.runtime.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that other users may have written. */
public final class BoundedFile {
  private BoundedFile() {}

  /**
   * Reads a whole file, but not further than a bound, whether or not it tells a size: a device tells none and has no
   * end.
   *
   * @return empty if it holds more than {@code most} bytes
   */
  public static Optional<byte[]> read(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(most + 1)).filter(bytes -> bytes.length <= most);
    }
  }

  /**
   * As {@link #read}, of a text.
   *
   * @throws java.nio.charset.CharacterCodingException if it is not UTF-8
   */
  public static Optional<String> text(Path file, int most) throws IOException {
    Optional<byte[]> bytes = read(file, most);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.get())).toString());
  }
}
