package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are stopped for half a minute by SIGSTOP and wake when the cluster has long gone on without them. */
@Tag("slow")
@Timeout(600)
class PauseTest {
  private static final int DRAWS = 400;
  private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(30);

  @TempDir
  Path folder;

  @Test
  void shouldGoOnWithoutANodeThatSleepsAndTakeItBack() throws Exception {
    Casualties casualties;
    Path job = Inference.write(folder, DRAWS, 3, "");
    Results alone = Inference.alone(job);
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(3, 1);
      casualties = new Casualties(cluster, Seed.print("PauseTest, a rank's node"));
      String id = cluster.submitted(job);
      casualties.afterSomeDraws(id, DRAWS / 8);
      LaunchedNode sleeper = casualties.rankOf(id).getFirst();
      sleepAndWake(cluster, id, sleeper);
      cluster.untilFinished(id, 200);
      alone.assertSame(Results.of(cluster.run(id)));
      cluster.awaitNodes(3);
      assertTrue(sleeper.complaints().contains("starts anew"), sleeper::complaints);
    }
  }

  @Test
  void shouldCommitNothingOfACoordinatorThatWakesTooLate() throws Exception {
    Path job = Inference.write(folder, DRAWS, 4, "");
    Results alone = Inference.alone(job);
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(3, 1);
      Casualties casualties = new Casualties(cluster, Seed.print("PauseTest, the coordinator's node"));
      String id = cluster.submitted(job);
      casualties.afterSomeDraws(id, DRAWS / 8);
      int old = cluster.status().path("incarnation").asInt();
      LaunchedNode sleeper = cluster.coordinator();
      String name = sleeper.name();
      Path aside = cluster.state().resolve(".aside").resolve(String.format(Locale.ROOT, "%06d", old));
      assertTrue(Files.isDirectory(aside), "where the coordinator writes");
      sleepAndWake(cluster, id, sleeper);
      assertFalse(Files.exists(aside), "it has nowhere to write");
      JsonNode status = cluster.status();
      assertEquals(old + 1, status.path("incarnation").asInt(), status::toPrettyString);
      assertNotEquals(name, status.path("coordinator").asText());
      cluster.untilFinished(id, 200);
      alone.assertSame(Results.of(cluster.run(id)));
      cluster.awaitNodes(3);
      assertEquals(old + 1, cluster.status().path("incarnation").asInt(), "no other node has taken over since");
      assertFalse(Files.exists(aside));
    }
  }

  private static void sleepAndWake(LaunchedCluster cluster, String id, LaunchedNode sleeper) throws Exception {
    int before = cluster.job(id).path("incarnation").asInt();
    long from = System.nanoTime();
    sleeper.pause();
    JsonNode job = cluster.until(id, "another start", 100,
        now -> now.path("incarnation").asInt() > before && now.path("state").asText().equals("running"));
    System.out.printf("stopped by SIGSTOP: runs again after %.1f s, %s%n", (System.nanoTime() - from) * 1e-9,
        job.path("last-recovery"));
    while (System.nanoTime() - from < PAUSE_NS)
      LockSupport.parkNanos(PAUSE_NS - (System.nanoTime() - from));
    sleeper.wake();
    long until = System.nanoTime() + PAUSE_NS;
    while (!sleeper.complaints().contains("starts anew") && System.nanoTime() < until)
      LockSupport.parkNanos(50_000_000);
  }
}
