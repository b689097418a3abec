package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.halocline.runtime.Waiting;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.SupersededException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.EventLog;
import org.halocline.runtime.store.EventNumber;
import org.halocline.runtime.store.FileJobStore;
import org.halocline.runtime.store.StoredJob;
import org.halocline.runtime.supervisor.Timeouts;
import org.halocline.runtime.support.ToyTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a coordinator finds that is not as it should be, when it takes the jobs of the one before over. */
@Timeout(300)
class TakeoverTest extends OnCoordinatorRig {
  /** An input is out of reach, as on a share that is not mounted there. */
  @Test
  void shouldKeepJobsWhoseInputsCannotBeRead() throws Exception {
    Path input = Files.writeString(directory.resolve("map.npy"), "a map");
    Path away = directory.resolve("away.npy");
    String id = rig.submit(rig.coordinator("a"), "kind = toy, act = finish, input = \"" + input + "\"");
    Files.move(input, away);
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    JobEvent.Waiting waiting = assertInstanceOf(JobEvent.Waiting.class, rig.until(second, id,
        event -> event.isLast() || event instanceof JobEvent.Waiting why && why.why().contains("cannot go on yet"))
        .getLast());
    assertTrue(waiting.why().contains("map.npy"), waiting.why());
    assertEquals(JobState.QUEUED, rig.status(second, id).state());
    Files.move(away, input);
    rig.agent(1);
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, id));
  }

  /** The input is another file for a moment, for example; the user may cancel the job and hand it in anew. */
  @Test
  void shouldSayThatAnInputHasChangedAndWait() throws Exception {
    Path input = Files.writeString(directory.resolve("map.npy"), "a map");
    String id = rig.submit(rig.coordinator("a"), "kind = toy, act = finish, input = \"" + input + "\"");
    Files.writeString(input, "another map");
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    JobEvent.Waiting waiting = assertInstanceOf(JobEvent.Waiting.class, rig.until(second, id,
        event -> event.isLast() || event instanceof JobEvent.Waiting why && why.why().contains("has changed"))
        .getLast());
    assertTrue(waiting.why().contains("map.npy"), waiting.why());
  }

  /** A job as the one before left it. */
  private String left(FileJobStore before, String text, JobState at, int events) throws Exception {
    JobOrder order = CoordinatorRig.order(text);
    String id = order.spec().id();
    StoredJob.State fresh = StoredJob.State.fresh();
    before.keep(new StoredJob.Order(order, rig.state().run(id).toString(), 1));
    before.keep(id, at.isLast() ? fresh.ended(at, "", 0, System.currentTimeMillis()) : fresh);
    long number = EventNumber.first(before.incarnation());
    try (EventLog log = new EventLog(before.events(id).orElseThrow(), before.incarnation())) {
      for (int i = 0; i < events; i++)
        log.append(
            new JobEventRecord(number + i, i, id, JobEvent.Progress.note("line " + i + "\u2026")),
            false);
      if (at.isLast())
        log.append(new JobEventRecord(number + events, events, id, new JobEvent.Finished("done", "{}")), true);
    }
    return id;
  }

  /** Beside one that has waited since before; nothing of the ended one is in memory. */
  @Test
  void shouldTellAllOfAJobThatEndedUnderTheOneBefore() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    left(before, "kind = count, to = 7", JobState.QUEUED, 3);
    String ended = left(before, "kind = count, to = 8", JobState.FINISHED, 1000);
    List<JobEvent> told = rig.until(rig.coordinator("b"), ended, JobEvent::isLast);
    assertEquals(1001, told.size());
    assertInstanceOf(JobEvent.Finished.class, told.getLast());
  }

  /** A follower comes back to a job that goes on: what it has not heard yet is on the disk, and then in memory. */
  @Test
  void shouldLeaveNothingOutBetweenDiskAndMemory() throws Exception {
    String id = left(FileJobStore.takeOver(rig.state(), "a"), "kind = count, to = 3", JobState.QUEUED, 1000);
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    rig.agent(1);
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, id));
    List<JobEvent> told = rig.until(second, id, JobEvent::isLast);
    for (int i = 0; i < 1000; i++)
      assertEquals("line " + i + "\u2026", assertInstanceOf(JobEvent.Progress.class, told.get(i)).line());
    assertTrue(told.stream().anyMatch(JobEvent.Accepted.class::isInstance), told::toString);
  }

  @Test
  void shouldCoordinateThoughFilesOfAJobAreBroken() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    String cut = left(before, "kind = count, to = 3", JobState.QUEUED, 2);
    String unreadable = left(before, "kind = count, to = 4", JobState.QUEUED, 2);
    String ended = left(before, "kind = count, to = 5", JobState.FINISHED, 0);
    String broken = left(before, "kind = count, to = 6", JobState.QUEUED, 0);
    Path jobs = directory.resolve("state/jobs");
    Files.write(jobs.resolve(cut).resolve("events/000001.jsonl"), new byte[]{'n', 'u', 'l', 'l', '\n', '"', (byte) 0xe2,
        (byte) 0x80, '\n'}, StandardOpenOption.APPEND);
    for (String id : List.of(unreadable, ended)) {
      Files.delete(jobs.resolve(id).resolve("events/000001.jsonl"));
      Files.createDirectory(jobs.resolve(id).resolve("events/000001.jsonl"));
    }
    Files.writeString(jobs.resolve(broken).resolve("order.json"), "null");
    rig.agent(1);
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    List<JobEvent> told = rig.until(second, cut, JobEvent::isLast);
    assertInstanceOf(JobEvent.Finished.class, told.getLast());
    assertEquals("line 1\u2026", assertInstanceOf(JobEvent.Progress.class, told.get(1)).line());
    Waiting.until("its end", () -> rig.status(second, unreadable).state() == JobState.FINISHED);
    assertEquals(JobState.FINISHED, rig.status(second, ended).state());
  }

  @Test
  void shouldTakeOneNumberHoweverOftenItTries() throws Exception {
    StateDirectory state = rig.state();
    Path jobs = directory.resolve("state/jobs");
    Files.delete(jobs);
    Files.createFile(jobs);
    ActorRef<CoordinatorMessage> coordinator = rig.kit().spawn(Coordinator.create(new Coordinator.Setup("a", "tea",
        name -> FileJobStore.takeOver(state, name), CoordinatorRig.KINDS, Clock.systemUTC(), Timeouts.usual(),
        () -> {})));
    Waiting.until("a coordinator", () -> Files.exists(directory.resolve("state/proof")));
    TestProbe<JobList> lists = rig.kit().createTestProbe(JobList.class);
    coordinator.tell(new ClusterRequest.ListJobs(0, 1, lists.getRef()));
    lists.expectNoMessage(Duration.ofMillis(100));
    Files.delete(jobs);
    Files.createDirectory(jobs);
    lists.receiveMessage(Duration.ofMinutes(3));
    try (Stream<Path> numbers = Files.list(directory.resolve("state/coordinator"))) {
      assertEquals(1, numbers.count());
    }
  }

  /** It ran for ten minutes, then nothing ran for two days. */
  @Test
  void shouldNotCountTheTimeInWhichNothingRan() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    String id = left(before, "kind = count, to = 9", JobState.QUEUED, 0);
    JobOrder order = CoordinatorRig.order("kind = count, to = 9")
        .on(ToyTerms.mostSeconds(3600));
    long start = System.currentTimeMillis() - Duration.ofDays(2).toMillis();
    before.keep(new StoredJob.Order(order, rig.state().run(id).toString(), start));
    before.keep(id, StoredJob.State.fresh().started(new Layout(1, 1, 1), start));
    Files.setLastModifiedTime(directory.resolve("state/coordinator/000001"),
        FileTime.fromMillis(start + Duration.ofMinutes(10).toMillis()));
    rig.agent(1);
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, id));
    StoredJob.State state = FileJobStore.takeOver(rig.state(), "c").load(Set.of(id)).jobs().getFirst().state();
    assertTrue(state.ranMillis() >= 600_000 && state.ranMillis() < 3_600_000, state::toString);
  }

  /** The disk would not give one job's state at the takeover, and gives it later; another one's is half written. */
  @Test
  void shouldLoseNoJobWhoseStateCannotBeRead() throws Exception {
    FileJobStore before = FileJobStore.takeOver(rig.state(), "a");
    String hidden = left(before, "kind = count, to = 3", JobState.QUEUED, 0);
    String half = left(before, "kind = count, to = 4", JobState.QUEUED, 0);
    Path state = directory.resolve("state/jobs").resolve(hidden).resolve("state.json");
    Path away = directory.resolve("away.json");
    Files.move(state, away);
    Files.createDirectory(state);
    Files.writeString(state.resolveSibling("../" + half + "/state.json").normalize(), "{\"state\": \"QU");
    rig.agent(1);
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, half));
    TestProbe<SubmitReply> replies = rig.kit().createTestProbe(SubmitReply.class);
    second.tell(new ClusterRequest.Submit(CoordinatorRig.order("kind = count, to = 3"), rig.state().token(),
        replies.getRef()));
    assertInstanceOf(SubmitReply.Refused.class, replies.receiveMessage(Duration.ofMinutes(3)), "it is there already");
    Files.delete(state);
    Files.move(away, state);
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, hidden));
  }

  /** It came to half of it, and failed, or was still at it. */
  @Test
  void shouldTellNoLessProgressThanTheOneBefore() throws Exception {
    ActorRef<CoordinatorMessage> first = rig.coordinator("a");
    rig.agent(2);
    String failed = rig.submit(first, CoordinatorRig.order("kind = count, to = 12, fail-at = 7")
        .on(new JobTerms(0, OptionalInt.of(1), 0, OptionalLong.empty())));
    Path gate = directory.resolve("gate");
    String held = rig.submit(first, CoordinatorRig.order("kind = count, to = 8, hold-at = 4, gate = \"" + gate + "\"")
        .on(ToyTerms.mostLanes(1)));
    assertInstanceOf(JobEvent.Failed.class, rig.end(first, failed));
    Waiting.until("its fourth step", () -> rig.status(first, held).progress() == 0.5);
    assertEquals(0.5, rig.status(first, failed).progress());
    Waiting.until("that on the disk",
        () -> FileJobStore.takeOver(rig.state(), "b").load(Set.of(held)).jobs().getFirst().state()
            .progress() == 0.5);
    ActorRef<CoordinatorMessage> second = rig.coordinator("c");
    assertEquals(0.5, rig.status(second, failed).progress());
    assertEquals(0.5, rig.status(second, held).progress());
    Files.createFile(gate);
    assertInstanceOf(JobEvent.Finished.class, rig.end(second, held));
    assertEquals(1, rig.status(second, held).progress());
  }

  @Test
  void shouldTellWhoComesAndGoesAlsoOfTheTimeBefore() throws Exception {
    ActorRef<CoordinatorMessage> first = rig.coordinator("a");
    ActorRef<NodeAgent.Command> agent = rig.agent(1);
    assertEquals(List.of("coordinates a", "joined node"), changes(first, "joined node"));
    ActorRef<CoordinatorMessage> second = rig.coordinator("b");
    assertEquals(List.of("coordinates a", "joined node", "coordinates b"), changes(second, "coordinates b"));
    rig.kit().stop(agent);
    assertEquals(List.of("coordinates a", "joined node", "coordinates b", "left node"), changes(second, "left node"));
  }

  /** Until one of them; without that the first coordinator is missed after a while. */
  private List<String> changes(ActorRef<CoordinatorMessage> coordinator, String last) {
    TestProbe<EventBatch> batches = rig.kit().createTestProbe(EventBatch.class);
    List<String> told = new ArrayList<>();
    for (long next = 0; !told.contains(last);) {
      coordinator.tell(new ClusterRequest.Follow(Optional.empty(), next, batches.getRef()));
      EventBatch batch = batches.receiveMessage(Duration.ofMinutes(3));
      next = batch.next();
      batch.events().stream().map(JobEventRecord::event).filter(JobEvent.ClusterChanged.class::isInstance)
          .map(JobEvent.ClusterChanged.class::cast)
          .forEach(event -> told.add(event.change().name().toLowerCase(java.util.Locale.ROOT) + " " + event.node()));
    }
    told.remove("left a");
    return told;
  }

  /** What an earlier instance of the same actor left in its mailbox. */
  @Test
  void shouldIgnoreNewsOfTheJobsBeforeItsRestart() throws Exception {
    ActorRef<CoordinatorMessage> coordinator = rig.coordinator("a");
    String id = rig.submit(coordinator, "kind = count, to = 2");
    ClusterJobs earlier = rig.earlierJobs();
    coordinator.tell(new CoordinatorNews.OfJobs(earlier, new CoordinatorNews.Check(null))); // it would fail
    Ownership old = Ownership.take(directory.resolve("other"), "numbers", "");
    Ownership.take(directory.resolve("other"), "numbers", "");
    coordinator.tell(new CoordinatorNews.OfJobs(earlier,
        new CoordinatorNews.Superseded(assertThrows(SupersededException.class, old::requireCurrent))));
    assertEquals(JobState.QUEUED, rig.status(coordinator, id).state());
  }

  @Test
  void shouldRefuseRequestsThatLackParts() {
    ActorRef<JobReply> replies = rig.kit().createTestProbe(JobReply.class).getRef();
    JobSpec toy = new JobSpec("toy-1", "toy", "{}", Map.of());
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(rig.kit().system()));
    for (WireMessage lacking : List.of(new ClusterRequest.DescribeJob(null, replies), new ClusterRequest.Describe(null),
        new JobOrder(null, "", "", "", false, JobTerms.usual()),
        new JobOrder(new JobSpec(null, "toy", "{}", Map.of()), "", "", "", false, JobTerms.usual())))
      assertTrue(serialization.deserialize(serialization.serialize(lacking).get(), lacking.getClass()).isFailure(),
          lacking::toString);
    JobOrder whole = new JobOrder(toy, "", "", "", false, JobTerms.usual());
    assertTrue(serialization.deserialize(serialization.serialize(whole).get(), JobOrder.class).isSuccess());
  }
}
