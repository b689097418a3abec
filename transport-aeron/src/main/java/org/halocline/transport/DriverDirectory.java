package org.halocline.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.IoUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of an embedded media driver, named by user and port, held by a file lock beside it. The kernel lets go of the lock when
 * the process dies, however it dies, so a directory whose lock is free is dead and may be removed at once.
 */
final class DriverDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriverDirectory.class);
  private static final String LOCK = ".lock";
  /** Locks held by this process: the kernel would drop ours if we so much as opened and closed the file a second time. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path lockFile;
  private final FileChannel channel;

  private DriverDirectory(Path path, Path lockFile, FileChannel channel) {
    this.path = path;
    this.lockFile = lockFile;
    this.channel = channel;
  }

  private static String prefix() {
    return "halocline-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_") + "-";
  }

  static Path pathFor(Path parent, int port) {
    return parent.toAbsolutePath().normalize().resolve(prefix() + port);
  }

  /** Takes the directory for {@code port} under {@code parent}, or nothing if a live process has it. What was in it is removed. */
  static Optional<DriverDirectory> claim(Path parent, int port) throws IOException {
    return claim(pathFor(parent, port));
  }

  private static Optional<DriverDirectory> claim(Path path) throws IOException {
    Path lockFile = path.resolveSibling(path.getFileName() + LOCK);
    if (!HELD.add(lockFile)) {
      return Optional.empty();
    }
    Optional<FileChannel> locked = Optional.empty();
    try {
      locked = lock(lockFile);
      if (locked.isPresent()) {
        IoUtil.delete(path.toFile(), true);
      }
    } finally {
      if (locked.isEmpty()) {
        HELD.remove(lockFile);
      }
    }
    return locked.map(channel -> new DriverDirectory(path, lockFile, channel));
  }

  private static Optional<FileChannel> lock(Path lockFile) throws IOException {
    while (true) {
      FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return Optional.empty();
        }
        if (isStillThere(lockFile, channel)) {
          return Optional.of(channel);
        }
        channel.close(); // its last owner removed the file between our open and our lock
      } catch (OverlappingFileLockException e) {
        channel.close();
        return Optional.empty();
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
  }

  /**
   * Whether the locked file is still the one under its name: a length chosen at random and set through the channel must be seen by name.
   * Opening it a second time to compare is not an option, as closing that would drop the lock.
   */
  private static boolean isStillThere(Path lockFile, FileChannel channel) throws IOException {
    int length = ThreadLocalRandom.current().nextInt(1, 1 << 20);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), length - 1L);
    try {
      return Files.size(lockFile) == length;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Removes what dead processes of this user have left under {@code parent}. */
  static void removeDead(Path parent) {
    String prefix = prefix();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent.toAbsolutePath().normalize(), prefix + "*")) {
      for (Path entry : stream) {
        String name = entry.getFileName().toString();
        Path directory = name.endsWith(LOCK)
            ? entry.resolveSibling(name.substring(0, name.length() - LOCK.length()))
            : entry;
        if (directory.getFileName().toString().substring(prefix.length()).matches("\\d+")) {
          claim(directory).ifPresent(dead -> {
            dead.close();
            LOG.info("Removed {}, left by a process that is gone", directory);
          });
        }
      }
    } catch (IOException e) {
      LOG.warn("Cannot look for dead driver directories under {}: {}", parent, e.toString());
    }
  }

  Path path() {
    return path;
  }

  /** Removes the directory and lets go of it. */
  @Override
  public void close() {
    try {
      IoUtil.delete(path.toFile(), true);
      Files.deleteIfExists(lockFile);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(lockFile);
    }
  }
}
