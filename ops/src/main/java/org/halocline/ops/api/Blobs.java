package org.halocline.ops.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.run.StorageException;

/**
 * Inputs of jobs, each under its SHA-256, each there once and whole or not at all: written aside, verified, fsynced, renamed.
 * Thread-safe, also between processes.
 */
final class Blobs {
  private static final String ASIDE = ".aside";
  private static final int CHUNK = 1 << 18;

  private final Path directory;

  /** Makes the directory where it is missing. */
  Blobs(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve(ASIDE));
  }

  Path directory() {
    return directory;
  }

  static boolean isDigest(String text) {
    return text.length() == 64 && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }

  Optional<Path> find(String digest) {
    return Optional.of(digest).filter(Blobs::isDigest).map(directory::resolve).filter(Files::isRegularFile);
  }

  /** What came of a blob. */
  sealed interface Kept {
    record New(long bytes) implements Kept {}

    record Other(String digest) implements Kept {}
  }

  /**
   * Keeps what comes, if it has the digest that it should.
   *
   * @throws StorageException
   *           when the disk refuses
   * @throws IOException
   *           when the stream breaks
   */
  Kept keep(String digest, InputStream in) throws IOException {
    Path aside = directory.resolve(ASIDE).resolve(digest + "." + UUID.randomUUID());
    try {
      MessageDigest found = sha256();
      long bytes = copy(in, aside, found);
      String hex = HexFormat.of().formatHex(found.digest());
      if (!hex.equals(digest))
        return new Kept.Other(hex);
      move(aside, directory.resolve(digest));
      return new Kept.New(bytes);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static long copy(InputStream in, Path aside, MessageDigest digest) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long bytes = 0;
    try (FileChannel out = open(aside)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
        write(out, aside, ByteBuffer.wrap(chunk, 0, read));
        bytes += read;
      }
      sync(out, aside);
    }
    return bytes;
  }

  private static FileChannel open(Path aside) throws StorageException {
    try {
      return FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw StorageException.of(aside, "written", e);
    }
  }

  private static void write(FileChannel out, Path aside, ByteBuffer bytes) throws StorageException {
    try {
      while (bytes.hasRemaining())
        out.write(bytes);
    } catch (IOException e) {
      throw StorageException.of(aside, "written", e);
    }
  }

  private static void sync(FileChannel out, Path aside) throws StorageException {
    try {
      out.force(true);
    } catch (IOException e) {
      throw StorageException.of(aside, "written", e);
    }
  }

  private static void move(Path aside, Path blob) throws StorageException {
    try {
      Files.move(aside, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel names = FileChannel.open(blob.getParent(), StandardOpenOption.READ)) {
        names.force(true);
      }
    } catch (IOException e) {
      throw StorageException.of(blob, "written", e);
    }
  }

  static Problem notADigest(String given) {
    return new Problem("sha256", given.replaceAll("[^\\p{Graph}]", "?"), "is not 64 hexadecimal digits in lower case",
        "name a blob by what sha256sum prints");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
