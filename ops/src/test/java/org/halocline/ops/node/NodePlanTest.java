package org.halocline.ops.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.ops.machine.HostMemory;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.host.HostShare;
import org.halocline.transport.Checksum;
import org.halocline.transport.DataPlaneSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node takes of its host, and what its file says of its data plane and of TLS. */
@Timeout(300)
class NodePlanTest {
  private static final HostShare ALONE = HostShare.nobody();
  private static final long GIB = 1L << 30;

  @TempDir
  Path directory;

  private Checked<NodePlan> read(String text) {
    return NodePlan.read(Settings.of(ConfigFactory.parseString("lanes = 1\n" + text), directory),
        Map.of("XDG_STATE_HOME", directory.toString()), true);
  }

  /** On a host of 8 cores, or others. */
  private Checked<NodePlan> read(String text, Map<String, String> environment, int cores, long memory,
      HostShare others) {
    Map<String, String> whole = new HashMap<>(Map.of("XDG_STATE_HOME", directory.toString()));
    whole.putAll(environment);
    return NodePlan.read(Settings.of(ConfigFactory.parseString("oversubscribe = true\n" + text), directory), whole,
        true,
        cores, new HostMemory(memory, memory), others);
  }

  private Checked<NodePlan> read(String text, long memory) {
    return read(text, Map.of(), 8, memory, ALONE);
  }

  private static List<String> keys(Checked<NodePlan> plan) {
    return plan.problems().stream().map(Problem::key).toList();
  }

  @Test
  void shouldTakeTheMachineAndLoopbackWhereNothingIsSaid() {
    NodePlan plan = read("cluster = tea", Map.of("XDG_STATE_HOME", "/state"), 8, 16 * GIB, ALONE).orThrow();
    assertEquals("127.0.0.1", plan.settings().host());
    assertEquals(8, plan.settings().lanes());
    assertEquals(16 * GIB, plan.machine().availableBytes());
    assertEquals(Path.of("/state/halocline/tea"), plan.cluster().state());
  }

  @Test
  void shouldTakeWhatOtherNodesOfTheHostHaveLeft() {
    NodePlan plan = read("", Map.of(), 8, 16 * GIB, new HostShare(6, 13 * GIB, 2, 0, 0)).orThrow();
    assertEquals(2, plan.settings().lanes());
    assertEquals(3 * GIB, plan.machine().availableBytes());
    NodePlan crowded = read("", Map.of(), 8, 12 * GIB, new HostShare(9, 12 * GIB, 2, 0, 0)).orThrow();
    assertEquals(1, crowded.settings().lanes());
    assertEquals(GIB, crowded.machine().availableBytes());
  }

  @Test
  void shouldTakeWhatSlurmGives() {
    Map<String, String> slurm = Map.of("SLURM_JOB_ID", "42", "SLURM_CPUS_PER_TASK", "4", "SLURM_MEM_PER_CPU", "2048",
        "SLURM_JOB_NODELIST", "gpu07");
    NodePlan plan = read("", slurm, 64, 256 * GIB, ALONE).orThrow();
    assertEquals(4, plan.settings().lanes());
    assertEquals(8 * GIB, plan.machine().availableBytes());
    Map<String, String> two = Map.of("SLURM_JOB_ID", "42", "SLURM_JOB_NODELIST", "gpu[07-08]");
    assertEquals(List.of("host"), keys(read("", two, 64, 256 * GIB, ALONE)));
  }

  @Test
  void shouldNameEveryProblemAtOnce() {
    assertEquals(List.of("port", "data-port", "seed", "host", "lanes", "memory", "cluster"), keys(read("""
        cluster = "Tea Party", port = 70000, data-port = -1, seed = [nowhere, "10.0.0.1:25520"], lanes = 0, memory = "5"
        """, GIB)));
  }

  @Test
  void shouldTakeNoMoreMemoryThanThereIs() {
    assertEquals(List.of("memory"), keys(read("memory = 2g", GIB)));
    assertEquals(List.of("memory"), keys(read("", 1 << 20)));
  }

  @Test
  void shouldReadEverySettingOfTheDataPlane() {
    DataPlaneSettings plane = read(
        """
            transport { mtu = 1408, udp-term-length = 4194304, ipc-term-length = 262144, socket-buffer = 1048576
              receiver-window = 524288, planned-nodes = 7, checksum = crc32c, directory = shm, fallback-directory = "/disk" }
            """,
        GIB).orThrow().settings().dataPlane();
    assertEquals(List.of(1408, 1 << 22, 1 << 18, 1 << 20, 1 << 19, 7), List.of(plane.mtu(), plane.udpTermLength(),
        plane.ipcTermLength(), plane.socketBuffer(), plane.receiverWindow(), plane.plannedNodes()));
    assertEquals(Checksum.CRC32C, plane.protection().checksum());
    assertEquals(directory.toAbsolutePath().resolve("shm"), plane.directory());
    assertEquals(Optional.of(Path.of("/disk")), plane.fallbackDirectory());
    assertEquals(DataPlaneSettings.defaults().mtu(), read("", GIB).orThrow().settings().dataPlane().mtu());
  }

  @Test
  void shouldNameWhatIsWrongWithTheDataPlane() {
    assertEquals(List.of("transport.checksum", "transport.mtuu"),
        keys(read("transport { checksum = md5, mtuu = 3 }", GIB)));
    Checked<NodePlan> plan = read("transport { mtu = 1500, socket-buffer = 1000 }", GIB);
    assertTrue(keys(plan).containsAll(List.of("transport.mtu", "transport.socket-buffer")), keys(plan)::toString);
    assertTrue(plan.problems().getFirst().toString().contains("set it to 1472"), plan.problems()::toString);
  }

  @Test
  void shouldReckonWithTheNodesItKnowsOf() {
    DataPlaneSettings plane = read("bind-host = \"0.0.0.0\", seed = [\"127.0.0.1:1\", \"127.0.0.1:2\"]", GIB).orThrow()
        .settings().dataPlane();
    assertEquals(3, plane.plannedNodes());
    assertEquals(Optional.of("0.0.0.0"), plane.bindHost());
  }

  @Test
  void shouldJudgeTheFilesOfTls() throws IOException {
    Path password = Files.writeString(directory.resolve("password"), "secret\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(directory.resolve("store"), "no store");
    assertEquals(List.of("tls-password-file", "tls-keystore", "tls-truststore"),
        keys(read("tls-keystore = store, tls-password-file = password", GIB)));
    assertEquals(List.of("tls-password-file"), keys(read("tls-keystore = a", GIB)));
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
        read("runs = [\"shared/./runs\", /elsewhere]").orThrow().cluster().runs());
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
