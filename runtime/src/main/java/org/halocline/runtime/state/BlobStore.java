package org.halocline.runtime.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.Digests;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inputs of jobs by their contents: each is kept once, under its SHA-256, and never changes. Any node may add one at
 * any time. Blocks on the disk; thread-safe.
 */
public record BlobStore(Path blobs) {
  private static final Logger LOG = LoggerFactory.getLogger(BlobStore.class);
  private static final String PART = ".part-";
  private static final String DIGEST = "[0-9a-f]{64}";

  public boolean has(String sha256) {
    return sha256.matches(DIGEST) && Files.isRegularFile(blobs.resolve(sha256));
  }

  /** What a blob was found to be when it came, which its name tells; empty for other files. */
  public Optional<String> digestOf(Path file) {
    Path plain = FilePath.absolute(file);
    String name = String.valueOf(plain.getFileName());
    return plain.equals(FilePath.absolute(blobs.resolve(name))) && has(name)
        ? Optional.of(name)
        : Optional.empty();
  }

  /** Removes files that never became a blob, since the process that received them was killed. */
  public void removeAbandoned(Instant before) {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(blobs, PART + "*")) {
      for (Path part : parts)
        if (Files.getLastModifiedTime(part).toInstant().isBefore(before))
          Files.deleteIfExists(part);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("what is left of broken transfers to {} stays", blobs, e);
    }
  }

  /** Where a blob lies. */
  public Path path(String sha256) {
    if (!sha256.matches(DIGEST))
      throw new IllegalArgumentException("\"" + sha256 + "\" is not a SHA-256 in lower-case hexadecimal");
    return blobs.resolve(sha256);
  }

  /**
   * Streams a blob in; it has its name only once it is whole and on disk.
   *
   * @param mostBytes beyond which it is refused
   * @throws StorageException when its contents are not what its name says, when it is too large, or when the disk
   * refuses
   */
  public Path receive(String sha256, InputStream contents, long mostBytes) throws StorageException {
    Path blob = path(sha256);
    Path aside = blobs.resolve(PART + HexFormat.of().toHexDigits(System.nanoTime()) + "-"
        + ProcessHandle.current().pid());
    try {
      String found = copy(contents, aside, mostBytes, blob);
      if (!found.equals(sha256))
        throw new StorageException(
            new Problem(blob.toString(), found, "is the SHA-256 of what came", "send the file that the name is of"));
      Files.move(aside, blob, StandardCopyOption.ATOMIC_MOVE);
      AtomicFiles.syncDirectory(blobs);
      return blob;
    } catch (IOException e) {
      throw StorageException.of(blob, "received", e);
    } finally {
      try {
        Files.deleteIfExists(aside);
      } catch (IOException e) {
        LOG.warn("{} stays", aside, e);
      }
    }
  }

  /** @return the SHA-256 of what came: reading it again would take as long as writing it */
  private static String copy(InputStream contents, Path aside, long mostBytes, Path blob) throws IOException {
    MessageDigest digest = Digests.sha256();
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    try (OutputStream out = Files.newOutputStream(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read = contents.read(buffer); read >= 0; read = contents.read(buffer)) {
        bytes += read;
        if (bytes > mostBytes)
          throw new StorageException(new Problem(blob.toString(), bytes + " bytes and more",
              "must be at most " + mostBytes + " bytes",
              "raise the limit, or place the file where every node sees it"));
        out.write(buffer, 0, read);
        digest.update(buffer, 0, read);
      }
    }
    try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
