package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.Waiting;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeFacts;
import org.halocline.runtime.rank.SharedDataPlane;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.FileJobStore;
import org.halocline.runtime.supervisor.Timeouts;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.CountKind;
import org.halocline.runtime.support.EchoHost;
import org.halocline.transport.DataPlaneSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Coordinators that do not know that their time is over, against their successors: in one actor system, so none can
 * die.
 */
@Timeout(300)
class CoordinatorTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new CountKind()));
  private static final Duration WAIT = Duration.ofMinutes(3);

  @TempDir
  Path directory;
  private final ActorTestKit kit = ActorTestKit.create("coordinators", ConfigFactory.parseString("""
      pekko.actor.provider = local
      pekko.actor.serialize-messages = on
      """).withFallback(ConfigFactory.parseResources("halocline-node.conf"))
      .withFallback(ConfigFactory.defaultReference()).resolve());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private StateDirectory state() throws StorageException {
    return StateDirectory.open(directory.resolve("state"), "tea");
  }

  private ActorRef<CoordinatorMessage> coordinator(String node, CountDownLatch over) throws Exception {
    return kit.spawn(
        Coordinator.create(new Coordinator.Setup(node, "tea", name -> FileJobStore.takeOver(state(), name), KINDS,
            Clock.systemUTC(), Timeouts.usual(),
            over::countDown)));
  }

  private void agent(int lanes) throws Exception {
    kit.spawn(NodeAgent.create("node", new CoreLanes().open(lanes, 64L << 20), new EchoHost(),
        new SharedDataPlane(DataPlaneSettings.defaults()), new NodeFacts("test", 64L << 20, state()::proof)));
  }

  private String submit(ActorRef<CoordinatorMessage> coordinator, String text) throws Exception {
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"), text).orThrow();
    TestProbe<SubmitReply> replies = kit.createTestProbe(SubmitReply.class);
    coordinator.tell(new ClusterRequest.Submit(JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file),
        state().token(), replies.getRef()));
    return assertInstanceOf(SubmitReply.Submitted.class, replies.receiveMessage(WAIT)).job().id();
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private JobEvent until(ActorRef<CoordinatorMessage> coordinator, String id,
      java.util.function.Predicate<JobEvent> wanted) {
    TestProbe<EventBatch> batches = kit.createTestProbe(EventBatch.class);
    long next = 0;
    while (true) {
      coordinator.tell(new ClusterRequest.Follow(Optional.of(id), next, batches.getRef()));
      EventBatch batch = batches.receiveMessage(WAIT);
      next = batch.next();
      for (JobEventRecord event : batch.events())
        if (wanted.test(event.event()))
          return event.event();
    }
  }

  private JobReply.Found describe(ActorRef<CoordinatorMessage> coordinator, String id) {
    TestProbe<JobReply> replies = kit.createTestProbe(JobReply.class);
    coordinator.tell(new ClusterRequest.DescribeJob(id, replies.getRef()));
    return assertInstanceOf(JobReply.Found.class, replies.receiveMessage(WAIT));
  }

  /** The old one goes on with its job for as long as it can; its successor starts the same job. */
  @Test
  void shouldCommitNothingAfterItsSuccessorHasBegun() throws Exception {
    agent(1);
    CountDownLatch over = new CountDownLatch(1);
    ActorRef<CoordinatorMessage> first = coordinator("a", over);
    Path gate = directory.resolve("gate");
    String id = submit(first, "kind = count, to = 60, millis = 25, hold-at = 5, gate = \"" + gate + "\"");
    until(first, id, event -> event instanceof JobEvent.Progress progress && progress.numbers().get("draw") >= 5);
    ActorRef<CoordinatorMessage> second = coordinator("b", new CountDownLatch(1));
    until(second, id, event -> event instanceof JobEvent.Accepted accepted && accepted.incarnation() > 1);
    Files.createFile(gate); // both go on
    assertInstanceOf(JobEvent.Finished.class, until(second, id, JobEvent::isLast));
    assertTrue(over.await(3, TimeUnit.MINUTES), "the first learns that it is over");
    Path run = directory.resolve("state/runs").resolve(id);
    assertEquals(CountKind.result(60), Files.readString(run.resolve("result.txt")));
    int last = RunDirectory.readManifest(run).incarnation();
    assertTrue(last >= 2);
    JobReply.Found job = describe(second, id);
    assertEquals(JobState.FINISHED, job.job().state());
    assertEquals(last, job.job().incarnation());
    assertEquals("the coordinator is gone", job.job().lastRecovery().orElseThrow().cause());
    // A client of the first one gets no answer, and asks again elsewhere.
    TestProbe<JobReply> silence = kit.createTestProbe(JobReply.class);
    first.tell(new ClusterRequest.DescribeJob(id, silence.getRef()));
    assertEquals(JobState.FINISHED, describe(second, id).job().state());
    silence.expectNoMessage(Duration.ofMillis(1));
  }

  @Test
  void shouldKeepWhatWasAcknowledgedBeforeItWasOver() throws Exception {
    ActorRef<CoordinatorMessage> first = coordinator("a", new CountDownLatch(1));
    String id = submit(first, "kind = count, to = 3");
    ActorRef<CoordinatorMessage> second = coordinator("b", new CountDownLatch(1));
    assertEquals(JobState.QUEUED, describe(second, id).job().state());
    agent(1);
    assertInstanceOf(JobEvent.Finished.class, until(second, id, JobEvent::isLast));
  }

  /** Under its own id and in its own run directory; nothing else of it may change, and it never does less. */
  @Test
  void shouldGoOnWithAJobThatHasEndedAndIsAskedForMore() throws Exception {
    agent(1);
    ActorRef<CoordinatorMessage> coordinator = coordinator("a", new CountDownLatch(1));
    assertTrue(resubmit(coordinator, "kind = count, to = 3", false) instanceof SubmitReply.Submitted);
    assertInstanceOf(JobEvent.Finished.class, until(coordinator, "count", JobEvent::isLast));
    for (String refused : List.of("kind = count, to = 2", "kind = count, to = 5, millis = 21"))
      assertInstanceOf(SubmitReply.Refused.class, resubmit(coordinator, refused, true), refused);
    assertInstanceOf(SubmitReply.Refused.class, resubmit(coordinator, "kind = count, to = 5", false));
    SubmitReply.Submitted grown = assertInstanceOf(SubmitReply.Submitted.class,
        resubmit(coordinator, "kind = count, to = 5", true));
    assertFalse(grown.known());
    Path result = directory.resolve("state/runs/count/result.txt");
    Waiting.until("all five", () -> Files.readString(result).equals(CountKind.result(5))
        && describe(coordinator, "count").job().state() == JobState.FINISHED);
    assertTrue(
        assertInstanceOf(SubmitReply.Submitted.class, resubmit(coordinator, "kind = count, to = 5", true)).known());
  }

  private SubmitReply resubmit(ActorRef<CoordinatorMessage> coordinator, String text, boolean resume) throws Exception {
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"), text).orThrow();
    JobOrder order = JobOrder.of(KINDS.check(file).orThrow().spec().orThrow().named("count"), file);
    TestProbe<SubmitReply> replies = kit.createTestProbe(SubmitReply.class);
    coordinator
        .tell(new ClusterRequest.Submit(new JobOrder(order.spec(), order.givenName(), order.givenText(), "", resume,
            order.terms()), state().token(), replies.getRef()));
    return replies.receiveMessage(WAIT);
  }

  /** It died after a job's end was on disk and before any client was told. */
  @Test
  void shouldTellTheEndThatTheOneBeforeDidNotComeToTell() throws Exception {
    agent(1);
    ActorRef<CoordinatorMessage> first = coordinator("a", new CountDownLatch(1));
    String id = submit(first, "kind = count, to = 3");
    assertInstanceOf(JobEvent.Finished.class, until(first, id, JobEvent::isLast));
    Path log = directory.resolve("state/jobs").resolve(id).resolve("events/000001.jsonl");
    Path ended = directory.resolve("state/ended");
    while (names(ended).isEmpty()) // it is told while it is written
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    Files.delete(ended.resolve(names(ended).getFirst()));
    List<String> lines = Files.readAllLines(log);
    Files.write(log, lines.subList(0, lines.size() - 1));
    ActorRef<CoordinatorMessage> second = coordinator("b", new CountDownLatch(1));
    JobEvent.AlreadyFinished told = assertInstanceOf(JobEvent.AlreadyFinished.class,
        until(second, id, JobEvent::isLast));
    assertEquals("counted to 3", told.table().strip());
    Path toldAgain = log.resolveSibling("000002.jsonl");
    Waiting.until("the end on disk", () -> Files.exists(toldAgain) && Files.readString(toldAgain).contains("Already"));
    ActorRef<CoordinatorMessage> third = coordinator("c", new CountDownLatch(1));
    assertInstanceOf(JobEvent.AlreadyFinished.class, until(third, id, JobEvent::isLast));
    assertTrue(Files.readString(toldAgain).contains("AlreadyFinished"));
    assertTrue(Files.notExists(log.resolveSibling("000003.jsonl")), "and only once");
  }

  /** What one job left unreadable must not keep the others from going on. */
  @Test
  void shouldTakeOverPastAJobWhoseEventsCannotBeRead() throws Exception {
    agent(1);
    ActorRef<CoordinatorMessage> first = coordinator("a", new CountDownLatch(1));
    String waits = submit(first, "kind = count, to = 3, chains = 3, layout.domains = 3");
    String ended = submit(first, "kind = count, to = 3, salt = 1");
    assertInstanceOf(JobEvent.Finished.class, until(first, ended, JobEvent::isLast));
    Path events = directory.resolve("state/jobs").resolve(waits).resolve("events");
    Files.createDirectories(events.resolve("000000.jsonl"));
    Files.createDirectories(directory.resolve("state/jobs/broken"));
    Files.writeString(directory.resolve("state/jobs/broken/order.json"), "null");
    ActorRef<CoordinatorMessage> second = coordinator("b", new CountDownLatch(1));
    assertEquals(JobState.QUEUED, describe(second, waits).job().state());
    // A job that has waited all along does not hide the end of another job from a client that asks now.
    assertInstanceOf(JobEvent.Finished.class, until(second, ended, JobEvent::isLast));
  }
}
