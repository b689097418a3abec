package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.transport.CabledHosts;

/** A cluster with a node on each of some hosts, between which the network is cut and heals; keeps the figures. One thread. */
final class Partition implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;
  private static final long BETWEEN_LOOKS_NS = 50_000_000;
  /** What a node prints that its cluster has given up. */
  static final String GIVEN_UP = "starts anew";

  private final CabledHosts hosts;
  private final LaunchedCluster cluster;
  private final int count;
  private final Map<LaunchedNode, Integer> nodes = new HashMap<>();
  private long cutNs;

  /** The hosts, or why there can be none here. */
  sealed interface Making {
    record Made(Partition partition) implements Making {}

    record Impossible(String why) implements Making {}
  }

  private Partition(CabledHosts hosts, int count, LaunchedCluster cluster) {
    this.hosts = hosts;
    this.count = count;
    this.cluster = cluster;
  }

  /** Hosts without nodes. */
  static Making of(int count, Path folder) throws InterruptedException {
    return switch (CabledHosts.make(count)) {
      case CabledHosts.Making.Impossible(String why) -> new Making.Impossible(why);
      case CabledHosts.Making.Made(CabledHosts made) -> {
        Partition partition = new Partition(made, count, new LaunchedCluster(folder));
        try {
          made.joinOurHost();
          yield new Making.Made(partition);
        } catch (IOException e) {
          partition.close();
          yield new Making.Impossible("these hosts cannot be reached from here: " + e.getMessage());
        }
      }
    };
  }

  LaunchedCluster cluster() {
    return cluster;
  }

  /** A node with one lane on a host. */
  LaunchedNode launch(int host) throws IOException {
    String address = hosts.address(host);
    LaunchedNode node = cluster.launch(1, hosts.command(host, List.of()), "--host", address, "--http-host", address);
    nodes.put(node, host);
    return node;
  }

  /** One on each at once; returns when all are members. */
  void launchAll() throws IOException, InterruptedException {
    for (int host = 0; host < count; host++)
      launch(host);
    for (LaunchedNode node : nodes.keySet())
      node.ready();
    cluster.awaitNodes(count);
  }

  /** Cuts a node off, which is no longer asked. @return why that cannot be done here */
  Optional<String> cutOff(LaunchedNode node) throws InterruptedException {
    Optional<String> impossible = hosts.cut(Set.of(nodes.get(node)));
    node.cutOff(true);
    cutNs = System.nanoTime();
    return impossible;
  }

  private double seconds() {
    return (System.nanoTime() - cutNs) * 1e-9;
  }

  /** Returns when the job has been started again by those who are left, and the one that is cut off has given up. */
  void awaitBoth(String id, int incarnation, LaunchedNode off) throws Exception {
    JsonNode job = cluster.until(id, "another start", PATIENCE_SECONDS,
        now -> now.path("incarnation").asInt() > incarnation && now.path("state").asText().equals("running"));
    JsonNode recovery = job.path("last-recovery");
    System.out.printf(
        "cut off: runs again after %.1f s: noticed after %.1f s, planned and started in %.1f s, %.1f s of "
            + "work lost%n",
        seconds(), recovery.path("detect-millis").asDouble() / 1000,
        recovery.path("replan-millis").asDouble() / 1000, recovery.path("lost-millis").asDouble() / 1000);
    await(off, GIVEN_UP);
    System.out.printf("the node that was cut off had given up after %.1f s at most%n", seconds());
  }

  /** Until the node has printed it. */
  static void await(LaunchedNode node, String complaint) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!node.complaints().contains(complaint)) {
      if (System.nanoTime() > until)
        throw new AssertionError("'" + complaint + "' was not printed within " + PATIENCE_SECONDS + " s, but "
            + node.complaints());
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
  }

  /** Returns when all nodes are members again. */
  void heal() throws IOException, InterruptedException {
    System.out.printf("the network was cut for %.1f s%n", seconds());
    hosts.heal();
    long from = System.nanoTime();
    cluster.awaitNodes(count);
    nodes.keySet().forEach(node -> node.cutOff(false));
    System.out.printf("all nodes are members again after %.1f s%n", (System.nanoTime() - from) * 1e-9);
  }

  /** One history: numbered in order, each start after the one before, as many as there were, and one end. */
  void assertOneHistory(String id) throws Exception {
    List<JsonNode> events = cluster.events(id);
    long number = -1;
    for (JsonNode event : events) {
      assertTrue(event.path("number").asLong() > number, event::toString);
      number = event.path("number").asLong();
    }
    List<Integer> starts = of(events, "accepted").map(event -> event.path("incarnation").asInt()).toList();
    int count = cluster.job(id).path("restarts").asInt() + 1;
    assertEquals(IntStream.rangeClosed(1, count).boxed().toList(), starts, "each start follows the one before");
    try (Stream<Path> files = Files.list(cluster.run(id).resolve("incarnations"))) {
      assertEquals(count, files.count(), "as many starts as were told");
    }
    assertEquals(1, of(events, "finished").count());
    assertEquals("finished", events.getLast().path("event").path("type").asText());
  }

  private static Stream<JsonNode> of(List<JsonNode> events, String type) {
    return events.stream().map(event -> event.path("event")).filter(event -> event.path("type").asText().equals(type));
  }

  @Override
  public void close() throws InterruptedException {
    cluster.close();
    hosts.close();
  }
}
