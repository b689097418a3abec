package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class NodeRequestTest {
  private static final HostShare ALONE = new HostShare(0, 0, 0);
  private static final long GIB = 1L << 30;

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
    NodeSettings settings = NodeRequest.of("tea").settle(Map.of(), 8, 16 * GIB, new HostShare(6, 10 * GIB, 2))
        .orThrow();
    assertEquals(2, settings.lanes());
    assertEquals(6 * GIB, settings.memoryBytes());
    NodeSettings crowded = NodeRequest.of("tea").settle(Map.of(), 8, 12 * GIB, new HostShare(9, 12 * GIB, 2))
        .orThrow();
    assertEquals(1, crowded.lanes());
    assertEquals(GIB, crowded.memoryBytes());
  }

  @Test
  void shouldCountOnlyNodesThatLive() throws Exception {
    Path nodes = folder.resolve("nodes");
    assertEquals(ALONE, HostShare.others(nodes));
    try (HostShare.Taken _ = HostShare.take(nodes, 3, GIB)) {
      assertEquals(ALONE, HostShare.others(nodes), "this process is no other");
      Files.writeString(nodes.resolve("1"), "2 100\n");
      Files.writeString(nodes.resolve("999999999"), "5 100\n");
      assertEquals(new HostShare(2, 100, 1), HostShare.others(nodes));
    }
    assertTrue(Files.notExists(nodes.resolve(Long.toString(ProcessHandle.current().pid()))));
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
        Optional.empty(), false);
    assertEquals(List.of("port", "data-port", "seed", "host", "lanes", "memory", "cluster"),
        keys(bad.settle(Map.of(), 8, GIB, ALONE)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"a | a", "a,b | a b", "gpu[01-03,07],login | gpu01 gpu02 gpu03 gpu07 login",
      "n[9-11]-x | n9-x n10-x n11-x", "n[x] | ''", "'' | ''"})
  void shouldReadListsOfHosts(String list, String hosts) {
    assertEquals(hosts, String.join(" ", SlurmAllocation.hosts(list)));
  }
}
