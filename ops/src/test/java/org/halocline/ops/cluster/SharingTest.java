package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.halocline.ops.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that share lanes, wait for lanes, lose them and get others: the numbers are always those of a job that runs
 * alone.
 */
@Tag("slow")
@Timeout(900)
class SharingTest {
  private static final int DRAWS = 100;
  private static final int END_SECONDS = 300;

  @TempDir
  Path folder;

  @Test
  void shouldEndTwoJobsThatWantMoreLanesThanThereAre() throws Exception {
    List<Path> jobs = List.of(Inference.write(folder, DRAWS, 1, ""), Inference.write(folder, DRAWS, 2, ""));
    List<Results> alone = new ArrayList<>();
    for (Path job : jobs)
      alone.add(Inference.alone(job));
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(3, 1);
      List<String> ids = List.of(cluster.submitted(jobs.get(0)), cluster.submitted(jobs.get(1)));
      for (int i = 0; i < ids.size(); i++) {
        cluster.untilFinished(ids.get(i), END_SECONDS);
        alone.get(i).assertSame(Results.of(cluster.run(ids.get(i))));
      }
    }
  }

  @Test
  void shouldStartAJobWhenItsLanesComeAndGoOnWhenOneLeaves() throws Exception {
    Path job = Inference.write(folder, 4 * DRAWS, 3, "layout { domains = 2, x = 1, y = 1 }");
    Results alone = Inference.alone(Inference.write(folder, 4 * DRAWS, 3, ""));
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(1, 1);
      String id = cluster.submitted(job);
      JsonNode waits = cluster.until(id, "why it waits", 60, now -> now.path("why").asText().contains("lanes"));
      assertEquals("queued", waits.path("state").asText());
      System.out.println("it " + waits.path("why").asText());
      cluster.start(2, 1);
      cluster.until(id, "draws", 60, now -> LaunchedCluster.draws(now) > 20);
      Outcome left = new Casualties(cluster, Seed.print("SharingTest")).rankOf(id).getFirst().terminate(60);
      assertEquals(0, left.exit(), left::toString);
      cluster.awaitNodes(2);
      JsonNode ended = cluster.untilFinished(id, END_SECONDS);
      alone.assertSame(Results.of(cluster.run(id)));
      assertTrue(ended.path("restarts").asInt() >= 1, ended::toPrettyString);
    }
  }

  @Test
  void shouldGiveTheSameBytesInEveryLayoutThatCanBeChosen() throws Exception {
    Results alone = Inference.alone(Inference.write(folder, 12, 5, ""));
    List<String> ran = new ArrayList<>();
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(2, 2);
      for (int domains = 1; domains <= 2; domains++)
        for (int x = 1; x <= 4; x++)
          for (int y = 1; y <= 4; y++)
            if (domains * x * y <= 4) {
              String layout = "layout { domains = " + domains + ", x = " + x + ", y = " + y + " }";
              Path job = Inference.write(folder, 12, 5, layout);
              Outcome planned = cluster.plan(job, 4);
              if (planned.exit() != 0) {
                System.out.println("cannot be chosen: " + layout + ": " + planned.err().lines().skip(1).findFirst());
                continue;
              }
              String id = cluster.submitted(job);
              cluster.untilFinished(id, END_SECONDS);
              alone.assertSame(Results.of(cluster.run(id)));
              ran.add(layout);
            }
    }
    System.out.println("the same bytes in " + ran);
    assertTrue(ran.size() >= 5, ran::toString);
  }
}
