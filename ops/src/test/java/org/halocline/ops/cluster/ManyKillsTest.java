package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes killed with kill -9 again and again, one and several at once, in clusters of two and of four. */
@Tag("slow")
@Timeout(1500)
class ManyKillsTest {
  private static final int KILLS = 20;
  private static final int DRAWS = 800;
  private static final int BETWEEN = 50;
  private static final int END_SECONDS = 300;

  @TempDir
  Path folder;

  /** As many jobs after one another as it takes. Every fifth time two nodes die at once. */
  @Test
  void shouldDrawTheSameBytesThroughTwentyKills() throws Exception {
    Random random = Seed.print("ManyKillsTest");
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(4, 1);
      Casualties casualties = new Casualties(cluster, random);
      for (int seed = 1; casualties.count() < KILLS; seed++) {
        Path job = Inference.write(folder, DRAWS, seed, "");
        Results alone = Inference.alone(job);
        String id = cluster.submitted(job);
        int before = casualties.count();
        while (casualties.count() < KILLS && casualties.afterSomeDrawsUnlessOver(id, BETWEEN)) {
          List<LaunchedNode> victims = new ArrayList<>(casualties.anyThatMatters(id));
          if (casualties.count() % 5 == 4)
            cluster.living().stream().filter(node -> !victims.contains(node)).findFirst().ifPresent(victims::add);
          casualties.killOne(id, victims);
        }
        assertTrue(casualties.count() > before, "the job was over before any node was killed");
        cluster.untilFinished(id, END_SECONDS);
        alone.assertSame(Results.of(cluster.run(id)));
      }
      casualties.report();
    }
  }

  @Test
  void shouldGoOnWhenEitherOfTwoNodesIsKilled() throws Exception {
    Random random = Seed.print("ManyKillsTest, of two nodes");
    Path job = Inference.write(folder, DRAWS, 7, "");
    Results alone = Inference.alone(job);
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(2, 1);
      String id = cluster.submitted(job);
      Casualties casualties = new Casualties(cluster, random);
      casualties.afterSomeDraws(id, BETWEEN);
      casualties.killOne(id, List.of(cluster.coordinator()));
      casualties.afterSomeDraws(id, BETWEEN);
      LaunchedNode coordinator = cluster.coordinator();
      casualties.killOne(id, cluster.living().stream().filter(node -> node != coordinator).limit(1).toList());
      casualties.afterSomeDraws(id, BETWEEN);
      casualties.killAll(id);
      cluster.untilFinished(id, END_SECONDS);
      alone.assertSame(Results.of(cluster.run(id)));
      casualties.report();
    }
  }
}
