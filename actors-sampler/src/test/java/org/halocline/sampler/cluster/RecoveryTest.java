package org.halocline.sampler.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.ClusterClient;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.node.Submission;
import org.halocline.sampler.job.InferKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inferences on clusters of real processes that are killed and stopped in the middle: the draws are those of an undisturbed
 * run, byte for byte. This JVM is a node without lanes, which watches.
 */
@Timeout(280)
class RecoveryTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new InferKind()));
  private static final String JOB = """
      kind = infer
      cosmology { omega-m = 0.3, sigma8 = 0.8 }
      simulation {
        mesh = [6, 6, 8], box-mpc-h = [400, 400, 2048], a-initial = 0.1, lpt-order = 2, scheme = bullfrog
        light-cone { steps-before = 3, planes = 4 }
      }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "map.npy", sigma-pixel = 0.003 }
      infer {
        parameters { omega-m = "uniform(0.1, 0.5)", sigma8 = "truncated-normal(0.8, 0.2, 0.4, 1.2)" }
        chains = 2, warm-up = 20, draws = %d, seed = 3, max-steps = 6, thin { noise = 50, kappa = 40 }
      }
      checkpoint { seconds = 1, draws = 10 }
      """;
  private static final int DRAWS = 60;

  @TempDir
  Path directory;

  private void makeData() throws Exception {
    Files.writeString(directory.resolve("nz.csv"), "z,bin0,bin1\n0.1,0,0\n0.3,1,0\n0.6,0.5,1\n0.9,0,0.5\n1.2,0,0\n");
    Random random = new Random(1);
    float[] map = new float[2 * 4 * 4];
    for (int i = 0; i < map.length; i++)
      map[i] = (float) (0.003 * random.nextGaussian());
    NpyWriter.write(directory.resolve("map.npy"), map, 2, 4, 4);
  }

  private JobOrder order(String layout) {
    JobFile file = JobFile.parse("job.conf", directory, JOB.formatted(DRAWS) + layout).orThrow();
    return JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file);
  }

  private static String submitted(HaloclineNode node, JobOrder order) throws Exception {
    SubmitReply reply = node.client().submit(order).toCompletableFuture().get(60, TimeUnit.SECONDS);
    return assertInstanceOf(SubmitReply.Submitted.class, reply, reply::toString).job().id();
  }

  private static List<JobEventRecord> until(HaloclineNode node, String id, Predicate<JobEvent> wanted)
      throws Exception {
    BlockingQueue<JobEventRecord> events = new LinkedBlockingQueue<>();
    try (ClusterClient.Following _ = node.client().follow(Optional.of(id), 0, events::add)) {
      List<JobEventRecord> told = new ArrayList<>();
      do {
        JobEventRecord next = events.poll(100, TimeUnit.SECONDS);
        assertTrue(next != null, () -> "nothing came after " + told.getLast());
        told.add(next);
      } while (!wanted.test(told.getLast().event()));
      return told;
    }
  }

  private static boolean hasDrawn(JobEvent event, int draws) {
    return event instanceof JobEvent.Progress progress && progress.numbers().getOrDefault("draw", 0.0) >= draws;
  }

  private static void awaitLanes(HaloclineNode node, int lanes) throws Exception {
    while (status(node).nodes().stream().mapToInt(known -> known.lanes().size()).sum() < lanes)
      LockSupport.parkNanos(20_000_000);
  }

  private static ClusterStatus status(HaloclineNode node) throws Exception {
    return node.client().describe().toCompletableFuture().get(70, TimeUnit.SECONDS);
  }

  /** Everything that an inference leaves but what speaks of time. */
  private static Map<String, byte[]> results(Path run) throws Exception {
    Map<String, byte[]> results = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run, 2)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".csv") || path.toString().endsWith(".npy"))
          .filter(path -> !path.startsWith(run.resolve("checkpoints"))).toList())
        results.put(run.relativize(file).toString(), Files.readAllBytes(file));
    }
    return results;
  }

  private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
  }

  private Path run(String id) {
    return directory.resolve("state/runs").resolve(id);
  }

  /** On a node of its own, in this JVM. */
  private Map<String, byte[]> undisturbed() throws Exception {
    JobOrder order = order("");
    Path run = directory.resolve("undisturbed");
    try (HaloclineNode node = HaloclineNode.start(NodeSettings.defaults().withLanes(1, 1L << 30),
        NodeProcess.parts(true))) {
      JobFile file = JobFile.parse("job.conf", directory, JOB.formatted(DRAWS)).orThrow();
      assertInstanceOf(JobEvent.Finished.class,
          node.submit(Submission.of(order.spec(), file, run, false), _ -> {}).await());
    }
    return results(run);
  }

  private static NodeProcess coordinator(HaloclineNode watcher, NodeProcess... nodes) throws Exception {
    String address = status(watcher).coordinator();
    return Stream.of(nodes).filter(node -> node.address().equals(address)).findFirst()
        .orElseThrow(() -> new AssertionError(address + " coordinates"));
  }

  private static void tell(String what, long fromNs, JobEvent again) {
    System.out.printf("%s: goes on after %.1f s, %s%n", what, (System.nanoTime() - fromNs) * 1e-9,
        ((JobEvent.Recovered) again).recovery());
  }

  @Test
  void shouldDrawTheSameBytesWhenOneCoordinatorIsKilledAndTheNextIsStopped() throws Exception {
    makeData();
    Map<String, byte[]> undisturbed = undisturbed();
    Path state = directory.resolve("state");
    try (NodeProcess first = NodeProcess.start(state, List.of(), directory.resolve("first.log"));
        NodeProcess second = NodeProcess.start(state, List.of(first.address()), directory.resolve("second.log"));
        HaloclineNode watcher = HaloclineNode.start(NodeProcess.settings(state, List.of(first.address())),
            NodeProcess.parts(false))) {
      awaitLanes(watcher, 2);
      String killed = submitted(watcher, order(""));
      until(watcher, killed, event -> hasDrawn(event, 25));
      long from = System.nanoTime();
      coordinator(watcher, first, second).kill();
      tell("killed the coordinator", from,
          until(watcher, killed, JobEvent.Recovered.class::isInstance).getLast().event());
      try (NodeProcess third = NodeProcess.start(state, List.of(second.address()), directory.resolve("third.log"))) {
        JobEvent last = until(watcher, killed, JobEvent::isLast).getLast().event();
        assertInstanceOf(JobEvent.Finished.class, last, last::toString);
        assertSame(undisturbed, results(run(killed)));
        String stopped = submitted(watcher, order("layout { x = 1 }"));
        until(watcher, stopped, event -> hasDrawn(event, 25));
        NodeProcess sleeper = coordinator(watcher, second, third);
        from = System.nanoTime();
        sleeper.signal("STOP");
        tell("stopped the coordinator", from,
            until(watcher, stopped, JobEvent.Recovered.class::isInstance).getLast().event());
        sleeper.signal("CONT");
        last = until(watcher, stopped, JobEvent::isLast).getLast().event();
        assertInstanceOf(JobEvent.Finished.class, last, last::toString);
        assertTrue(sleeper.endsWithin(60), "a node that was given up ends by itself");
        assertSame(undisturbed, results(run(stopped)));
      }
    }
  }
}
