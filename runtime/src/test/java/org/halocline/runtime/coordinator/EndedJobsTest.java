package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.MessageText;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.store.FileJobStore;
import org.halocline.runtime.store.JobKey;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.StoredJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs that ended long ago: they are answered for, and cost nothing else. */
@Timeout(600)
class EndedJobsTest extends OnCoordinatorRig {
  private static final int PAGE = StatusReport.MOST_JOBS;

  private <T extends WireMessage> T ask(ActorRef<CoordinatorMessage> coordinator, Class<T> answer,
      Function<ActorRef<T>, ClusterRequest> question) {
    TestProbe<T> replies = rig.kit().createTestProbe(answer);
    coordinator.tell(question.apply(replies.getRef()));
    return replies.receiveMessage(Duration.ofSeconds(120));
  }

  private static JobOrder order(int number, int comment) {
    JobOrder plain = CoordinatorRig.order("kind = count, to = 2, salt = " + number);
    return named(new JobOrder(plain.spec(), plain.givenName(), plain.givenText() + "\n# " + "x".repeat(comment),
        plain.runDirectory(), false, plain.terms()), "job-" + number);
  }

  private static JobOrder named(JobOrder order, String id) {
    return new JobOrder(order.spec().named(id), order.givenName(), order.givenText(), order.runDirectory(),
        order.resume(), order.terms());
  }

  private static JobOrder resumed(JobOrder order) {
    return new JobOrder(order.spec(), order.givenName(), order.givenText(), order.runDirectory(), true, order.terms());
  }

  private SubmitReply submit(ActorRef<CoordinatorMessage> coordinator, JobOrder order) throws Exception {
    String token = rig.state().token();
    return ask(coordinator, SubmitReply.class, replyTo -> new ClusterRequest.Submit(order, token, replyTo));
  }

  /** As the coordinator before left it, number being the time of its submission. */
  private static void left(FileJobStore before, int number, int comment, JobState at) throws Exception {
    StoredJob.Order order = new StoredJob.Order(order(number, comment),
        before.directory().run("job-" + number).toString(), number);
    before.keep(order.id(), StoredJob.State.fresh().ended(at, "why " + number, 0, number + 1));
    before.keep(order);
    before.markEnded(order.key());
  }

  private List<String> marks() throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve("state/ended"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void shouldListAndDescribeWhatIsOnlyOnTheDisk() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    int all = 3 * PAGE + 7;
    for (int i = 0; i < all; i++)
      left(before, i, 10, i % 2 == 0 ? JobState.FINISHED : JobState.FAILED);
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    List<JobStatus> listed = new ArrayList<>();
    for (int skip = 0; skip < all; skip += PAGE) {
      int from = skip;
      JobList page = ask(second, JobList.class, replyTo -> new ClusterRequest.ListJobs(from, PAGE, replyTo));
      assertEquals(all, page.all());
      listed.addAll(page.jobs());
    }
    assertEquals(all, listed.size());
    for (int i = 0; i < all; i++)
      assertEquals("job-" + (all - 1 - i), listed.get(i).id());
    JobStatus old = rig.status(second, "job-1");
    assertEquals(JobState.FAILED, old.state());
    assertEquals("why 1", old.why());
    assertEquals(2, old.endedEpochMillis().orElseThrow());
    assertInstanceOf(JobReply.Unknown.class, ask(second, JobReply.class,
        replyTo -> new ClusterRequest.DescribeJob("job-" + all, replyTo)));
    CancelReply.Cancelling cancelled = assertInstanceOf(CancelReply.Cancelling.class, ask(second, CancelReply.class,
        replyTo -> new ClusterRequest.Cancel("job-2", "too late", before.directory().token(), replyTo)));
    assertEquals(JobState.FINISHED, cancelled.job().state());
  }

