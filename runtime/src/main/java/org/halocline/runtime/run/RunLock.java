package org.halocline.runtime.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.StorageException;

/**
 * The lock of a run directory: of one process, and within it of one that opened it. The operating system gives up a
 * process's locks on a file as soon as the process closes the file, by any descriptor; so a process that holds the lock
 * never opens the file again, neither to try once more nor to read the holder. Thread-safe.
 */
final class RunLock implements AutoCloseable {
  /** Holders in this process, by the directory's real path. */
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();
  private static final String FILE = "lock";

  private final Path directory;
  private final FileChannel channel;

  private RunLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes it, making the directory where needed.
   *
   * @param holder the holder's name, for people
   * @return empty if it is held, by another process or by this one
   */
  static Optional<RunLock> take(Path path, String holder) throws StorageException {
    Path directory = path;
    boolean reserved = false;
    boolean taken = false;
    try {
      AtomicFiles.createDirectories(path);
      directory = path.toRealPath();
      reserved = HELD.putIfAbsent(directory, holder) == null;
      Optional<RunLock> lock = reserved ? lock(directory, holder) : Optional.empty();
      taken = lock.isPresent();
      return lock;
    } catch (IOException e) {
      throw StorageException.of(path.resolve(FILE), "locked", e);
    } finally {
      if (reserved && !taken)
        HELD.remove(directory);
    }
  }

  private static Optional<RunLock> lock(Path directory, String holder) throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = channel.tryLock() != null;
      if (!taken)
        return Optional.empty();
      byte[] text = (holder + "\n").getBytes(StandardCharsets.UTF_8);
      channel.write(ByteBuffer.wrap(text), 0); // over the old text: it is never empty while it is held
      channel.truncate(text.length);
      return Optional.of(new RunLock(directory, channel));
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // by another path to the same file
    } catch (IOException e) {
      taken = false;
      throw e;
    } finally {
      if (!taken)
        channel.close();
    }
  }

  /** The holder, or the last one, as far as that can be read; empty if none is known. */
  static String holder(Path path) {
    try {
      String own = HELD.get(path.toRealPath());
      return own != null ? own : Files.readString(path.resolve(FILE)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(directory);
    }
  }
}
