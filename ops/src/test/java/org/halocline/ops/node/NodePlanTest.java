package org.halocline.ops.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.transport.Checksum;
import org.halocline.transport.DataPlaneSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node's file says of its data plane and of TLS. */
@Timeout(300)
class NodePlanTest {
  @TempDir
  Path directory;

  private Checked<NodePlan> read(String text) {
    return NodePlan.read(Settings.of(ConfigFactory.parseString("lanes = 1\n" + text), directory),
        Map.of("XDG_STATE_HOME", directory.toString()), true);
  }

  @Test
  void shouldReadTheBlockTransport() {
    DataPlaneSettings plane = read("""
        host = "127.0.0.1", bind-host = "0.0.0.0", data-port = 4077
        transport { mtu = 1408, receiver-window = 131072, checksum = crc32c }
        """).orThrow().settings().dataPlane();
    assertEquals(List.of(1408, 131072, 4077), List.of(plane.mtu(), plane.receiverWindow(), plane.port()));
    assertEquals("0.0.0.0", plane.bindHost().orElseThrow());
    assertEquals(Checksum.CRC32C, plane.protection().checksum());
  }

  @Test
  void shouldTakeFoldersOfRunsFromTheFile() {
    assertEquals(List.of(directory.toAbsolutePath().resolve("shared/runs"), Path.of("/elsewhere")),
        read("runs = [\"shared/./runs\", /elsewhere]").orThrow().settings().cluster().orElseThrow().runs());
  }

  @Test
  void shouldNameWhatIsWrongWithDataPlaneAndTls() {
    List<String> wrong = read("""
        transport { mtu = 1500, windows = 7 }
        tls-keystore = none.p12, tls-password-file = none
        """).problems().stream().map(Problem::key).toList();
    assertTrue(wrong.containsAll(List.of("transport.mtu", "transport.windows", "tls-password-file")),
        wrong::toString);
  }

  @Test
  void shouldNameAPortThatIsTakenBeforeAnythingStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      for (String key : List.of("http-port", "port")) {
        Problem problem = read(key + " = " + port).problems().getFirst();
        assertEquals(List.of(key, "127.0.0.1:" + port), List.of(problem.key(), problem.value()));
        assertTrue(problem.bound().contains("in use") && problem.remedy().contains("leave it out"), problem::toString);
      }
      int other = free();
      assertTrue(read("http-port = " + other + ", port = " + other).problems().getFirst().bound().contains("--port"));
      assertEquals("http-host", read("http-host = no.such.host.invalid").problems().getFirst().key());
    }
  }

  @Test
  void shouldStartAnewWhereItWasUnlessAnotherIsThere() throws IOException {
    NodePlan first = read("").orThrow();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int free = free();
      NodePlan again = first.at("127.0.0.1:" + taken.getLocalPort(), taken.getLocalPort());
      assertEquals(0, again.starting().port(), "that port was not asked for");
      assertEquals(List.of(), again.takenPorts());
      assertEquals(free, first.at("127.0.0.1:" + free, free).starting().port());
      NodePlan asked = read("port = " + free).orThrow().at("127.0.0.1:" + free, 1);
      assertEquals(free, asked.starting().port());
    }
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
