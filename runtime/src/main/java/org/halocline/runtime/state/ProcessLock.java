package org.halocline.runtime.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.LockedFile;
import org.halocline.runtime.files.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's sign of life: a lock on a file of the state directory, {@code lives/HOST_PORT}, which the operating system
 * takes away the moment the process ends, however it ends, and not while it is merely stopped, busy or cut off. So a
 * node that finds the lock free need not wait for a long silence. Thread-safe; its taker closes it.
 */
public final class ProcessLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLock.class);
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration LOOKED_AT = Duration.ofSeconds(2);
  private static final long BETWEEN_TRIES_NS = 20_000_000;
  /** What a look at another node's file shows. */
  public enum Sign {
    /** Its process lives. */
    HELD,
    /** Its process is gone, if locks work on this disk. */
    FREE,
    /** There is no such file here, or it cannot be locked. */
    UNKNOWN
  }

  private final LockedFile lock;

  private ProcessLock(LockedFile lock) {
    this.lock = lock;
  }

  /**
   * Shows that this node lives from now on. Also removes what nodes have left behind that died long ago.
   *
   * @param node host:port of its control messages
   * @throws StorageException when the disk refuses, or when another process shows the same
   */
  static synchronized ProcessLock take(Path lives, String node) throws StorageException {
    Path file = file(lives, node);
    try {
      Files.createDirectories(lives);
      if (LockedFile.isOurs(file))
        throw new IOException("this process holds it already");
      removeOld(lives);
      Files.write(file, new byte[0], StandardOpenOption.CREATE);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // opens and closes it: before the lock
      return new ProcessLock(locked(file, node));
    } catch (IOException e) {
      throw StorageException.of(file, "locked", e);
    }
  }

  /** A node that just looks holds it for a moment. */
  private static LockedFile locked(Path file, String node) throws IOException {
    long until = System.nanoTime() + LOOKED_AT.toNanos();
    while (System.nanoTime() < until) {
      Optional<LockedFile> locked = LockedFile.take(file, "");
      if (locked.isPresent())
        return locked.get();
      LockSupport.parkNanos(BETWEEN_TRIES_NS);
    }
    throw new IOException("another process that lives calls itself " + node);
  }

  private static Path file(Path lives, String node) {
    return lives.resolve(node.replaceAll("[^A-Za-z0-9.-]", "_")).toAbsolutePath();
  }

  /** Looks at the sign of life of another node, or of one in this process. Blocks on the disk. */
  static Sign look(Path lives, String node) {
    Path file = file(lives, node);
    try {
      return LockedFile.isOurs(file) ? Sign.HELD : lookAt(file);
    } catch (NoSuchFileException e) {
      return Sign.UNKNOWN;
    } catch (IOException e) {
      LOG.debug("{} cannot be looked at", file, e);
      return Sign.UNKNOWN;
    }
  }

  private static Sign lookAt(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null ? Sign.HELD : Sign.FREE;
    } catch (OverlappingFileLockException e) {
      return Sign.HELD; // taken in this process just now
    }
  }

  private static void removeOld(Path lives) throws IOException {
    Instant before = Instant.now().minus(KEPT);
    for (String name : AtomicFiles.names(lives))
      try {
        Path file = lives.resolve(name);
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before) && look(lives, name) == Sign.FREE)
          Files.deleteIfExists(file);
      } catch (NoSuchFileException e) {
        // removed by another node that starts
      }
  }

  /** As the end of the process does. */
  @Override
  public void close() {
    lock.close();
  }
}
