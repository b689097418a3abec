package org.halocline.ops.client;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the nodes that a user has started on this host. Each node leaves its address in the state directory,
 * which other users cannot write, so that no command asks a stranger that listens at the usual port. The file is named
 * by host and process, so that a node that was killed is passed over.
 */
public record NodeAddresses(Path folder, String prefix) {
  private static final String ASIDE = ".address";
  /** Longer than any process takes to write an address. */
  private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(10);

  /** The addresses of the nodes of this host. */
  public static NodeAddresses of(Path stateDirectory) {
    return new NodeAddresses(stateDirectory, "address-" + host() + "-");
  }

  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().replaceAll("[^A-Za-z0-9.-]", "-");
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** Leaves the address of this process's node, and removes what dead processes left. */
  public void leave(String url) {
    leave(url, ProcessHandle.current().pid());
  }

  void leave(String url, long process) {
    try {
      for (Left other : all())
        if (!other.lives())
          Files.deleteIfExists(other.file);
      removeAsides();
      Path aside = Files.createTempFile(folder, ASIDE, "",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(aside, url + "\n");
      Files.move(aside, folder.resolve(prefix + process), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LoggerFactory.getLogger(NodeAddresses.class).warn("no address is left in {}: {}", folder, e.toString());
    }
  }

  /** Removes what a process left that was killed as it wrote. */
  private void removeAsides() throws IOException {
    Instant before = Instant.now().minus(WRITTEN_WITHIN);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ASIDE + "*")) {
      for (Path file : files)
        if (Instant.ofEpochMilli(file.toFile().lastModified()).isBefore(before))
          Files.deleteIfExists(file);
    }
  }

  private record Left(Path file, FileTime at, long process) {
    boolean lives() {
      return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }
  }

  private List<Left> all() throws IOException {
    List<Left> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*")) {
      for (Path file : files) {
        String process = file.getFileName().toString().substring(prefix.length());
        if (process.matches("\\d{1,18}"))
          found.add(new Left(file, Files.getLastModifiedTime(file), Long.parseLong(process)));
      }
    }
    found.sort(Comparator.comparing(Left::at).reversed());
    return found;
  }

  /** The address of the node that was started last of those whose process lives; of all, where none does. */
  Optional<String> newest() {
    try {
      List<Left> all = all();
      Optional<Left> newest = all.stream().filter(Left::lives).findFirst().or(() -> all.stream().findFirst());
      return newest.isEmpty()
          ? Optional.empty()
          : Files.readString(newest.get().file).lines().findFirst().filter(url -> url.startsWith("http://"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
