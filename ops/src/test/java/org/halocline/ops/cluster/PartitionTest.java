package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes on hosts of their own (network namespaces) that share a disk; the network between them is cut for a while, and nobody
 * is told. Skipped, with the reason, where the system has no such things.
 */
@Tag("slow")
@Timeout(900)
class PartitionTest {
  private static final int DRAWS = 400;
  private static final int END_SECONDS = 300;
  /** One simulation, so that what is cut is also the way of its halos. */
  private static final String TWO_RANKS = "layout { domains = 1, x = 2, y = 1 }";

  @TempDir
  Path folder;
  private Partition partition;

  @AfterEach
  void disconnect() throws Exception {
    if (partition != null)
      partition.close();
  }

  private LaunchedCluster hosts(int count) throws Exception {
    switch (Partition.of(count, folder)) {
      case Partition.Making.Made(Partition made) -> partition = made;
      case Partition.Making.Impossible(String why) -> abort(why);
    }
    return partition.cluster();
  }

  /** Where a coordinator writes what it commits. */
  private Path aside(int reign) {
    return partition.cluster().state().resolve(".aside").resolve(String.format(Locale.ROOT, "%06d", reign));
  }

  private void cutOff(LaunchedNode off, String id) throws Exception {
    int before = partition.cluster().job(id).path("incarnation").asInt();
    partition.cutOff(off).ifPresent(why -> abort("nothing can be cut off here: " + why));
    partition.awaitBoth(id, before, off);
  }

  @Test
  void shouldGoOnWithoutANodeThatIsCutOffAndTakeItBack() throws Exception {
    Random random = Seed.print("PartitionTest, a rank's node");
    LaunchedCluster cluster = hosts(3);
    Path job = Inference.write(folder, DRAWS, 3, TWO_RANKS);
    Results alone = Inference.alone(Inference.write(folder, DRAWS, 3, ""));
    partition.launchAll();
    String id = cluster.submitted(job);
    Casualties casualties = new Casualties(cluster, random);
    casualties.afterSomeDraws(id, DRAWS / 8);
    LaunchedNode coordinator = cluster.coordinator();
    int reign = cluster.status().path("incarnation").asInt();
    LaunchedNode off = casualties.rankOf(id).getFirst();
    assertNotEquals(coordinator, off);
    cutOff(off, id);
    assertEquals(coordinator, cluster.coordinator());
    partition.heal();
    cluster.untilFinished(id, END_SECONDS);
    alone.assertSame(Results.of(cluster.run(id)));
    partition.assertOneHistory(id);
    assertEquals(reign, cluster.status().path("incarnation").asInt(), "nobody else has coordinated");
  }

  @Test
  void shouldCommitNothingOfACoordinatorThatIsCutOff() throws Exception {
    Random random = Seed.print("PartitionTest, the coordinator's node");
    LaunchedCluster cluster = hosts(3);
    Path job = Inference.write(folder, DRAWS, 4, TWO_RANKS);
    Results alone = Inference.alone(Inference.write(folder, DRAWS, 4, ""));
    partition.launchAll();
    String id = cluster.submitted(job);
    new Casualties(cluster, random).afterSomeDraws(id, DRAWS / 8);
    LaunchedNode off = cluster.coordinator();
    int reign = cluster.status().path("incarnation").asInt();
    Path aside = aside(reign);
    assertTrue(Files.isDirectory(aside), "where the coordinator writes");
    cutOff(off, id);
    assertFalse(Files.exists(aside), "it has nowhere to write");
    assertNotEquals(off, cluster.coordinator());
    partition.heal();
    cluster.untilFinished(id, END_SECONDS);
    alone.assertSame(Results.of(cluster.run(id)));
    partition.assertOneHistory(id);
    assertEquals(reign + 1, cluster.status().path("incarnation").asInt(), "one has taken over, and once");
    assertFalse(Files.exists(aside));
  }

  /** The side of the lower address gets the lease first, whether it coordinates or not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldGoOnOnOneSideOfTwo(int eldest) throws Exception {
    Random random = Seed.print("PartitionTest, two nodes, of which host " + eldest + " coordinates");
    LaunchedCluster cluster = hosts(2);
    Path job = Inference.write(folder, DRAWS, 5, "");
    Results alone = Inference.alone(job);
    LaunchedNode coordinator = partition.launch(eldest).ready();
    LaunchedNode other = partition.launch(1 - eldest).ready();
    cluster.awaitNodes(2);
    String id = cluster.submitted(job);
    Casualties casualties = new Casualties(cluster, random);
    casualties.afterSomeDraws(id, DRAWS / 8);
    assertEquals(coordinator, cluster.coordinator());
    int reign = cluster.status().path("incarnation").asInt();
    LaunchedNode off = eldest == 0 ? other : coordinator;
    LaunchedNode stays = eldest == 0 ? coordinator : other;
    cutOff(off, id);
    assertFalse(stays.complaints().contains(Partition.GIVEN_UP), stays::complaints);
    partition.heal();
    cluster.untilFinished(id, END_SECONDS);
    alone.assertSame(Results.of(cluster.run(id)));
    partition.assertOneHistory(id);
    assertEquals(reign + eldest, cluster.status().path("incarnation").asInt());
  }
}
