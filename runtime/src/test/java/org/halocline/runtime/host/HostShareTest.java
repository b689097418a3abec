package org.halocline.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes of one host take of it, and what Slurm gives. */
@Timeout(300)
class HostShareTest {
  private static final HostShare ALONE = HostShare.nobody();
  private static final long GIB = 1L << 30;
  private static final long OWN = ProcessHandle.current().pid();

  @TempDir
  Path folder;

  @Test
  void shouldCountOnlyNodesThatLive() throws Exception {
    Path nodes = folder.resolve("nodes");
    assertEquals(ALONE, HostShare.others(nodes, OWN));
    ProcessHandle first = ProcessHandle.of(1).orElseThrow();
    long began = first.info().startInstant().orElseThrow().toEpochMilli();
    HostShare.decide(nodes, OWN, _ -> new HostShare.Part(3, GIB, false), Optional::of);
    assertEquals(ALONE, HostShare.others(nodes, OWN), "this process is no other");
    Files.writeString(nodes.resolve("1"), "2 100 1 " + began + "\n");
    Files.writeString(nodes.resolve("999999999"), "5 100 0 1\n");
    HostShare others = HostShare.others(nodes, OWN);
    assertEquals(List.of(2, 1, 1), List.of(others.cores(), others.nodes(), others.gpus()));
    assertEquals(100, others.memoryBytes());
    Files.writeString(nodes.resolve("1"), "2 100 1 77\n");
    assertEquals(ALONE, HostShare.others(nodes, OWN), "another process has come to its number");
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

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"a | a", "a,b | a b", "gpu[01-03,07],login | gpu01 gpu02 gpu03 gpu07 login",
      "n[9-11]-x | n9-x n10-x n11-x", "n[x] | ''", "'' | ''"})
  void shouldReadListsOfHosts(String list, String hosts) {
    assertEquals(hosts, String.join(" ", SlurmAllocation.hosts(list)));
  }
}