  /** Takes over though nothing of them can be read, and says so only of what is asked for. */
  @Test
  void shouldReadNothingOfThemWhenItTakesOver() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    int all = PAGE + 100;
    for (int i = 0; i < all; i++)
      left(before, i, 10, JobState.FINISHED);
    StoredJob.Order goesOn = new StoredJob.Order(order(all, 0), before.directory().run("job-" + all).toString(), all);
    before.keep(goesOn.id(), StoredJob.State.fresh());
    before.keep(goesOn);
    Set<String> read = new HashSet<>();
    JobStore.Found found = FileJobStore.takeOver(rig.state(), "b").load();
    found.jobs().forEach(job -> read.add(job.order().id()));
    assertEquals(Set.of("job-" + all), read);
    assertEquals(all, found.ended().size());
    assertEquals(new JobKey("job-" + (all - 1), all - 1), found.ended().getFirst());
    for (int i = 0; i < 100; i++)
      Files.writeString(directory.resolve("state/jobs/job-" + i + "/order.json"), "not an order");
    rig.agent(1);
    ActorRef<CoordinatorMessage> second = rig.coordinator("c");
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, goesOn.id()));
    assertEquals(all + 1, ask(second, JobList.class, replyTo -> new ClusterRequest.ListJobs(0, 1, replyTo)).all());
  }

  /** By its own coordinator's hand, and by the next one's. */
  @Test
  void shouldTakeUpAgainWhatHasEnded() throws Exception {
    JobOrder order = named(CoordinatorRig.order("kind = toy, act = wait"), "job-1");
    String token = rig.state().token();
    rig.agent(1);
    ActorRef<CoordinatorMessage> coordinator = rig.coordinator("a");
    rig.submit(coordinator, order);
    for (int end = 1; end <= 3; end++) {
      ActorRef<CoordinatorMessage> current = coordinator;
      rig.until(current, "job-1", nth(end, JobEvent.Accepted.class));
      assertEquals(List.of(), marks());
      ask(current, CancelReply.class, replyTo -> new ClusterRequest.Cancel("job-1", "enough", token, replyTo));
      rig.until(current, "job-1", nth(end, JobEvent.Cancelled.class));
      while (marks().isEmpty())
        LockSupport.parkNanos(10_000_000);
      if (end == 2)
        coordinator = rig.coordinator("b");
      SubmitReply.Submitted known = assertInstanceOf(SubmitReply.Submitted.class, submit(coordinator, order));
      assertTrue(known.known());
      assertEquals(JobState.CANCELLED, known.job().state(), "it is the same job, and is not run again unasked");
      assertInstanceOf(SubmitReply.Refused.class, submit(coordinator, named(order(2, 0), "job-1")));
      if (end < 3)
        rig.submit(coordinator, resumed(order));
    }
  }

  /** The mark says that it has ended; it is not told to wait for a start that never comes. */
  @Test
  void shouldTellThatAJobHasEndedWhereTheEndIsUnknown() throws Exception {
    JobOrder order = named(CoordinatorRig.order("kind = count, to = 2"), "job-1");
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    StoredJob.Order kept = new StoredJob.Order(order, before.directory().run("job-1").toString(), 1);
    before.keep(kept);
    before.markEnded(kept.key());
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    SubmitReply.Submitted known = assertInstanceOf(SubmitReply.Submitted.class, submit(second, order));
    assertEquals(JobState.FAILED, known.job().state());
    assertTrue(known.job().why().contains("state"), known.job()::why);
  }

  private static Predicate<JobEvent> nth(int wanted, Class<? extends JobEvent> type) {
    AtomicInteger seen = new AtomicInteger();
    return event -> type.isInstance(event) && seen.incrementAndGet() == wanted;
  }

  /** MessageText of four hundred jobs would be 38 MB. */
  @Test
  void shouldHoldNeitherPlansNorTexts() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    long empty = heldBytes();
    for (int i = 0; i < 400; i++)
      left(before, i, 95_000, JobState.FINISHED);
    for (int i = 0; i < 400; i += 2) // half of them as a coordinator left them that did not mark any
      before.unmarkEnded(new JobKey("job-" + i, i));
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    for (int skip = 0; skip < 400; skip += PAGE) {
      int from = skip;
      assertEquals(PAGE,
          ask(second, JobList.class, replyTo -> new ClusterRequest.ListJobs(from, PAGE, replyTo)).jobs().size());
    }
    long held = heldBytes() - empty;
    assertTrue(held < 12 << 20, held + " bytes are held");
  }

  private static long heldBytes() {
    long held = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      held = Math.min(held, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return held;
  }
}
