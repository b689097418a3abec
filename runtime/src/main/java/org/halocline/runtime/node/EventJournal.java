package org.halocline.runtime.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.state.EventLog;
import org.halocline.runtime.state.EventNumber;
import org.halocline.runtime.state.JobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers events, keeps them, and tells them to whoever follows. News of progress is thinned out, the more the longer a job
 * runs, so that what is kept stays small. Owned by the coordinator.
 */
final class EventJournal {
  private static final Logger LOG = LoggerFactory.getLogger(EventJournal.class);
  private static final int REMEMBERED = 4096;
  private static final int MOST_IN_BATCH = 200;
  private static final int MOST_CHARACTERS = 32 << 10;
  private static final long BETWEEN_MILLIS = 1000;
  private static final int KEPT_OF_AN_AGE = 1000;

  private final JobStore store;
  private final DiskQueue disk;
  private final LongSupplier epochMillis;
  private final ArrayDeque<JobEventRecord> recent = new ArrayDeque<>();
  private final Map<String, EventLog> logs = new HashMap<>();
  private final Map<String, Long> firstAt = new HashMap<>();
  private final Map<String, Long> toldAt = new HashMap<>();
  private final Map<ActorRef<EventBatch>, ClusterRequest.Follow> followers = new LinkedHashMap<>();
  private long rememberedFrom;
  private long next;

  /**
   * @param before
   *          some events of the time before, in their order, for who follows all jobs; who follows one job gets all of its
   *          events, those of that time from the disk
   */
  EventJournal(JobStore store, DiskQueue disk, LongSupplier epochMillis, List<JobEventRecord> before) {
    this.store = store;
    this.disk = disk;
    this.epochMillis = epochMillis;
    this.next = EventNumber.first(store.incarnation());
    recent.addAll(before);
    this.rememberedFrom = next;
  }

  /** What cannot be kept is told all the same. */
  void add(String jobId, JobEvent event) {
    long now = epochMillis.getAsLong();
    if (isOften(event) && !isDue(jobId, event, now))
      return;
    JobEventRecord record = new JobEventRecord(next++, now, jobId, event);
    recent.add(record);
    if (recent.size() > REMEMBERED)
      rememberedFrom = Math.max(rememberedFrom, recent.remove().number() + 1);
    boolean lasting = !isOften(event) && !(event instanceof JobEvent.Waiting);
    EventLog log = logs.computeIfAbsent(jobId, store::events);
    disk.run(() -> {
      log.append(record, lasting);
      if (event.isLast())
        log.close();
      return true;
    }).whenComplete((_, problem) -> {
      if (problem != null)
        LOG.warn("event {} of job {} is not kept: {}", record.number(), jobId, problem.toString());
    });
    if (event.isLast()) {
      logs.remove(jobId);
      firstAt.remove(jobId);
      toldAt.keySet().removeIf(key -> key.startsWith(jobId + " "));
    }
    List.copyOf(followers.values()).forEach(this::answer);
  }

  private static boolean isOften(JobEvent event) {
    return event instanceof JobEvent.Checkpointed
        || (event instanceof JobEvent.Progress progress && !progress.source().equals("note"));
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
   * Answers from memory, now or later.
   *
   * @return events to be read from the disk first, where the question goes back further
   */
  Optional<CompletionStage<List<JobEventRecord>>> follow(ClusterRequest.Follow follow) {
    if (follow.jobId().isEmpty() || follow.from() >= rememberedFrom || !JobStore.isId(follow.jobId().get())) {
      answer(follow);
      return Optional.empty();
    }
    return Optional.of(disk.run(() -> store.events(follow.jobId().get()).read(follow.from(), MOST_IN_BATCH)));
  }

  /** What {@link #follow} found on the disk. */
  void answer(ClusterRequest.Follow follow, List<JobEventRecord> read) {
    if (read.isEmpty())
      answer(new ClusterRequest.Follow(follow.jobId(), Math.max(follow.from(), rememberedFrom), follow.replyTo()));
    else
      follow.replyTo().tell(batch(read));
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
    follow.replyTo().tell(batch(found));
  }

  void unfollow(ActorRef<EventBatch> follower) {
    followers.remove(follower);
  }

  /** As many of the first as one message holds. */
  private static EventBatch batch(List<JobEventRecord> events) {
    List<JobEventRecord> held = new ArrayList<>();
    int characters = 0;
    for (JobEventRecord record : events) {
      JobEventRecord fitting = new JobEventRecord(record.number(), record.atEpochMillis(), record.jobId(),
          shortened(record.event()));
      characters += 200 + size(fitting.event());
      if (!held.isEmpty() && characters > MOST_CHARACTERS)
        break;
      held.add(fitting);
    }
    return new EventBatch(held, held.getLast().number() + 1);
  }

  private static int size(JobEvent event) {
    return switch (event) {
      case JobEvent.Finished(String table, String summary) -> table.length() + summary.length();
      case JobEvent.AlreadyFinished(String table, String summary) -> table.length() + summary.length();
      case JobEvent.Progress progress -> progress.line().length() + 40 * progress.numbers().size();
      case JobEvent.Failed failed -> failed.message().length();
      case JobEvent.Planned planned -> planned.explanation().length();
      case JobEvent.Waiting(String why) -> why.length();
      case JobEvent.Interrupted(String why, _) -> why.length();
      case JobEvent.Cancelled(String reason) -> reason.length();
      case JobEvent.Recovered recovered -> recovered.recovery().cause().length();
      case JobEvent.Accepted _,JobEvent.Checkpointed _ -> 0;
    };
  }

  /** A summary may be longer than a message; it is in the run directory. */
  private static JobEvent shortened(JobEvent event) {
    if (size(event) <= MOST_CHARACTERS)
      return event;
    return switch (event) {
      case JobEvent.Finished _ -> new JobEvent.Finished("see table.txt\n", "{}");
      case JobEvent.AlreadyFinished _ -> new JobEvent.AlreadyFinished("see table.txt\n", "{}");
      case JobEvent.Progress(String source, String line, _) ->
        new JobEvent.Progress(source, cut(line), Map.of());
      case JobEvent.Failed(boolean badInput, String message) -> new JobEvent.Failed(badInput, cut(message));
      case JobEvent.Waiting(String why) -> new JobEvent.Waiting(cut(why));
      case JobEvent.Interrupted(String why, int restarts) -> new JobEvent.Interrupted(cut(why), restarts);
      case JobEvent.Cancelled(String reason) -> new JobEvent.Cancelled(cut(reason));
      default -> event;
    };
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS / 2 ? text : text.substring(0, MOST_CHARACTERS / 2) + " …";
  }
}
