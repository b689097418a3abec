package org.halocline.runtime.files;

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
import org.slf4j.LoggerFactory;

/**
 * A locked file: of one process, and within it of one taker. The operating system takes the lock away the moment the
 * process ends, however it ends, and not while the process is merely stopped, busy or cut off. It also takes the lock
 * away as soon as the process closes the file, by any descriptor; so a process that holds the lock never opens the file
 * again, neither to try once more nor to read it. Thread-safe; its taker closes it.
 */
public final class LockedFile implements AutoCloseable {
  /** What this process has locked, and the name of each holder. */
  private static final Map<Path, String> OURS = new ConcurrentHashMap<>();

  private final Path file;
  private final Optional<FileChannel> channel;

  private LockedFile(Path file, Optional<FileChannel> channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks a file in a folder that is there.
   *
   * @param holder the holder's name, which is written into the file for people; empty leaves the file as it is
   * @return empty if it is locked, by another process or by this one
   */
  public static Optional<LockedFile> take(Path file, String holder) throws IOException {
    Path real = real(file);
    if (OURS.putIfAbsent(real, holder) != null)
      return Optional.empty();
    Optional<LockedFile> locked = Optional.empty();
    try {
      locked = lock(real, holder);
      return locked;
    } finally {
      if (locked.isEmpty())
        OURS.remove(real);
    }
  }

  private static Optional<LockedFile> lock(Path real, String holder) throws IOException {
    FileChannel channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (channel.tryLock() == null)
        return Optional.empty();
      if (!holder.isEmpty()) {
        byte[] text = (holder + "\n").getBytes(StandardCharsets.UTF_8);
        channel.write(ByteBuffer.wrap(text), 0); // over the old text: it is never empty while it is held
        channel.truncate(text.length);
      }
      taken = true;
      return Optional.of(new LockedFile(real, Optional.of(channel)));
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // by another path to the same file
    } finally {
      if (!taken)
        channel.close();
    }
  }

  /** Where the disk cannot lock. */
  public static LockedFile none(Path file) {
    return new LockedFile(file, Optional.empty());
  }

  private static Path real(Path file) throws IOException {
    return file.getParent().toRealPath().resolve(file.getFileName());
  }

  public static boolean isOurs(Path file) throws IOException {
    return OURS.containsKey(real(file));
  }

  /** The holder, or the last one, as far as that can be read; empty if none is known. */
  public static String holder(Path file) {
    try {
      String own = OURS.get(real(file));
      return own != null ? own : Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    try {
      if (channel.isPresent())
        channel.get().close();
    } catch (IOException e) {
      LoggerFactory.getLogger(LockedFile.class).warn("the lock on {} cannot be closed", file, e);
    } finally {
      OURS.remove(file);
    }
  }
}
