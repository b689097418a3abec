package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.halocline.ops.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator's node is killed while jobs are handed to it. */
@Tag("slow")
@Timeout(900)
class SubmitAndKillTest {
  private static final int ROUNDS = 4;
  private static final int DRAWS = 6;
  private static final long LONGEST_NS = 2_500_000_000L;

  @TempDir
  Path folder;

  /** A submission that was acknowledged is never lost; one that was not is sent again, and the job runs once. */
  @Test
  void shouldLoseNoJobThatWasAcknowledged() throws Exception {
    Random random = Seed.print("SubmitAndKillTest");
    List<String> ids = new ArrayList<>();
    int acknowledged = 0;
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(3, 1);
      for (int round = 0; round < ROUNDS; round++) {
        Path job = Inference.write(folder, DRAWS, 100 + round, "");
        LaunchedNode coordinator = cluster.coordinator();
        Outcome.Running submit = Outcome.started(Commands.process(folder, List.of(), List.of("submit", job.toString(),
            "--json", "--address", coordinator.url(), "--state", cluster.state().toString())), folder);
        LockSupport.parkNanos((long) (LONGEST_NS * random.nextDouble()));
        coordinator.kill();
        LaunchedNode other = cluster.launch(1);
        Outcome first = submit.ends(120);
        if (first.exit() == 0) {
          acknowledged++;
          String id = new ObjectMapper().readTree(first.out()).path("job").path("id").asText();
          assertEquals(id, cluster.job(id).path("id").asText(), "it is known to the next coordinator");
          ids.add(id);
        } else
          assertEquals(4, first.exit(), first::toString);
        JsonNode again = cluster.submit(job);
        if (first.exit() == 0)
          assertTrue(again.path("known").asBoolean(), again::toString);
        else
          ids.add(again.path("job").path("id").asText());
        other.ready();
      }
      System.out.println(acknowledged + " of " + ROUNDS + " were acknowledged before the coordinator died");
      for (String id : ids) {
        JsonNode ended = cluster.untilFinished(id, 200);
        try (Stream<Path> starts = Files.list(cluster.run(id).resolve("incarnations"))) {
          assertEquals(ended.path("restarts").asInt() + 1, starts.count(), "as many starts as were told");
        }
      }
      assertEquals(ROUNDS, cluster.get("/jobs").path("jobs").size(), "and no job is there twice");
    }
  }
}
