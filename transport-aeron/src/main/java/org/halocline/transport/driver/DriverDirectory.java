package org.halocline.transport.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of an embedded media driver, named by user and port, held by a file lock beside it. The kernel lets go
 * of the lock when the process dies, in any way and in any container, so a directory whose lock is free is dead and may
 * be removed at once. Several processes may look for dead directories at the same time.
 */
public record DriverDirectory(Path path, Path lockFile, FileChannel channel) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriverDirectory.class);
  private static final String LOCK = ".lock";
  /** A process that looks for dead directories holds each lock for a moment. */
  private static final long LOOKED_AT_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long BETWEEN_TRIES_NS = TimeUnit.MILLISECONDS.toNanos(20);
  /**
   * Locks held by this process: the kernel would drop ours if we so much as opened and closed the file a second time.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static String prefix() {
    return "halocline-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_") + "-";
  }

  public static Path pathFor(Path parent, int port) {
    return parent.toAbsolutePath().resolve(prefix() + port);
  }

  /**
   * Takes the directory for {@code port} under {@code parent}, or nothing if a live process has it. What was in it is
   * removed.
   */
  public static Optional<DriverDirectory> claim(Path parent, int port) throws IOException {
    Path path = pathFor(parent, port);
    long until = System.nanoTime() + LOOKED_AT_NS;
    Optional<DriverDirectory> claim = claim(path);
    while (claim.isEmpty() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(BETWEEN_TRIES_NS);
      claim = claim(path);
    }
    return claim;
  }

  private static Optional<DriverDirectory> claim(Path path) throws IOException {
    return claim(path, _ -> {});
  }

  /** @param found told how many bytes a dead process had left there, where it had left the directory */
  private static Optional<DriverDirectory> claim(Path path, LongConsumer found) throws IOException {
    Path lockFile = lockOf(path);
    if (!HELD.add(lockFile))
      return Optional.empty();
    Optional<FileChannel> locked = Optional.empty();
    try {
      locked = lock(lockFile);
      if (locked.isPresent() && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        found.accept(bytesIn(path));
        delete(path);
      }
    } catch (IOException e) {
      if (locked.isPresent()) {
        locked.get().close();
        locked = Optional.empty();
      }
      throw e;
    } finally {
      if (locked.isEmpty())
        HELD.remove(lockFile);
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
        if (isStillThere(lockFile, channel))
          return Optional.of(channel);
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
   * Whether the locked file is still the one under its name: a length chosen at random and set through the channel must
   * be seen by name. Opening it a second time to compare is not an option, as closing that would drop the lock.
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

  /**
   * Removes what dead processes of this user have left under {@code parent}. An entry that cannot be removed keeps no
   * other from being removed.
   *
   * @return the directories that were removed, with how many bytes they held
   */
  public static Map<Path, Long> removeDead(Path parent) {
    Map<Path, Long> removed = new TreeMap<>();
    for (Path directory : named(parent.toAbsolutePath()))
      try {
        if (!isOwn(directory))
          continue;
        Optional<DriverDirectory> dead = claim(directory, bytes -> removed.put(directory, bytes));
        if (dead.isPresent()) {
          dead.get().close();
          LOG.info("Removed {}, left by a process that is gone", directory);
        }
      } catch (IOException | UncheckedIOException e) {
        LOG.warn("Cannot remove {}: {}", directory, e.toString());
      }
    return removed;
  }

  /** The directories that exist, or whose lock files exist. */
  private static Set<Path> named(Path parent) {
    String prefix = prefix();
    Set<Path> directories = new TreeSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path entry : stream) {
        String name = entry.getFileName().toString();
        String bare = name.endsWith(LOCK) ? name.substring(0, name.length() - LOCK.length()) : name;
        if (bare.substring(prefix.length()).matches("\\d{1,5}"))
          directories.add(parent.resolve(bare));
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("Cannot look for dead driver directories under {}: {}", parent, e.toString());
    }
    return directories;
  }

  /** Users without a name share one: the number of the user decides. A link counts as no user's directory. */
  private static boolean isOwn(Path directory) throws IOException {
    Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    for (Path entry : List.of(directory, lockOf(directory)))
      if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
          && (Files.isSymbolicLink(entry)
              || !self.equals(Files.getAttribute(entry, "unix:uid", LinkOption.NOFOLLOW_LINKS))))
        return false;
    return true;
  }

  private static Path lockOf(Path directory) {
    return directory.resolveSibling(directory.getFileName() + LOCK);
  }

  /** Follows no links. */
  private static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList())
        Files.deleteIfExists(path);
    } catch (NoSuchFileException e) {
      // it is gone
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long bytesIn(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.mapToLong(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? file.toFile().length() : 0)
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /** Removes the directory and lets go of it. */
  @Override
  public void close() {
    try {
      delete(path);
      Files.deleteIfExists(lockFile);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(lockFile);
    }
  }
}
