package org.halocline.runtime.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.state.StateDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EventJournalTest {
  private static final ActorTestKit KIT = ActorTestKit.create("journal",
      ConfigFactory.parseString("pekko.actor.provider = local, pekko.actor.testkit.typed.single-expect-default = 3 m")
          .withFallback(ConfigFactory.defaultReference()).resolve());
  private static final String JOB = "toy-1";

  @TempDir
  Path directory;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private JobStore store() throws Exception {
    FileJobStore before = FileJobStore.takeOver(StateDirectory.open(directory, "tea"), "a");
    try (EventLog log = new EventLog(before.events(JOB).orElseThrow(), before.incarnation())) {
      long number = EventNumber.first(before.incarnation());
      log.append(new JobEventRecord(number, 1, JOB, new JobEvent.Waiting("old")), true);
    }
    return FileJobStore.takeOver(StateDirectory.open(directory, "tea"), "b");
  }

  private static EventJournal.Read await(Optional<CompletionStage<EventJournal.Read>> reading) throws Exception {
    return reading.orElseThrow().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  /** However often it asks, there is one read; the newest question is the one that is answered. */
  @Test
  void shouldReadOnceAtATimeForEachWhoAsks() throws Exception {
    try (DiskQueue disk = new DiskQueue(); EventJournal journal = new EventJournal(store(), disk, () -> 7, List.of())) {
      TestProbe<EventBatch> asker = KIT.createTestProbe(EventBatch.class);
      CountDownLatch slow = new CountDownLatch(1);
      disk.run(() -> slow.await(3, TimeUnit.MINUTES));
      ClusterRequest.Follow first = new ClusterRequest.Follow(Optional.of(JOB), 0, asker.getRef());
      Optional<CompletionStage<EventJournal.Read>> reading = journal.follow(first);
      assertTrue(journal.follow(first).isEmpty());
      ClusterRequest.Follow newest = new ClusterRequest.Follow(Optional.of(JOB), 1, asker.getRef());
      assertTrue(journal.follow(newest).isEmpty());
      slow.countDown();
      Optional<CompletionStage<EventJournal.Read>> next = journal.answer(await(reading));
      asker.expectNoMessage(java.time.Duration.ofMillis(1));
      assertTrue(journal.answer(await(next)).isEmpty());
      assertEquals("old", ((JobEvent.Waiting) asker.receiveMessage().events().getFirst().event()).why());
    }
  }

  @Test
  void shouldForgetWhoAsksNoMore() throws Exception {
    try (DiskQueue disk = new DiskQueue(); EventJournal journal = new EventJournal(store(), disk, () -> 7, List.of())) {
      TestProbe<EventBatch> asker = KIT.createTestProbe(EventBatch.class);
      Optional<CompletionStage<EventJournal.Read>> reading = journal
          .follow(new ClusterRequest.Follow(Optional.of(JOB), 0, asker.getRef()));
      journal.unfollow(asker.getRef());
      assertTrue(journal.answer(await(reading)).isEmpty());
      asker.expectNoMessage(java.time.Duration.ofMillis(1));
    }
  }

  /** Reading does not hold up what is to be written. */
  @Test
  void shouldWriteWhileItReads() throws Exception {
    try (DiskQueue disk = new DiskQueue(); EventJournal journal = new EventJournal(store(), disk, () -> 7, List.of())) {
      TestProbe<EventBatch> asker = KIT.createTestProbe(EventBatch.class);
      journal.add(JOB, new JobEvent.Waiting("new"));
      EventJournal.Read read = await(journal.follow(new ClusterRequest.Follow(Optional.of(JOB), 0, asker.getRef())));
      assertEquals(2, read.events().orElseThrow().size(), "all that had happened when it was asked");
    }
  }
}
