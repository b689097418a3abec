package org.halocline.runtime.store;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.job.JobEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers events, keeps them, and tells them to their followers. Progress that is kept on the disk is thinned out, the
 * more the longer a job runs, so that the files stay small. Owned by the coordinator.
 */
public final class EventJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventJournal.class);
  /** In the place of a job's id, of what happens to the cluster. */
  public static final String CLUSTER = "";
  private static final int REMEMBERED = 4096;
  private static final int MOST_IN_BATCH = 200;
  private static final int MOST_LOGS = 64;
  private static final int MOST_HISTORIES = 32;
  private static final long BETWEEN_MILLIS = 1000;
  private static final int KEPT_OF_AN_AGE = 1000;

  private final JobStore store;
  private final DiskQueue disk;
  private final LongSupplier epochMillis;
  private final ArrayDeque<JobEventRecord> recent = new ArrayDeque<>();
  /** Of the newest first to be closed last. */
  private final Map<String, EventLog> logs = new LinkedHashMap<>(16, 0.75f, true);
  /** Long logs are read beside what is written, one after another. */
  private final DiskQueue reader = new DiskQueue();
  /** Of the reader's thread. */
  private final Map<String, EventHistory> histories = new LinkedHashMap<>(16, 0.75f, true);
  /** Clients that wait for the disk, and the newest question of each. */
  private final Map<ActorRef<EventBatch>, ClusterRequest.Follow> reading = new ConcurrentHashMap<>();
  private final Map<String, Long> firstAt = new HashMap<>();
  private final Map<String, Long> toldAt = new HashMap<>();
  private final Map<ActorRef<EventBatch>, ClusterRequest.Follow> followers = new LinkedHashMap<>();
  /** From here on all events are in memory; of those before, all are on the disk. */
  private long rememberedFrom;
  private long next;

  /**
   * @param before some events of the time before, in their order, for clients that follow all jobs; a client that
   * follows one job gets all of its events, the old ones from the disk
   */
  public EventJournal(JobStore store, DiskQueue disk, LongSupplier epochMillis, List<JobEventRecord> before) {
    this.store = store;
    this.disk = disk;
    this.epochMillis = epochMillis;
    this.next = EventNumber.first(store.incarnation());
    this.rememberedFrom = next;
    recent.addAll(before);
  }

  /** What cannot be kept is told all the same. Done once it is kept, or need not be; failed where it cannot be. */
  public CompletionStage<Boolean> add(String jobId, JobEvent event) {
    long now = epochMillis.getAsLong();
    if (store.outlives() && isOften(event) && !isDue(jobId, event, now))
      return CompletableFuture.completedFuture(true);
    JobEventRecord record = new JobEventRecord(next++, now, jobId, event);
    recent.add(record);
    if (recent.size() > REMEMBERED)
      rememberedFrom = Math.max(rememberedFrom, recent.remove().number() + 1);
    CompletionStage<Boolean> kept = store.events(jobId).map(folder -> keep(folder, record))
        .orElseGet(() -> CompletableFuture.completedFuture(true));
    if (event.isLast()) {
      logs.remove(jobId);
      firstAt.remove(jobId);
      toldAt.keySet().removeIf(key -> key.startsWith(jobId + " "));
    }
    List.copyOf(followers.values()).forEach(this::answer);
    return kept;
  }

  private CompletionStage<Boolean> keep(Path folder, JobEventRecord record) {
    boolean lasting = !isOften(record.event()) && !(record.event() instanceof JobEvent.Waiting);
    EventLog log = logs.computeIfAbsent(record.jobId(), _ -> new EventLog(folder, store.incarnation()));
    CompletionStage<Boolean> kept = disk.run(() -> {
      log.append(record, lasting);
      if (record.event().isLast())
        log.close();
      return true;
    });
    kept.whenComplete((_, problem) -> {
      if (problem != null)
        LOG.warn("event {} of job {} is not kept: {}", record.number(), record.jobId(), problem.toString());
    });
    if (logs.size() > MOST_LOGS) {
      EventLog eldest = logs.remove(logs.keySet().iterator().next());
      disk.run(() -> {
        eldest.close();
        return true;
      });
    }
    return kept;
  }

  /** Forgets the events of an earlier job of the same id. */
  public void forget(String jobId) {
    recent.removeIf(record -> record.jobId().equals(jobId));
  }

  private static boolean isOften(JobEvent event) {
    return event instanceof JobEvent.Checkpointed
        || (event instanceof JobEvent.Progress progress && !progress.isNote());
  }

  private boolean isDue(String jobId, JobEvent event, long now) {
    String source = event instanceof JobEvent.Progress progress
        ? progress.source()
        : "checkpoints of " + ((JobEvent.Checkpointed) event).source();
    long age = now - firstAt.computeIfAbsent(jobId, _ -> now);
    String key = jobId + " " + source;
    if (now - toldAt.getOrDefault(key, Long.MIN_VALUE / 2) < Math.max(BETWEEN_MILLIS, age / KEPT_OF_AN_AGE))
      return false;
    toldAt.put(key, now);
    return true;
  }

  /**
   * Events from before those in memory.
   *
   * @param wholeTo number up to which these are all that there are, unless there were more than were asked for
   * @param events empty when the disk refused
   */
  public record Read(ClusterRequest.Follow follow, long wholeTo, Optional<List<JobEventRecord>> events) {}

  /**
   * Answers from memory, now or later.
   *
   * @return what is to be handed to {@link #answer(Read)} first, where the question goes back further
   */
  public Optional<CompletionStage<Read>> follow(ClusterRequest.Follow follow) {
    if (follow.jobId().isEmpty() || follow.from() >= rememberedFrom || !JobStore.isId(follow.jobId().get())
        || !store.outlives()) {
      answer(follow);
      return Optional.empty();
    }
    // One question at a time of each client: the newest is answered once the one before has been read.
    return reading.put(follow.replyTo(), follow) == null ? Optional.of(read(follow)) : Optional.empty();
  }

  /** Not before all that has happened until now is written. */
  private CompletionStage<Read> read(ClusterRequest.Follow follow) {
    long to = rememberedFrom;
    String jobId = follow.jobId().orElseThrow();
    return disk.run(() -> true).handle((_, _) -> true).thenCompose(_ -> reader.run(() -> reading
        .containsKey(follow.replyTo()) ? history(jobId).read(follow.from(), MOST_IN_BATCH) : List.<JobEventRecord>of()))
        .handle((events, problem) -> {
          if (problem != null)
            LOG.warn("the events of job {} cannot be read: {}", jobId, problem.toString());
          return new Read(follow, to, Optional.ofNullable(events));
        });
  }

  private EventHistory history(String jobId) {
    EventHistory history = histories.computeIfAbsent(jobId,
        id -> new EventHistory(store.events(id).orElseThrow()));
    if (histories.size() > MOST_HISTORIES)
      histories.remove(histories.keySet().iterator().next());
    return history;
  }

  /**
   * Answers with what {@link #follow} found on the disk; where the disk refused, a client that asks again is told.
   *
   * @return as {@link #follow}
   */
  public Optional<CompletionStage<Read>> answer(Read read) {
    ClusterRequest.Follow follow = read.follow();
    ClusterRequest.Follow newest = reading.remove(follow.replyTo());
    if (newest == null || read.events().isEmpty())
      return Optional.empty();
    if (!newest.equals(follow))
      return follow(newest);
    if (read.events().get().isEmpty())
      return follow(
          new ClusterRequest.Follow(follow.jobId(), Math.max(follow.from(), read.wholeTo()), follow.replyTo()));
    follow.replyTo().tell(EventPacking.batch(read.events().get()));
    return Optional.empty();
  }

  private void answer(ClusterRequest.Follow follow) {
    List<JobEventRecord> found = new ArrayList<>();
    for (JobEventRecord record : recent) {
      if (record.number() >= follow.from() && follow.jobId().map(record.jobId()::equals).orElse(true))
        found.add(record);
      if (found.size() == MOST_IN_BATCH)
        break;
    }
    if (found.isEmpty()) {
      followers.put(follow.replyTo(), follow);
      return;
    }
    followers.remove(follow.replyTo());
    follow.replyTo().tell(EventPacking.batch(found));
  }

  public void unfollow(ActorRef<EventBatch> follower) {
    followers.remove(follower);
    reading.remove(follower);
  }

  @Override
  public void close() {
    reader.close();
  }
}
