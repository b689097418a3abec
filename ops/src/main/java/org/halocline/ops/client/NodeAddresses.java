package org.halocline.ops.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Where the nodes that a user has started on this host are asked: each leaves its address in the state directory, which other
 * users cannot write, so that no command asks whoever else listens at the usual port.
 */
public final class NodeAddresses {
  private final Path file;

  private NodeAddresses(Path file) {
    this.file = file;
  }

  /** Of the nodes of this host. */
  public static NodeAddresses of(Path stateDirectory) {
    return new NodeAddresses(stateDirectory.resolve("address-" + host()));
  }

  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().replaceAll("[^A-Za-z0-9.-]", "-");
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** A node is asked there from now on. */
  public void leave(String url) {
    try {
      Path aside = Files.createTempFile(file.getParent(), ".address", "",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(aside, url + "\n" + ProcessHandle.current().pid() + "\n");
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LoggerFactory.getLogger(NodeAddresses.class).warn("{} is not written: {}", file, e.toString());
    }
  }

  /** The address of the node that was started last, whether it lives or not. */
  Optional<String> newest() {
    try {
      return Files.readString(file).lines().findFirst().filter(url -> url.startsWith("http://"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
