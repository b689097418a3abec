package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.halocline.ops.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One cluster, one inference, three nodes killed with kill -9 one after another, each replaced by another. */
@Timeout(400)
class KillTest {
  private static final int DRAWS = 800;
  private static final int BETWEEN = 40;

  @TempDir
  Path folder;

  @Test
  void shouldDrawTheSameBytesThoughThreeNodesAreKilled() throws Exception {
    Random random = Seed.print("KillTest");
    Path job = Inference.write(folder, DRAWS, 3, "");
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      List<LaunchedNode> nodes = List.of(cluster.launch(1), cluster.launch(1), cluster.launch(1));
      Results alone = Inference.alone(job);
      for (LaunchedNode node : nodes)
        node.ready();
      cluster.awaitNodes(nodes.size());
      JsonNode submitted = cluster.submit(job);
      assertFalse(submitted.path("known").asBoolean(), submitted::toString);
      String id = submitted.path("job").path("id").asText();
      JsonNode again = cluster.submit(job);
      assertTrue(again.path("known").asBoolean(), again::toString);
      assertEquals(id, again.path("job").path("id").asText());
      Casualties casualties = new Casualties(cluster, random);
      casualties.afterSomeDraws(id, BETWEEN);
      casualties.killOne(id, casualties.rankOf(id));
      casualties.afterSomeDraws(id, BETWEEN);
      casualties.killOne(id, List.of(cluster.coordinator()));
      casualties.afterSomeDraws(id, BETWEEN);
      casualties.killOne(id, casualties.anyThatMatters(id));
      JsonNode ended = cluster.untilFinished(id, 120);
      assertTrue(ended.path("restarts").asInt() >= 3, ended::toPrettyString);
      Path got = folder.resolve("got");
      Outcome fetched = cluster.ask("fetch", id, "--output", got.toString());
      assertEquals(0, fetched.exit(), fetched::toString);
      alone.assertSame(Results.of(got));
      casualties.report();
    }
  }
}
