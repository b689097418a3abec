package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.host.HostShare;
import org.halocline.runtime.host.SlurmAllocation;
import org.halocline.runtime.trust.TlsSettings;
import org.halocline.transport.Checksum;
import org.halocline.transport.DataPlaneSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class NodeRequestTest {
  private static final HostShare ALONE = HostShare.nobody();
  private static final long GIB = 1L << 30;
  private static final NodeRequest NOTHING = NodeRequest.of("tea");

  @TempDir
  Path folder;

  private static List<String> keys(Checked<NodeSettings> settled) {
    return settled.problems().stream().map(Problem::key).toList();
  }

  @Test
  void shouldTakeTheMachineAndLoopbackWhereNothingIsSaid() {
    NodeSettings settings = NodeRequest.of("tea").settle(Map.of("XDG_STATE_HOME", "/state"), 8, 16 * GIB, ALONE)
        .orThrow();
    assertEquals("127.0.0.1", settings.host());
    assertEquals(8, settings.lanes());
    assertEquals(16 * GIB, settings.memoryBytes());
    assertEquals(Path.of("/state/halocline/tea"), settings.cluster().orElseThrow().state());
  }

  @Test
  void shouldTakeWhatOtherNodesOfTheHostHaveLeft() {
    NodeSettings settings = NodeRequest.of("tea").settle(Map.of(), 8, 16 * GIB, new HostShare(6, 13 * GIB, 2, 0, 0))
        .orThrow();
    assertEquals(2, settings.lanes());
    assertEquals(3 * GIB, settings.memoryBytes());
    NodeSettings crowded = NodeRequest.of("tea").settle(Map.of(), 8, 12 * GIB, new HostShare(9, 12 * GIB, 2, 0, 0))
        .orThrow();
    assertEquals(1, crowded.lanes());
    assertEquals(GIB, crowded.memoryBytes());
  }

  @Test
  void shouldCountOnlyNodesThatLive() throws Exception {
    Path nodes = folder.resolve("nodes");
    assertEquals(ALONE, HostShare.others(nodes));
    ProcessHandle first = ProcessHandle.of(1).orElseThrow();
    long began = first.info().startInstant().orElseThrow().toEpochMilli();
    try (HostShare.Taken _ = HostShare.take(nodes, new HostShare.Part(3, GIB, false))) {
      assertEquals(ALONE, HostShare.others(nodes), "this process is no other");
      Files.writeString(nodes.resolve("1"), "2 100 1 " + began + "\n");
      Files.writeString(nodes.resolve("999999999"), "5 100 0 1\n");
      HostShare others = HostShare.others(nodes);
      assertEquals(List.of(2, 1, 1), List.of(others.cores(), others.nodes(), others.gpus()));
      assertEquals(100, others.memoryBytes());
      Files.writeString(nodes.resolve("1"), "2 100 1 77\n");
      assertEquals(ALONE, HostShare.others(nodes), "another process has come to its number");
    }
    assertTrue(Files.notExists(nodes.resolve(Long.toString(ProcessHandle.current().pid()))));
  }

  @Test
  void shouldLeaveRoomForAsManyNodesAsThereAreCoresAndOneMore() {
    HostShare share = HostShare.nobody();
    for (int node = 0; node < 3; node++) {
      long taken = share.memoryFor(6 * GIB, 1, 2);
      assertEquals(2 * GIB, taken, 1 << 10);
      share = new HostShare(share.cores() + 1, share.memoryBytes() + taken, share.nodes() + 1, 0, 0);
      assertEquals(Math.max(1, 2 - node - 1), share.coresLeft(2));
    }
    assertEquals(6 * GIB / 16, share.memoryFor(6 * GIB, 1, 2), "nothing is left, and it must live");
    assertEquals(6 * GIB, HostShare.nobody().memoryFor(6 * GIB, 2, 2), "alone, with every core");
  }

  @Test
  void shouldDecideOneAfterTheOther() throws Exception {
    Path nodes = folder.resolve("nodes");
    List<Integer> seen = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    List<Thread> starts = new java.util.ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().filter(ProcessHandle::isAlive).limit(4).toList())
      starts.add(Thread.ofVirtual().start(() -> {
        try {
          HostShare.decide(nodes, process.pid(), others -> {
            seen.add(others.nodes());
            return new HostShare.Part(1, GIB, false);
          }, Optional::of);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }));
    for (Thread start : starts)
      start.join();
    assertEquals(starts.size(), java.util.Set.copyOf(seen).size(), seen::toString);
  }

  @Test
  void shouldTakeWhatSlurmGives() {
    Map<String, String> slurm = Map.of("SLURM_JOB_ID", "42", "SLURM_CPUS_PER_TASK", "4", "SLURM_MEM_PER_CPU", "2048",
        "SLURM_JOB_NODELIST", "gpu07");
    NodeSettings settings = NodeRequest.of("tea").settle(slurm, 64, 256 * GIB, ALONE).orThrow();
    assertEquals(4, settings.lanes());
    assertEquals(8 * GIB, settings.memoryBytes());
    Map<String, String> two = Map.of("SLURM_JOB_ID", "42", "SLURM_JOB_NODELIST", "gpu[07-08]");
    assertEquals(List.of("host"), keys(NodeRequest.of("tea").settle(two, 64, 256 * GIB, ALONE)));
  }

  @Test
  void shouldNameEveryProblemAtOnce() {
    NodeRequest bad = new NodeRequest("Tea Party", Optional.empty(), OptionalInt.of(70000), Optional.empty(),
        OptionalInt.of(-1), List.of("nowhere", "10.0.0.1:25520"), OptionalInt.of(0), OptionalLong.of(5),
        Optional.empty(), false, NOTHING.transport(), Optional.empty());
    assertEquals(List.of("port", "data-port", "seed", "host", "lanes", "memory", "cluster"),
        keys(bad.settle(Map.of(), 8, GIB, ALONE)));
  }

  private static Checked<DataPlaneSettings> transport(String text) {
    Settings file = Settings.of(ConfigFactory.parseString(text), Path.of("/etc"));
    DataPlaneSettings read = NodeRequest.dataPlane(file.block("transport"));
    return file.finish(() -> read);
  }

  @Test
  void shouldReadTheBlockTransport() {
    DataPlaneSettings asked = transport(
        """
            transport { mtu = 1408, udp-term-length = 4194304, ipc-term-length = 262144, socket-buffer = 1048576
              receiver-window = 524288, planned-nodes = 7, checksum = crc32c, directory = shm, fallback-directory = "/disk" }
            """)
        .orThrow();
    DataPlaneSettings plane = NodeRequest.of("tea").withTransport(asked).settle(Map.of(), 8, GIB, ALONE).orThrow()
        .dataPlane();
    assertEquals(List.of(1408, 1 << 22, 1 << 18, 1 << 20, 1 << 19, 7), List.of(plane.mtu(), plane.udpTermLength(),
        plane.ipcTermLength(), plane.socketBuffer(), plane.receiverWindow(), plane.plannedNodes()));
    assertEquals(Checksum.CRC32C, plane.protection().checksum());
    assertEquals(Path.of("/etc/shm"), plane.directory());
    assertEquals(Optional.of(Path.of("/disk")), plane.fallbackDirectory());
    assertEquals(DataPlaneSettings.defaults().mtu(),
        transport("").orThrow().mtu());
  }

  @Test
  void shouldNameWhatIsWrongWithTheDataPlane() {
    assertEquals(List.of("transport.checksum", "transport.mtuu"),
        transport("transport { checksum = md5, mtuu = 3 }").problems().stream().map(Problem::key).toList());
    DataPlaneSettings asked = transport("transport { mtu = 1500, socket-buffer = 1000 }").orThrow();
    Checked<NodeSettings> settled = NodeRequest.of("tea").withTransport(asked).settle(Map.of(), 8, GIB, ALONE);
    assertTrue(keys(settled).containsAll(List.of("transport.mtu", "transport.socket-buffer")), keys(settled)::toString);
    assertTrue(settled.problems().getFirst().toString().contains("set it to 1472"), settled.problems()::toString);
  }

  @Test
  void shouldReckonWithTheNodesItKnowsOf() {
    NodeRequest three = new NodeRequest("tea", Optional.empty(), OptionalInt.empty(), Optional.of("0.0.0.0"),
        OptionalInt.empty(), List.of("127.0.0.1:1", "127.0.0.1:2"), OptionalInt.empty(), OptionalLong.empty(),
        Optional.empty(), false, NOTHING.transport(), Optional.empty());
    DataPlaneSettings plane = three.settle(Map.of(), 8, GIB, ALONE).orThrow().dataPlane();
    assertEquals(3, plane.plannedNodes());
    assertEquals(Optional.of("0.0.0.0"), plane.bindHost());
  }

  @Test
  void shouldJudgeTheFilesOfTls() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    Path store = Files.writeString(folder.resolve("store"), "no store");
    Checked<NodeSettings> settled = NodeRequest.of("tea").withTls(new TlsSettings(store, store, password)).settle(
        Map.of(), 8,
        GIB, ALONE);
    assertEquals(List.of("tls-password-file", "tls-keystore", "tls-truststore"), keys(settled));
    Settings half = Settings.of(ConfigFactory.parseString("tls-keystore = a"), folder);
    assertEquals(Optional.empty(), TlsSettings.read(half));
    assertEquals("tls-password-file", half.problems().getFirst().key());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"a | a", "a,b | a b", "gpu[01-03,07],login | gpu01 gpu02 gpu03 gpu07 login",
      "n[9-11]-x | n9-x n10-x n11-x", "n[x] | ''", "'' | ''"})
  void shouldReadListsOfHosts(String list, String hosts) {
    assertEquals(hosts, String.join(" ", SlurmAllocation.hosts(list)));
  }
}
