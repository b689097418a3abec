package org.halocline.runtime.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files that are there whole or not at all, also after a power cut: written aside, fsynced, renamed, directory fsynced.
 */
public final class AtomicFiles {
  /** Of a directory that only its owner enters, with any umask. */
  public static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
      .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private AtomicFiles() {}

  /** @param aside a name on the same disk that no other process uses */
  public static void write(Path file, Path aside, byte[] bytes) throws StorageException {
    try {
      writeSynced(aside, bytes);
      publish(aside, file);
    } catch (IOException e) {
      throw discard(file, "written", aside, e);
    }
  }

  /** Writes and fsyncs, without a rename. */
  public static void writeSynced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining())
        channel.write(buffer);
      channel.force(true);
    }
  }

  /** Gives a complete file that lies aside its final name; it is fsynced first. */
  static void publish(Path aside, Path file) throws IOException {
    sync(aside);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(file.getParent());
  }

  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes names in a directory last. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Makes a directory and those above it, so that they last; only their owner sees what is in them. */
  public static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory))
      return;
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null)
      createDirectories(parent);
    try {
      Files.createDirectory(directory, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory))
        throw e;
    }
    try {
      if (parent != null)
        syncDirectory(parent);
    } catch (AccessDeniedException e) {
      // one may make names there without being allowed to look
    }
  }

  public static boolean isPrivate(Path file) throws IOException {
    return Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
        .containsAll(Files.getPosixFilePermissions(file));
  }

  public static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  static StorageException discard(Path file, String operation, Path aside, IOException failure) {
    try {
      Files.deleteIfExists(aside);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return StorageException.of(file, operation, failure);
  }

  public static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory))
      return;
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst)
        Files.deleteIfExists(path);
    }
  }
}
