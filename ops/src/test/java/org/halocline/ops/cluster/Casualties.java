package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Kills nodes at random moments, replaces them, and keeps the figures of how the job got over it. One thread. */
final class Casualties {
  /** With default settings, from kill -9 until the job runs again. */
  private static final double MOST_SECONDS = 30;
  private static final int PATIENCE_SECONDS = 100;

  private final LaunchedCluster cluster;
  private final Random random;
  private final List<Figures> figures = new ArrayList<>();

  /**
   * @param seconds from the kill until the job's next start is accepted, as a user sees it
   * @param recovery what the job's status says of it
   */
  private record Figures(String what, double seconds, JsonNode recovery) {
    @Override
    public String toString() {
      return String.format(
          "%-28s runs again after %5.1f s: noticed after %.1f s, planned and started in %.1f s, %.1f s of "
              + "work lost",
          what, seconds, seconds(recovery, "detect-millis"), seconds(recovery, "replan-millis"),
          seconds(recovery, "lost-millis"));
    }

    private static double seconds(JsonNode recovery, String name) {
      return recovery.path(name).asDouble() / 1000;
    }
  }

  Casualties(LaunchedCluster cluster, Random random) {
    this.cluster = cluster;
    this.random = random;
  }

  /** Waits for up to so many more draws. */
  void afterSomeDraws(String id, int most) throws Exception {
    if (!afterSomeDrawsUnlessOver(id, most))
      throw new AssertionError("the job was over too soon: " + cluster.job(id).toPrettyString());
  }

  /** @return whether the job has not ended meanwhile */
  boolean afterSomeDrawsUnlessOver(String id, int most) throws Exception {
    JsonNode first = cluster.until(id, "a draw", PATIENCE_SECONDS,
        job -> LaunchedCluster.draws(job) > 0 || LaunchedCluster.isOver(job));
    int wanted = LaunchedCluster.draws(first) + 1 + random.nextInt(most);
    JsonNode then = cluster.until(id, wanted + " draws", PATIENCE_SECONDS,
        job -> LaunchedCluster.draws(job) >= wanted || LaunchedCluster.isOver(job));
    return !LaunchedCluster.isOver(then);
  }

  /** The nodes on which the job has a rank, but not the coordinator's, if there is another. */
  List<LaunchedNode> rankOf(String id) throws Exception {
    List<LaunchedNode> nodes = ranks(id);
    LaunchedNode coordinator = cluster.coordinator();
    if (nodes.stream().anyMatch(node -> node != coordinator))
      nodes.remove(coordinator);
    return List.of(nodes.get(random.nextInt(nodes.size())));
  }

  /** A node on which the job has a rank, or the coordinator's. */
  List<LaunchedNode> anyThatMatters(String id) throws Exception {
    List<LaunchedNode> nodes = ranks(id);
    LaunchedNode coordinator = cluster.coordinator();
    if (!nodes.contains(coordinator))
      nodes.add(coordinator);
    return List.of(nodes.get(random.nextInt(nodes.size())));
  }

  /** Nodes on which the job has a rank. */
  List<LaunchedNode> ranks(String id) throws Exception {
    JsonNode running = cluster.until(id, "its ranks", PATIENCE_SECONDS, job -> !job.path("ranks").isEmpty());
    TreeSet<String> names = new TreeSet<>();
    running.path("ranks").forEach(rank -> names.add(rank.path("node").asText()));
    List<LaunchedNode> nodes = new ArrayList<>();
    for (String name : names)
      nodes.add(cluster.named(name));
    return nodes;
  }

  /**
   * Kills nodes, launches others in their place, and returns when these are there and the job runs again, which goes on
   * as if nothing had been where no victim matters to it.
   */
  void killOne(String id, List<LaunchedNode> victims) throws Exception {
    boolean coordinator = victims.contains(cluster.coordinator());
    boolean matters = coordinator || ranks(id).stream().anyMatch(victims::contains);
    int before = cluster.job(id).path("incarnation").asInt();
    long from = System.nanoTime();
    List<LaunchedNode> others = new ArrayList<>();
    for (LaunchedNode victim : victims)
      victim.kill();
    for (int i = 0; i < victims.size(); i++)
      others.add(cluster.launch(1));
    if (matters)
      awaitAnotherStart(id, before, from, coordinator, victims.size());
    for (LaunchedNode other : others)
      other.ready();
  }

  private void awaitAnotherStart(String id, int before, long from, boolean coordinator, int victims) throws Exception {
    JsonNode job = cluster.until(id, "another start", PATIENCE_SECONDS,
        now -> now.path("incarnation").asInt() > before && !now.path("state").asText().equals("queued"));
    double seconds = (System.nanoTime() - from) * 1e-9;
    figures.add(new Figures((victims > 1 ? victims + " nodes, " : "") + (coordinator
        ? "the coordinator's node"
        : "a rank's node"), seconds, job.path("last-recovery")));
    System.out.println(figures.getLast());
    assertTrue(seconds < MOST_SECONDS, figures.getLast()::toString);
  }

  /** No node is left. Nodes that start then go on with the job by themselves. */
  void killAll(String id) throws Exception {
    int before = cluster.job(id).path("incarnation").asInt();
    List<LaunchedNode> all = cluster.living();
    for (LaunchedNode node : all)
      node.kill();
    cluster.start(all.size(), 1);
    cluster.until(id, "another start", PATIENCE_SECONDS, now -> now.path("incarnation").asInt() > before);
  }

  int count() {
    return figures.size();
  }

  void report() {
    double worst = figures.stream().mapToDouble(Figures::seconds).max().orElse(0);
    double mean = figures.stream().mapToDouble(Figures::seconds).average().orElse(0);
    System.out.printf("%d times killed: runs again after %.1f s on average, %.1f s at worst%n", count(), mean, worst);
  }
}
