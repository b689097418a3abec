package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.halocline.transport.plane.CabledHosts;

/**
 * A cluster with a node on each of some hosts, between which the network is cut and heals; prints the figures. One
 * thread.
 */
final class Partition implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;
  private static final long BETWEEN_LOOKS_NS = 50_000_000;
  /** What a node prints when its cluster has given it up. */
  private static final String GIVEN_UP = "starts anew";

  private final CabledHosts hosts;
  private final LaunchedCluster cluster;
  private final Map<LaunchedNode, Integer> nodes = new LinkedHashMap<>();
  private long cutNs;

  /** The hosts, or why there can be none here. */
  sealed interface Making {
    record Made(Partition partition) implements Making {}

    record Impossible(String why) implements Making {}
  }

  private Partition(CabledHosts hosts, LaunchedCluster cluster) {
    this.hosts = hosts;
    this.cluster = cluster;
  }

  /** Hosts without nodes. */
  static Making of(int count, Path folder) throws InterruptedException {
    return switch (CabledHosts.make(count)) {
      case CabledHosts.Making.Impossible(String why) -> new Making.Impossible(why);
      case CabledHosts.Making.Made(CabledHosts made) -> {
        Partition partition = new Partition(made, new LaunchedCluster(folder));
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

  /** Launches nodes on other hosts; returns when all there are, with those from before, are members. */
  void launchAlso(int... others) throws IOException, InterruptedException {
    for (int host : others)
      launch(host);
    for (LaunchedNode node : nodes.keySet())
      node.ready();
    cluster.awaitNodes(nodes.size());
  }

  /** Cuts a node off. @return why that cannot be done here */
  Optional<String> cut(LaunchedNode node) throws InterruptedException {
    Optional<String> impossible = hosts.cut(Set.of(nodes.get(node)));
    cutNs = System.nanoTime();
    return impossible;
  }

  private double seconds() {
    return (System.nanoTime() - cutNs) * 1e-9;
  }

  /**
   * Until all these have given up; they are not asked before and not until the network has healed. The others must
   * stay.
   */
  void awaitGivenUp(LaunchedNode... off) {
    for (LaunchedNode node : off)
      await(node, GIVEN_UP);
    System.out.printf("who was cut off had given up after %.1f s at most%n", seconds());
    for (LaunchedNode node : nodes.keySet())
      assertFalse(!List.of(off).contains(node) && hasGivenUp(node), node::complaints);
  }

  /** Of two nodes that are cut apart, the one that gives up. */
  LaunchedNode loser() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < until) {
      for (LaunchedNode node : nodes.keySet())
        if (hasGivenUp(node)) {
          node.cutOff(true);
          return node;
        }
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
    throw new AssertionError("both go on: " + complaints());
  }

  private Collection<String> complaints() {
    return nodes.keySet().stream().map(LaunchedNode::complaints).toList();
  }

  private static boolean hasGivenUp(LaunchedNode node) {
    return node.complaints().contains(GIVEN_UP);
  }

  /** Returns when the job has been started again. */
  void awaitAnotherStart(String id, int incarnation) throws Exception {
    JsonNode job = cluster.until(id, "another start", PATIENCE_SECONDS,
        now -> now.path("incarnation").asInt() > incarnation && !now.path("state").asText().equals("queued"));
    JsonNode recovery = job.path("last-recovery");
    System.out.printf(
        "cut: runs again after %.1f s at most: noticed after %.1f s, planned and started in %.1f s, %.1f s "
            + "of work lost%n",
        seconds(), recovery.path("detect-millis").asDouble() / 1000,
        recovery.path("replan-millis").asDouble() / 1000, recovery.path("lost-millis").asDouble() / 1000);
  }

  /** Returns when another node coordinates; the job may have to wait for lanes then. */
  void awaitAnotherCoordinator(int reign) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (cluster.status().path("incarnation").asInt() <= reign) {
      if (System.nanoTime() > until)
        throw new AssertionError("no node takes over: " + complaints());
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
    System.out.printf("cut: another node coordinates after %.1f s at most%n", seconds());
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
    cluster.awaitNodes(nodes.size());
    nodes.keySet().forEach(node -> node.cutOff(false));
    System.out.printf("all nodes are members again after %.1f s%n", (System.nanoTime() - from) * 1e-9);
  }

  @Override
  public void close() throws InterruptedException {
    cluster.close();
    hosts.close();
  }
}
