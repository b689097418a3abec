package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
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
  private static final int DRAWS = 6;
  private static final int PATIENCE_SECONDS = 120;
  private static final long BETWEEN_LOOKS_NS = 200_000;
  /** A connection that stands, in /proc/net/tcp. */
  private static final String STANDS = "01";

  @TempDir
  Path folder;

  /** When the node is killed. */
  private enum Moment {
    /** The user has been told that the job is on disk, and nothing has come of it yet. */
    ACKNOWLEDGED,
    /** The request is on its way to a process that is stopped, and is never read. */
    ON_THE_WIRE,
    /** The job's folder has just been made. */
    ON_DISK,
    /** Anywhere in what a submission takes, and a little more. */
    ANY
  }

  /** A submission that was acknowledged is never lost; one that was not is sent again, and the job runs once. */
  @Test
  void shouldLoseNoJobThatWasAcknowledged() throws Exception {
    Random random = Seed.print("SubmitAndKillTest");
    List<Moment> moments = new ArrayList<>(
        List.of(Moment.ACKNOWLEDGED, Moment.ON_THE_WIRE, Moment.ON_DISK, Moment.ANY, Moment.ANY));
    Collections.shuffle(moments, random);
    moments.addFirst(Moment.ACKNOWLEDGED); // shows how long a submission takes
    List<String> ids = new ArrayList<>();
    List<Moment> acknowledged = new ArrayList<>();
    List<Moment> lost = new ArrayList<>();
    long takesNs = 0;
    try (LaunchedCluster cluster = new LaunchedCluster(folder)) {
      cluster.start(3, 1);
      for (Moment moment : moments) {
        Path job = Inference.write(folder, DRAWS, 100 + ids.size(), "");
        LaunchedNode coordinator = cluster.coordinator();
        Set<Path> before = jobs(cluster);
        Set<String> connected = connections(coordinator);
        if (moment == Moment.ON_THE_WIRE)
          coordinator.pause();
        long from = System.nanoTime();
        Outcome.Running submit = Outcome.started(Commands.process(folder, List.of(), List.of("submit", job.toString(),
            "--json", "--address", coordinator.url(), "--state", cluster.state().toString())), folder);
        switch (moment) {
          case ACKNOWLEDGED -> {
            submit.prints("\"id\"", PATIENCE_SECONDS);
            takesNs = System.nanoTime() - from;
          }
          case ON_THE_WIRE -> await("a connection", () -> !connected.containsAll(connections(coordinator)));
          case ON_DISK -> await("a job", () -> jobs(cluster).size() > before.size());
          case ANY -> LockSupport.parkNanos((long) (1.25 * takesNs * random.nextDouble()));
        }
        coordinator.kill();
        LaunchedNode other = cluster.launch(1);
        Outcome first = submit.ends(PATIENCE_SECONDS);
        (first.exit() == 0 ? acknowledged : lost).add(moment);
        if (first.exit() == 0) {
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
      System.out.printf("acknowledged before the coordinator died: %s; not: %s; a submission took %.1f s%n",
          acknowledged, lost, takesNs * 1e-9);
      assertEquals(2, Collections.frequency(acknowledged, Moment.ACKNOWLEDGED));
      assertTrue(lost.contains(Moment.ON_THE_WIRE), "no coordinator was there to acknowledge it");
      for (String id : ids) {
        JsonNode ended = cluster.untilFinished(id, 200);
        cluster.assertOneHistory(ended);
      }
      assertEquals(moments.size(), cluster.get("/jobs").path("jobs").size(), "and no job is there twice");
    }
  }

  private static Set<Path> jobs(LaunchedCluster cluster) throws IOException {
    try (Stream<Path> jobs = Files.list(cluster.state().resolve("jobs"))) {
      return jobs.collect(Collectors.toSet());
    }
  }

  /** The ends of connections to a node's page and API, as the kernel tells them. */
  private static Set<String> connections(LaunchedNode node) throws IOException {
    String port = String.format(Locale.ROOT, ":%04X", URI.create(node.url()).getPort());
    Set<String> ends = new HashSet<>();
    for (Path table : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")))
      if (Files.exists(table))
        for (String line : Files.readAllLines(table)) {
          String[] words = line.strip().split("\\s+");
          if (words.length > 3 && words[2].endsWith(port) && words[3].equals(STANDS))
            ends.add(words[1]);
        }
    return ends;
  }

  private interface Sight {
    boolean seen() throws IOException;
  }

  private static void await(String what, Sight sight) throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!sight.seen()) {
      if (System.nanoTime() > until)
        throw new AssertionError("not seen within " + PATIENCE_SECONDS + " s: " + what);
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
  }
}
