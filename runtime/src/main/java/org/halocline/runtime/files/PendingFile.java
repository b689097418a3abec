package org.halocline.runtime.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A result on its way: a process that knows its {@link #path} writes it, and it is committed under its final name once
 * it is complete. One thread owns it; several processes may write to the path in between.
 *
 * @param path where it is written: a name on the same disk that no other process uses
 * @param file what it becomes
 */
public record PendingFile(Path path, Path file) {
  /** Fsyncs it and gives it its final name. */
  public void commit() throws StorageException {
    try {
      AtomicFiles.publish(path, file);
    } catch (IOException e) {
      throw AtomicFiles.discard(file, "written", path, e);
    }
  }

  /** Commits several: none gets its name before all are on the disk. */
  public static void commitAll(List<PendingFile> files) throws StorageException {
    for (PendingFile pending : files)
      try {
        AtomicFiles.sync(pending.path);
      } catch (IOException e) {
        for (PendingFile other : files)
          other.discard();
        throw StorageException.of(pending.file, "written", e);
      }
    for (PendingFile pending : files)
      pending.commit();
  }

  public void discard() throws StorageException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StorageException.of(path, "removed", e);
    }
  }
}
