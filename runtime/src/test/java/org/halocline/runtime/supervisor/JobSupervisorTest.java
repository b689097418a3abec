package org.halocline.runtime.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.run.Opening;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunManifest;
import org.halocline.runtime.run.Tenancy;
import org.halocline.runtime.support.ToyKind;
import org.halocline.runtime.support.ToyLayouts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor of a job against a coordinator and a node that the test plays. */
@Timeout(300)
class JobSupervisorTest {
  private static final ActorTestKit KIT = ActorTestKit.create("supervisor", ConfigFactory.parseString("""
      pekko.actor.provider = local
      pekko.actor.serialize-messages = on
      pekko.actor.testkit.typed.single-expect-default = 3 m
      """).withFallback(ConfigFactory.parseResources("halocline-node.conf"))
      .withFallback(ConfigFactory.defaultReference()).resolve());
  private static final JobKinds KINDS = new JobKinds(List.of(new ToyKind()));
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Timeouts ENDLESS = new Timeouts(LONG, LONG, LONG, LONG, LONG);

  @TempDir
  Path directory;
  private final TestProbe<JobSupervisor.Told> coordinator = KIT.createTestProbe(JobSupervisor.Told.class);
  private final TestProbe<NodeAgent.Command> agent = KIT.createTestProbe(NodeAgent.Command.class);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<JobSupervisor.Command> supervise(String act) {
    return supervise(act, ENDLESS);
  }

  private ActorRef<JobSupervisor.Command> supervise(String act, Timeouts timeouts) {
    JobFile file = JobFile.parse("job.conf", directory, "kind = toy, act = " + act).orThrow();
    return supervise(
        JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file).in(directory.resolve("run"), false),
        timeouts);
  }

  private ActorRef<JobSupervisor.Command> supervise(JobOrder order, Timeouts timeouts) {
    PlannedLayout planned = new PlannedLayout(new Layout(1, 1, 1), 1, List.of(ToyLayouts.lane("node", 0, "core", 1)),
        List.of(), ToyLayouts.cost(new Layout(1, 1, 1), 1, 0), "the test says so", List.of());
    JobSupervisor.Start start = new JobSupervisor.Start(order, 1, planned,
        List.of(new RankSlot(agent.getRef(), "node", 0)));
    return KIT.spawn(
        JobSupervisor.create(start,
            new JobSupervisor.Means(KINDS, Clock.systemUTC(), timeouts, Tenancy.alone(), coordinator.getRef())));
  }

  private <T extends JobEvent> T told(Class<T> type) {
    return assertInstanceOf(type, coordinator.receiveMessage().event());
  }

  private void release() {
    NodeAgent.ReleaseJob release = agent.expectMessageClass(NodeAgent.ReleaseJob.class);
    release.replyTo().tell(new NodeAgent.JobReleased(release.jobId(), "node"));
  }

  private void expectStart() {
    told(JobEvent.Accepted.class);
    told(JobEvent.Planned.class);
    told(JobEvent.Progress.class);
  }

  @Test
  void shouldReleaseRanksBeforeItTellsTheEnd() throws Exception {
    ActorRef<JobSupervisor.Command> supervisor = supervise("finish");
    expectStart();
    NodeAgent.ReleaseJob release = agent.expectMessageClass(NodeAgent.ReleaseJob.class);
    assertEquals(RunManifest.State.RUNNING, RunDirectory.readManifest(directory.resolve("run")).state());
    release.replyTo().tell(new NodeAgent.JobReleased(release.jobId(), "node"));
    told(JobEvent.Finished.class);
    assertEquals(RunManifest.State.FINISHED, RunDirectory.readManifest(directory.resolve("run")).state());
    coordinator.expectTerminated(supervisor);
  }

  @Test
  void shouldStopJobThatIgnoresItsCancelling() throws Exception {
    ActorRef<JobSupervisor.Command> supervisor = supervise("deaf", new Timeouts(LONG, SHORT, LONG, LONG, LONG));
    expectStart();
    supervisor.tell(new JobSupervisor.Cancel("enough"));
    release();
    JobEvent.Cancelled cancelled = told(JobEvent.Cancelled.class);
    assertTrue(cancelled.reason().startsWith("enough (it did not end"), cancelled.reason());
    assertEquals(RunManifest.State.CANCELLED, RunDirectory.readManifest(directory.resolve("run")).state());
  }

  @Test
  void shouldGoOnWithoutNodeThatNeverReleases() {
    supervise("fail", new Timeouts(LONG, LONG, LONG, SHORT, LONG));
    expectStart();
    agent.expectMessageClass(NodeAgent.ReleaseJob.class);
    assertEquals(new JobEvent.Failed(false, "it did not work"), told(JobEvent.Failed.class));
  }

  @Test
  void shouldTellEndWhenItIsCutOff() throws Exception {
    ActorRef<JobSupervisor.Command> supervisor = supervise("wait");
    expectStart();
    KIT.stop(supervisor);
    JobEvent.Failed failed = told(JobEvent.Failed.class);
    assertTrue(failed.message().contains("--resume"), failed.message());
    assertEquals(RunManifest.State.RUNNING, RunDirectory.readManifest(directory.resolve("run")).state());
  }

  /** Somewhere between having asked for its directory and having it. */
  @Test
  void shouldGiveItsDirectoryBackThoughItIsStoppedWhileItOpens() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path own = Files.createDirectory(directory.resolve("round-" + round));
      JobFile file = JobFile.parse("job.conf", directory, "kind = toy, act = wait").orThrow();
      CheckedJob job = KINDS.check(file).orThrow();
      JobOrder order = JobOrder.of(job.spec().orThrow(), file).in(own, false);
      ActorRef<JobSupervisor.Command> supervisor = supervise(order, ENDLESS);
      KIT.stop(supervisor);
      Opening opening = new Opening.Refused(List.of());
      while (!(opening instanceof Opening.Opened(RunDirectory run, _))) { // it may not have been opened yet
        LockSupport.parkNanos(1_000_000);
        opening = RunDirectory.open(order.in(own, RunDirectory.holdsRun(own)).runRequest(job.plan(), ""),
            Clock.systemUTC(), Tenancy.alone());
      }
      run.close();
    }
  }
}
