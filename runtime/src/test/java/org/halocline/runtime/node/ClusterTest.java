package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.halocline.runtime.Waiting;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.client.Following;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.CountKind;
import org.halocline.runtime.support.EchoHost;
import org.halocline.runtime.support.ToyKind;
import org.halocline.runtime.support.ToyTerms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters of several nodes in one JVM, formed for real, that keep their jobs on disk. All messages are serialised. */
@Timeout(300)
class ClusterTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new CountKind(), new ToyKind()));
  private static final long PATIENCE_S = 180;
  /** Nodes here die without saying so, and are missed by their lifelines. */
  private static final Config OVERRIDES = ConfigFactory.parseString("""
      pekko.actor.serialize-messages = on
      pekko.coordinated-shutdown.run-by-actor-system-terminate = off
      pekko.cluster.split-brain-resolver.down-all-when-unstable = off
      """);

  @TempDir
  Path directory;
  private final Deque<HaloclineNode> nodes = new ArrayDeque<>();

  @AfterEach
  void stop() {
    while (!nodes.isEmpty())
      nodes.removeLast().close();
  }

  private NodeSettings settings(String cluster, int lanes) {
    return NodeSettings.defaults().withLanes(lanes, 256L << 20).withOverrides(OVERRIDES)
        .withCluster(ClusterSettings.of(cluster, directory.resolve("state")));
  }

  private HaloclineNode start(int lanes) {
    HaloclineNode node = HaloclineNode.start(
        settings("tea", lanes).withSeeds(nodes.isEmpty() ? List.of() : List.of(nodes.getFirst().address())),
        new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost()));
    nodes.add(node);
    return node;
  }

  private static JobOrder order(String text) {
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"), text).orThrow();
    return JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file);
  }

  private static SubmitReply submit(HaloclineNode node, JobOrder order) throws Exception {
    return node.client().submit(order).toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
  }

  private static String submitted(HaloclineNode node, JobOrder order) throws Exception {
    SubmitReply reply = submit(node, order);
    return assertInstanceOf(SubmitReply.Submitted.class, reply, reply::toString).job().id();
  }

  private static JobStatus status(HaloclineNode node, String id) throws Exception {
    return assertInstanceOf(JobReply.Found.class,
        node.client().job(id).toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS)).job();
  }

  private static void awaitLanes(HaloclineNode node, int lanes) throws Exception {
    Waiting.until(lanes + " lanes", () -> describe(node).nodes().stream()
        .mapToInt(known -> known.lanes().size()).sum() >= lanes);
  }

  private static ClusterStatus describe(HaloclineNode node) throws Exception {
    return node.client().describe().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** Settings of a job that counts to 5 and no further before {@link #goOn}, so that the job surely runs meanwhile. */
  private String held() {
    return ", hold-at = 5, gate = \"" + directory.resolve("gate") + "\"";
  }

  private void goOn() throws Exception {
    Files.createFile(directory.resolve("gate"));
  }

  /** Follows a job until an event comes; what was told so far is returned. */
  private static List<JobEventRecord> until(HaloclineNode node, String id, Predicate<JobEvent> wanted)
      throws Exception {
    BlockingQueue<JobEventRecord> events = new LinkedBlockingQueue<>();
    try (Following _ = node.client().follow(Optional.of(id), 0, events::add)) {
      List<JobEventRecord> told = new ArrayList<>();
      do {
        JobEventRecord next = events.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertTrue(next != null, () -> "nothing came after " + told);
        told.add(next);
      } while (!wanted.test(told.getLast().event()));
      return told;
    }
  }

  private static JobEvent end(HaloclineNode node, String id) throws Exception {
    return until(node, id, JobEvent::isLast).getLast().event();
  }

  private static boolean isAt(JobEvent event, int count) {
    return event instanceof JobEvent.Progress progress && progress.numbers().getOrDefault("draw", 0.0) >= count;
  }

  private String result(String id) throws Exception {
    return Files.readString(directory.resolve("state/runs/" + id + "/result.txt"));
  }

  @Test
  void shouldRunAJobOnceHoweverOftenItIsSubmitted() throws Exception {
    HaloclineNode node = start(1);
    JobOrder order = order("kind = count, to = 8");
    String id = submitted(node, order);
    assertTrue(assertInstanceOf(SubmitReply.Submitted.class, submit(node, order)).known());
    assertInstanceOf(JobEvent.Finished.class, end(node, id));
    SubmitReply.Submitted after = assertInstanceOf(SubmitReply.Submitted.class, submit(node, order));
    assertTrue(after.known());
    assertEquals(JobState.FINISHED, after.job().state());
    assertEquals(CountKind.result(8), result(id));
    JobStatus job = status(node, id);
    assertEquals(1, job.incarnation());
    assertEquals(1.0, job.progress());
    assertTrue(Files.exists(directory.resolve("state/jobs/" + id + "/order.json")));
    List<JobEventRecord> told = until(node, id, JobEvent::isLast);
    assertInstanceOf(JobEvent.Waiting.class, told.getFirst().event());
    assertTrue(told.stream().anyMatch(event -> event.event() instanceof JobEvent.Accepted));
    for (int i = 1; i < told.size(); i++)
      assertTrue(told.get(i).number() > told.get(i - 1).number());
  }

  @Test
  void shouldRefuseCallersWithoutTheToken() throws Exception {
    HaloclineNode node = start(1);
    ClusterClient stranger = new ClusterClient(node.system(), node.client().coordinator(), "guess");
    SubmitReply.Refused refused = assertInstanceOf(SubmitReply.Refused.class,
        stranger.submit(order("kind = count")).toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS));
    assertTrue(refused.denied());
    assertInstanceOf(CancelReply.Denied.class,
        stranger.cancel("x", "y").toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS));
    assertInstanceOf(CancelReply.Unknown.class,
        node.client().cancel("x", "y").toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS));
    assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions
        .toString(Files.getPosixFilePermissions(directory.resolve("state/token"))));
  }

  @Test
  void shouldNameEveryProblemOfAnOrder() throws Exception {
    HaloclineNode node = start(1);
    JobOrder good = order("kind = count");
    JobOrder bad = new JobOrder(good.spec(), "job.conf", "", "relative", false, ToyTerms.priority(1000));
    SubmitReply.Refused refused = assertInstanceOf(SubmitReply.Refused.class, submit(node, bad));
    assertFalse(refused.denied());
    assertEquals(List.of("priority", "output"), refused.problems().stream().map(problem -> problem.key()).toList());
  }

  @Test
  void shouldRunTwoJobsWithFewerLanesThanTheyWantAndHigherPriorityFirst() throws Exception {
    HaloclineNode node = start(2);
    String large = submitted(node, order("kind = count, to = 15, chains = 2, layout.domains = 2" + held()));
    String low = submitted(node, order("kind = count, to = 3, chains = 2, layout.domains = 2, salt = 1"));
    String high = submitted(node,
        order("kind = count, to = 3, chains = 2, layout.domains = 2, salt = 2").on(ToyTerms.priority(5)));
    JobStatus waits = status(node, low);
    assertEquals(JobState.QUEUED, waits.state());
    assertTrue(waits.why().contains("lanes"), waits.why());
    goOn();
    for (String id : List.of(large, low, high))
      assertInstanceOf(JobEvent.Finished.class, end(node, id));
    assertTrue(status(node, high).startedEpochMillis().getAsLong() <= status(node, low).startedEpochMillis()
        .getAsLong());
    assertEquals(CountKind.result(15), result(large));
  }

  @Test
  void shouldStartAJobWhenTheLanesItLacksCome() throws Exception {
    HaloclineNode first = start(1);
    String id = submitted(first, order("kind = count, to = 5, chains = 3, layout.domains = 3"));
    until(first, id, event -> event instanceof JobEvent.Waiting(String why) && why.contains("needs 3 lanes"));
    HaloclineNode second = start(2);
    assertInstanceOf(JobEvent.Finished.class, end(second, id));
    ClusterStatus all = describe(second);
    assertEquals(2, all.nodes().size());
    assertEquals("tea", all.cluster());
    assertEquals(first.address(), all.coordinator());
    assertEquals(3, all.nodes().stream().mapToInt(node -> node.lanes().size()).sum());
  }

  @Test
  void shouldCancelWaitingAndRunningJobs() throws Exception {
    HaloclineNode node = start(1);
    String runs = submitted(node, order("kind = count, to = 100000"));
    String waits = submitted(node, order("kind = count, to = 10, salt = 1"));
    until(node, runs, event -> isAt(event, 1));
    node.client().cancel(waits, "not any more").toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    assertEquals(new JobEvent.Cancelled("not any more"), end(node, waits));
    node.client().cancel(runs, "enough").toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    assertEquals(new JobEvent.Cancelled("enough"), end(node, runs));
    assertEquals(JobState.CANCELLED, status(node, runs).state());
  }

  @Test
  void shouldEndAJobThatHasRunForAsLongAsItMay() throws Exception {
    HaloclineNode node = start(1);
    String id = submitted(node, order("kind = count, to = 100000").on(ToyTerms.mostSeconds(1)));
    JobEvent.Cancelled ended = assertInstanceOf(JobEvent.Cancelled.class, end(node, id));
    assertTrue(ended.reason().contains("1 s"), ended.reason());
  }

  @Test
  void shouldGiveUpAJobThatComesNoFurther() throws Exception {
    HaloclineNode node = start(1);
    String id = submitted(node, order("kind = count, to = 9, fail-at = 4").on(ToyTerms.mostRestarts(1)));
    List<JobEventRecord> told = until(node, id, JobEvent::isLast);
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, told.getLast().event());
    assertTrue(failed.message().contains("2 times") && failed.message().contains("never gets to 4"),
        failed.message());
    // The first start came as far as 3, so it was not in vain.
    assertEquals(List.of(0, 1), told.stream().map(JobEventRecord::event)
        .filter(JobEvent.Interrupted.class::isInstance).map(event -> ((JobEvent.Interrupted) event).restarts())
        .toList());
    assertEquals(3, status(node, id).incarnation());
  }

  @Test
  void shouldGoOnWhereItWasWhenANodeWithARankDies() throws Exception {
    HaloclineNode first = start(1);
    HaloclineNode second = start(1);
    awaitLanes(first, 2);
    String id = submitted(first, order("kind = count, to = 40, chains = 2" + held()));
    until(first, id, event -> isAt(event, 5));
    assertEquals(2, status(first, id).ranks().size());
    second.system().terminate();
    until(first, id, JobEvent.Interrupted.class::isInstance);
    goOn();
    List<JobEventRecord> told = until(first, id, JobEvent::isLast);
    assertInstanceOf(JobEvent.Finished.class, told.getLast().event());
    assertEquals(CountKind.result(40), result(id));
    JobStatus job = status(first, id);
    assertTrue(job.incarnation() >= 2 && job.restarts() >= 1, job::toString);
    assertTrue(job.lastRecovery().isPresent(), "figures are reported");
    System.out.println("node lost: " + job.lastRecovery().get());
  }

  @Test
  void shouldGoOnUnderAnotherCoordinator() throws Exception {
    HaloclineNode first = start(1);
    HaloclineNode second = start(1);
    String id = submitted(second, order("kind = count, to = 40" + held()));
    String done = submitted(second, order("kind = count, to = 2"));
    end(second, done);
    until(second, id, event -> isAt(event, 5));
    first.system().terminate();
    Waiting.until("the other coordinator", () -> describe(second).coordinator().equals(second.address()));
    goOn();
    List<JobEventRecord> told = until(second, id, JobEvent::isLast);
    assertInstanceOf(JobEvent.Finished.class, told.getLast().event());
    assertEquals(CountKind.result(40), result(id));
    ClusterStatus all = describe(second);
    assertEquals(second.address(), all.coordinator());
    assertEquals(2, all.incarnation());
    assertEquals(JobState.FINISHED, status(second, done).state());
    System.out.println("coordinator lost: " + status(second, id).lastRecovery());
  }

  @Test
  void shouldHandItsJobsOverWhenTheCoordinatorLeaves() throws Exception {
    HaloclineNode first = start(1);
    HaloclineNode second = start(1);
    String id = submitted(second, order("kind = count, to = 40" + held()));
    until(second, id, event -> isAt(event, 5));
    first.close();
    goOn();
    assertInstanceOf(JobEvent.Finished.class, end(second, id));
    assertEquals(CountKind.result(40), result(id));
  }

  @Test
  void shouldGoOnAfterAllNodesWereStopped() throws Exception {
    HaloclineNode first = start(1);
    String id = submitted(first, order("kind = count, to = 40" + held()));
    until(first, id, event -> isAt(event, 5));
    first.system().terminate();
    nodes.clear();
    first.ended().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    HaloclineNode again = start(1);
    goOn();
    assertInstanceOf(JobEvent.Finished.class, end(again, id));
    assertEquals(CountKind.result(40), result(id));
  }

  @Test
  void shouldRefuseANodeOfAnotherClusterInWords() throws Exception {
    HaloclineNode node = start(1);
    NodeSettings other = NodeSettings.defaults().withLanes(1, 256L << 20).withOverrides(OVERRIDES)
        .withCluster(ClusterSettings.of("coffee", directory.resolve("other"))).withSeeds(List.of(node.address()));
    NodeException refused = assertThrows(NodeException.class,
        () -> HaloclineNode.start(other, new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost())));
    assertTrue(refused.getMessage().contains("\"tea\""), refused.getMessage());
    NodeException named = assertThrows(NodeException.class, () -> HaloclineNode.start(other.withToken(node.token()),
        new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost())));
    assertTrue(named.getMessage().contains("\"tea\"") && named.getMessage().contains("\"coffee\""),
        named.getMessage());
    NodeSettings elsewhere = NodeSettings.defaults().withLanes(1, 256L << 20).withOverrides(OVERRIDES)
        .withCluster(ClusterSettings.of("tea", directory.resolve("other2"))).withSeeds(List.of(node.address()));
    NodeException apart = assertThrows(NodeException.class,
        () -> HaloclineNode.start(elsewhere, new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost())));
    assertTrue(apart.getMessage().contains("not the same files"), apart.getMessage());
    NodeException moved = assertThrows(NodeException.class,
        () -> HaloclineNode.start(elsewhere.withToken(node.token()),
            new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost())));
    assertTrue(moved.getMessage().contains("not the same files"), moved.getMessage());
  }
}
