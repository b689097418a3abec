package org.halocline.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says how much can still be written under a directory. Passed in, so that a full one can be played. */
@FunctionalInterface
public interface StorageProbe {
  /** Usable bytes of the file system that holds {@code directory}, which exists. */
  long usableBytes(Path directory) throws IOException;

  /** Asks the file system. */
  static StorageProbe fileSystem() {
    return directory -> Files.getFileStore(directory).getUsableSpace();
  }
}
