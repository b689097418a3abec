package org.halocline.ops.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class NodeAddressesTest {
  @TempDir
  Path state;

  private static Process process() throws Exception {
    return new ProcessBuilder("sleep", "900").start();
  }

  @Test
  void shouldNameTheNodeThatWasStartedLastOfThoseThatLive() throws Exception {
    NodeAddresses addresses = NodeAddresses.of(state);
    assertEquals(Optional.empty(), addresses.newest());
    Process first = process();
    Process second = process();
    try {
      addresses.leave("http://127.0.0.1:8420", first.pid());
      Files.list(state).forEach(file -> file.toFile().setLastModified(1_000_000));
      addresses.leave("http://127.0.0.1:8421", second.pid());
      assertEquals(Optional.of("http://127.0.0.1:8421"), addresses.newest());
      second.destroyForcibly().waitFor();
      assertEquals(Optional.of("http://127.0.0.1:8420"), addresses.newest());
      first.destroyForcibly().waitFor();
      assertEquals(Optional.of("http://127.0.0.1:8421"), addresses.newest(), "none lives: the last one is named");
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
  }

  @Test
  void shouldRemoveWhatDeadProcessesLeft() throws Exception {
    NodeAddresses addresses = NodeAddresses.of(state);
    Process dead = process();
    addresses.leave("http://127.0.0.1:8420", dead.pid());
    dead.destroyForcibly().waitFor();
    Files.writeString(state.resolve(".address123"), "").toFile().setLastModified(1_000_000);
    addresses.leave("http://127.0.0.1:8421");
    try (var files = Files.list(state)) {
      assertEquals(1, files.count());
    }
    assertEquals(Optional.of("http://127.0.0.1:8421"), addresses.newest());
  }
}
