package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.halocline.runtime.Waiting;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunManifest;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.EchoHost;
import org.halocline.runtime.support.ToyKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A one-node cluster, formed for real, that runs toy jobs. All messages are serialised. */
@Timeout(300)
class HaloclineNodeTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new ToyKind()));
  private static final EchoHost HOST = new EchoHost();
  private static HaloclineNode node;

  @TempDir
  Path directory;

  @BeforeAll
  static void startNode() {
    long from = System.nanoTime();
    node = HaloclineNode.start(settings(), new NodeParts(KINDS, List.of(new CoreLanes()), HOST));
    System.out.println("node up after " + (System.nanoTime() - from) / 1_000_000 + " ms");
  }

  private static NodeSettings settings() {
    return NodeSettings.defaults().withLanes(2, 256 << 20)
        .withOverrides(ConfigFactory.parseString("pekko.actor.serialize-messages = on"));
  }

  @AfterAll
  static void stopNode() {
    long from = System.nanoTime();
    node.close();
    System.out.println("node down after " + (System.nanoTime() - from) / 1_000_000 + " ms");
  }

  private static JobFile job(String text) {
    return JobFile.parse("job.conf", Path.of("/tmp"), "kind = toy\n" + text).orThrow();
  }

  private static JobOrder submission(JobFile file, Path run, boolean resume) {
    JobSpec spec = KINDS.check(file).orThrow().spec().orThrow();
    return JobOrder.of(spec, file).in(run, resume);
  }

  /** A job that was submitted. */
  private record Run(HaloclineNode on, String id, CompletableFuture<JobEvent> last) {
    static Run of(HaloclineNode node, JobOrder order, Consumer<JobEvent> listener) {
      return new Run(node, order.spec().id(), node.client().run(order, listener).toCompletableFuture());
    }

    JobEvent await() throws InterruptedException {
      return last.join();
    }

    /** Also where the job is not there yet. */
    void cancel(String reason) throws Exception {
      Waiting.until("the job", () -> on.client().cancel(id, reason).toCompletableFuture()
          .join() instanceof CancelReply.Cancelling);
    }
  }

  private JobEvent run(String text, boolean resume) throws InterruptedException {
    return Run.of(node, submission(job(text), directory.resolve("run"), resume), _ -> {}).await();
  }

  @Test
  void shouldRunJobToItsEnd() throws Exception {
    BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();
    JobEvent last = Run
        .of(node, submission(job("act = finish, chains = 3"), directory.resolve("run"), false), events::add).await();
    assertEquals(new JobEvent.Finished("the table", "{\"answer\": 42}"), last);
    assertInstanceOf(JobEvent.Accepted.class, events.poll(1, TimeUnit.MINUTES));
    JobEvent.Planned planned = assertInstanceOf(JobEvent.Planned.class, events.poll(1, TimeUnit.MINUTES));
    assertEquals(2, planned.layout().domains());
    JobEvent.Progress progress = assertInstanceOf(JobEvent.Progress.class, events.poll(1, TimeUnit.MINUTES));
    assertEquals("resume=false", progress.line());
    Path run = directory.resolve("run");
    assertEquals(RunManifest.State.FINISHED, RunDirectory.readManifest(run).state());
    assertEquals("42\n", Files.readString(run.resolve("result.txt")));
    assertEquals("the table\n", Files.readString(run.resolve("table.txt")));
    assertEquals("{\"answer\": 42}\n", Files.readString(run.resolve("summary.json")));
    assertTrue(Files.readString(run.resolve("run.log")).contains("the table"), "the log tells the end");
    assertTrue(Files.readString(run.resolve("job.conf")).startsWith("kind = toy"));
  }

  @Test
  void shouldSayThatFinishedRunIsFinished() throws Exception {
    run("act = finish", false);
    assertEquals(new JobEvent.AlreadyFinished("the table\n", "{\"answer\": 42}\n"), run("act = finish", true));
  }

  @Test
  void shouldReportFailureOfJob() throws Exception {
    assertEquals(new JobEvent.Failed(false, "it did not work"), run("act = fail", false));
    RunManifest manifest = RunDirectory.readManifest(directory.resolve("run"));
    assertEquals(RunManifest.State.FAILED, manifest.state());
    assertEquals("it did not work", manifest.message());
  }

  @Test
  void shouldTurnDeathOfJobActorIntoFailureThatNamesCause() throws Exception {
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, run("act = die", false));
    assertFalse(failed.badInput());
    assertTrue(failed.message().contains("x.npy") && failed.message().contains("no space"), failed.message());
  }

  /** However slow the disk is, the node's other actors go on. */
  @Test
  void shouldStartAndRunJobWhereActorsMayWaitForTheDisk() throws Exception {
    JobEvent.Finished where = assertInstanceOf(JobEvent.Finished.class, run("act = where", false));
    assertTrue(where.table().lines().allMatch(thread -> thread.contains("default-blocking-io-dispatcher")),
        where.table());
  }

  @Test
  void shouldReportJobThatCannotStart() throws Exception {
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, run("act = die-at-start", false));
    assertTrue(failed.message().contains("no actor for you"), failed.message());
  }

  @Test
  void shouldReportJobThatStopsSilently() throws Exception {
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, run("act = vanish", false));
    assertTrue(failed.message().contains("without saying"), failed.message());
  }

  @Test
  void shouldHoldJobToItsFirstLastEvent() throws Exception {
    assertEquals(new JobEvent.Finished("", ""), run("act = lie", false));
    assertEquals(RunManifest.State.FINISHED, RunDirectory.readManifest(directory.resolve("run")).state());
  }

  @Test
  void shouldCancelAndResume() throws Exception {
    JobFile file = job("act = wait");
    BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();
    Run run = Run.of(node, submission(file, directory.resolve("run"), false), events::add);
    while (!(events.take() instanceof JobEvent.Progress)) {}
    run.cancel("enough");
    assertEquals(new JobEvent.Cancelled("enough"), run.await());
    assertEquals(RunManifest.State.CANCELLED, RunDirectory.readManifest(directory.resolve("run")).state());
    events.clear();
    Run again = Run.of(node, submission(file, directory.resolve("run"), true), events::add);
    JobEvent event = events.take();
    while (!(event instanceof JobEvent.Progress progress)) {
      assertFalse(event instanceof JobEvent.Failed, event.toString());
      event = events.take();
    }
    assertEquals("resume=true", progress.line());
    assertEquals(2.0, progress.numbers().get("incarnation"));
    again.cancel("done");
    again.await();
  }

  @Test
  void shouldCancelBeforeStart() throws Exception {
    Run run = Run.of(node, submission(job("act = wait"), directory.resolve("run"), false), _ -> {});
    run.cancel("at once");
    assertEquals(new JobEvent.Cancelled("at once"), run.await());
  }

  @Test
  void shouldRefuseExistingRunWithoutResume() throws Exception {
    run("act = finish", false);
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, run("act = finish", false));
    assertTrue(failed.badInput());
    assertTrue(failed.message().contains("--resume"), failed.message());
  }

  @Test
  void shouldSetThePlannedPeakBesideTheMeasuredOne() throws Exception {
    Path run = directory.resolve("run");
    JobOrder order = submission(job("act = finish"), run, false).withPlannedPeak(123 << 20);
    JobEvent.Finished last = assertInstanceOf(JobEvent.Finished.class, Run.of(node, order, _ -> {}).await());
    assertTrue(last.table().contains("the table") && last.table().contains("123.0 MiB planned"), last.table());
    JsonNode summary = new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    assertEquals(42, summary.at("/answer").intValue());
    assertEquals(123 << 20, summary.at("/process/planned-peak-bytes").longValue());
    if (Files.exists(Path.of("/proc/self/status")))
      assertTrue(summary.at("/process/peak-bytes").longValue() > 20 << 20, summary::toString);
  }

  @Test
  void shouldRefuseJobThatNeedsMoreMemoryThanThereIs() throws Exception {
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, run("act = finish, memory-mib = 1000", false));
    assertTrue(failed.badInput());
    assertTrue(failed.message().contains("1000.0 MiB") && failed.message().contains("256.0 MiB"), failed.message());
    assertFalse(Files.exists(directory.resolve("run")), "nothing is left behind");
  }

  @Test
  void shouldNoticeInputThatChangedSinceSubmission() throws Exception {
    Path input = Files.writeString(directory.resolve("input.txt"), "one");
    JobOrder order = submission(job("act = finish, input = \"" + input + "\""), directory.resolve("run"), false);
    Files.writeString(input, "two");
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, Run.of(node, order, _ -> {}).await());
    assertTrue(failed.message().contains("input.txt") && failed.message().contains("has changed"), failed.message());
  }

  @Test
  void shouldStartRankOnItsLaneAndStopItWithItsJob() throws Exception {
    assertEquals(new JobEvent.Finished("hello from core-0", ""), run("act = rank", false));
    assertEquals(0, HOST.alive.get(), "the rank is gone before the job's end is told");
  }

  @Test
  void shouldRefusePortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      NodeSettings settings = NodeSettings.defaults().withEndpoint("127.0.0.1", taken.getLocalPort());
      NodeException e = assertThrows(NodeException.class,
          () -> HaloclineNode.start(settings, new NodeParts(KINDS, List.of(), HOST)));
      assertTrue(
          e.getMessage().contains("node.port") && e.getMessage().contains(Integer.toString(taken.getLocalPort())),
          e.getMessage());
    }
  }

  @Test
  void shouldEndRunningJobsWhenNodeCloses() throws Exception {
    try (HaloclineNode other = HaloclineNode.start(settings(),
        new NodeParts(KINDS, List.of(new CoreLanes()), HOST))) {
      BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();
      Run run = Run.of(other, submission(job("act = wait"), directory.resolve("run"), false), events::add);
      while (!(events.take() instanceof JobEvent.Progress)) {}
      other.close();
      assertInstanceOf(JobEvent.Cancelled.class, run.await());
    }
    assertEquals(RunManifest.State.CANCELLED, RunDirectory.readManifest(directory.resolve("run")).state());
  }

  @Test
  void shouldRunJobAcrossTwoNodes() throws Exception {
    try (
        HaloclineNode first = HaloclineNode.start(settings().withToken("of both"),
            new NodeParts(KINDS, List.of(new CoreLanes()), HOST));
        HaloclineNode second = HaloclineNode.start(
            settings().withToken("of both").withSeeds(List.of(first.address())),
            new NodeParts(KINDS, List.of(new CoreLanes()), HOST))) {
      JobFile file = job("act = rank, chains = 4");
      BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();
      JobOrder order = submission(file, directory.resolve("run"), false);
      assertEquals(new JobEvent.Finished("hello from core-0", ""), Run.of(second, order, events::add).await());
      assertInstanceOf(JobEvent.Accepted.class, events.take());
      assertTrue(assertInstanceOf(JobEvent.Planned.class, events.take()).layout().domains() >= 2);
    }
  }
}
