package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.halocline.ops.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes on hosts of their own (network namespaces) that share a disk; the network between them is cut for a while, and
 * no node is told. Skipped, with the reason, where the system has no such things.
 */
@Tag("slow")
@Timeout(1200)
class PartitionTest {
  private static final int END_SECONDS = 300;
  /** One simulation, so that what is cut is also the way of its halos: some draws a second. */
  private static final String TWO_RANKS = "layout { domains = 1, x = 2, y = 1 }";
  private static final int FEW_DRAWS = 60;
  private static final String ONE_RANK = "layout { domains = 1, x = 1, y = 1 }";
  private static final int MANY_DRAWS = 1000;
  private static final int BETWEEN = 8;

  @TempDir
  Path folder;
  private Partition partition;
  private LaunchedCluster cluster;

  private void hosts(int count) throws Exception {
    switch (Partition.of(count, folder)) {
      case Partition.Making.Made(Partition made) -> partition = made;
      case Partition.Making.Impossible(String why) -> abort(why);
    }
    cluster = partition.cluster();
  }

  @AfterEach
  void disconnect() throws Exception {
    if (partition != null)
      partition.close();
  }

  private Results alone(int draws, int seed) throws Exception {
    return Inference.alone(Inference.write(folder, draws, seed, ""));
  }

  private void cut(LaunchedNode off) throws Exception {
    partition.cut(off).ifPresent(why -> abort("nothing can be cut off here: " + why));
  }

  private void assertEnds(String id, Results alone) throws Exception {
    JsonNode ended = cluster.untilFinished(id, END_SECONDS);
    System.out.printf("%s was restarted %d times; %s%n", id, ended.path("restarts").asInt(),
        ended.path("last-recovery"));
    alone.assertSame(Results.of(cluster.run(id)));
    cluster.assertOneHistory(ended);
  }

  private int reign() throws Exception {
    return cluster.status().path("incarnation").asInt();
  }

  /** The job is over before the network heals, and the node has once tried in vain to get in. */
  @Test
  void shouldGoOnWithoutANodeThatIsCutOffAndTakeItBack() throws Exception {
    Results alone = alone(FEW_DRAWS, 3);
    hosts(3);
    Casualties casualties = new Casualties(cluster, Seed.print("PartitionTest, a rank's node"));
    partition.launchAlso(0, 1, 2);
    String id = cluster.submitted(Inference.write(folder, FEW_DRAWS, 3, TWO_RANKS));
    casualties.afterSomeDraws(id, BETWEEN);
    LaunchedNode coordinator = cluster.coordinator();
    int reign = reign();
    int start = cluster.job(id).path("incarnation").asInt();
    LaunchedNode off = casualties.rankOf(id).getFirst();
    assertNotEquals(coordinator, off);
    off.cutOff(true);
    cut(off);
    partition.awaitAnotherStart(id, start);
    partition.awaitGivenUp(off);
    assertEquals(coordinator, cluster.coordinator());
    assertEnds(id, alone);
    Partition.await(off, "has let this node in within");
    partition.heal();
    assertEquals(reign, reign(), "no other node has coordinated");
  }

  /** It goes on with a job of its own, which it was given when it was cut off already, until it is given up. */
  @Test
  void shouldCommitNothingOfACoordinatorThatIsCutOff() throws Exception {
    Results alone = alone(FEW_DRAWS, 4);
    Results itsOwn = alone(MANY_DRAWS, 5);
    hosts(3);
    Casualties casualties = new Casualties(cluster, Seed.print("PartitionTest, the coordinator's node"));
    LaunchedNode off = partition.launch(0).ready();
    String first = cluster.submitted(Inference.write(folder, 100 * MANY_DRAWS, 6, ONE_RANK));
    cluster.until(first, "its lane", END_SECONDS, job -> job.path("state").asText().equals("running"));
    partition.launchAlso(1, 2);
    String id = cluster.submitted(Inference.write(folder, FEW_DRAWS, 4, TWO_RANKS));
    casualties.afterSomeDraws(id, BETWEEN);
    assertEquals(0, cluster.ask("cancel", first).exit());
    cluster.until(first, "that it is cancelled", END_SECONDS, LaunchedCluster::isOver);
    assertEquals(off, cluster.coordinator());
    int reign = reign();
    Path aside = cluster.state().resolve(".aside").resolve(String.format(Locale.ROOT, "%06d", reign));
    assertTrue(Files.isDirectory(aside), "where the coordinator writes");
    off.cutOff(true);
    cut(off);
    Path late = Inference.write(folder, MANY_DRAWS, 5, ONE_RANK);
    Outcome submitted = cluster.submitTo(off, late);
    partition.awaitAnotherCoordinator(reign);
    partition.awaitGivenUp(off);
    assertFalse(Files.exists(aside), "it has nowhere to write");
    assertNotEquals(off, cluster.coordinator());
    JsonNode again = cluster.submit(late);
    System.out.printf("who was cut off was given another job: exit %d, then %s%n", submitted.exit(),
        again.path("job").path("state").asText());
    assertEquals(submitted.exit() == 0, again.path("known").asBoolean(), submitted::toString);
    partition.heal();
    assertEnds(again.path("job").path("id").asText(), itsOwn);
    assertEnds(id, alone);
    assertEquals(reign + 1, reign(), "one has taken over, and once");
    assertFalse(Files.exists(aside));
  }

  /** The lower address has the lease first, as a rule; either may coordinate. */
  @Test
  void shouldGoOnOnOneSideOfTwo() throws Exception {
    Results alone = alone(MANY_DRAWS, 7);
    hosts(2);
    Random random = Seed.print("PartitionTest, two hosts");
    int eldest = random.nextInt(2);
    Casualties casualties = new Casualties(cluster, random);
    LaunchedNode coordinator = partition.launch(eldest).ready();
    partition.launchAlso(1 - eldest);
    String id = cluster.submitted(Inference.write(folder, MANY_DRAWS, 7, ""));
    casualties.afterSomeDraws(id, BETWEEN);
    assertEquals(2, casualties.ranks(id).size(), "it runs on both");
    assertEquals(coordinator, cluster.coordinator());
    int reign = reign();
    int start = cluster.job(id).path("incarnation").asInt();
    cut(coordinator);
    LaunchedNode off = partition.loser();
    System.out.println("the coordinator's side " + (off == coordinator ? "gives up" : "goes on"));
    partition.awaitAnotherStart(id, start);
    partition.awaitGivenUp(off);
    assertNotEquals(off, cluster.coordinator());
    partition.heal();
    assertEnds(id, alone);
    assertEquals(reign + (off == coordinator ? 1 : 0), reign(), "no side has begun a cluster of its own");
  }
}
