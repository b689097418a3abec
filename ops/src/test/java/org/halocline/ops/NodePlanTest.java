package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
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
  void shouldNameWhatIsWrongWithDataPlaneAndTls() {
    List<String> wrong = read("""
        transport { mtu = 1500, windows = 7 }
        tls-keystore = none.p12, tls-password-file = none
        """).problems().stream().map(Problem::key).toList();
    assertTrue(wrong.containsAll(List.of("transport.mtu", "transport.windows", "tls-password-file")),
        wrong::toString);
  }
}
