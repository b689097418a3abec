package org.halocline.runtime.coordinator;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.store.DiskQueue;
import org.halocline.runtime.store.JobKey;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.StoredJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that have ended. Of most of them it holds only the key, and reads the job from the disk when it is asked
 * for; of some, the newest among them, it also holds the last status. All methods are called on the coordinator's
 * thread.
 */
final class EndedJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndedJobs.class);
  /** Statuses in memory: some pages of a list. */
  static final int KNOWN = 5 * StatusReport.MOST_JOBS;

  private static final Duration READ_AGAIN = Duration.ofSeconds(10);

  private final ActorContext<CoordinatorMessage> context;
  private final JobStore store;
  private final Function<CoordinatorNews.JobNews, CoordinatorMessage> news;
  private final DiskQueue reader = new DiskQueue();
  private final Map<String, JobKey> keys = new HashMap<>();
  private final TreeSet<JobKey> newestFirst = new TreeSet<>(JobKey.NEWEST_FIRST);
  /** The status that was asked for last stays longest. */
  private final Map<String, JobStatus> known = new LinkedHashMap<>(16, 0.75f, true);
  private boolean reading;
  private long readAgainNanos = System.nanoTime();

  EndedJobs(ActorContext<CoordinatorMessage> context, JobStore store,
      Function<CoordinatorNews.JobNews, CoordinatorMessage> news) {
    this.context = context;
    this.store = store;
    this.news = news;
  }

  void add(Collection<JobKey> jobs) {
    for (JobKey job : jobs) {
      remove(job.id());
      keys.put(job.id(), job);
      newestFirst.add(job);
    }
  }

  void add(JobKey job, JobStatus last) {
    add(List.of(job));
    remember(last);
  }

  /** The job goes on. */
  void remove(String id) {
    Optional.ofNullable(keys.remove(id)).ifPresent(newestFirst::remove);
    known.remove(id);
  }

  Optional<JobKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  int size() {
    return keys.size();
  }

  Stream<JobKey> newestFirst() {
    return newestFirst.stream();
  }

  private void remember(JobStatus last) {
    known.put(last.id(), StatusReport.last(last));
    if (known.size() > KNOWN)
      known.remove(known.keySet().iterator().next());
  }

  /** The newest jobs whose status is in memory; the others of the newest are read for a later call. */
  List<JobStatus> newest(int most) {
    List<String> ids = newestFirst().limit(most).map(JobKey::id).toList();
    if (!reading && !known.keySet().containsAll(ids) && System.nanoTime() - readAgainNanos >= 0) {
      reading = true;
      read(Optional.empty(), ids);
    }
    return ids.stream().filter(known::containsKey).map(known::get).toList();
  }

  /** The newest jobs were read. */
  void readNewest(List<String> ids) {
    reading = false;
    readAgainNanos = System.nanoTime() + (known.keySet().containsAll(ids) ? 0 : READ_AGAIN.toNanos());
  }

  /**
   * The last statuses of those jobs that have ended, if all are in memory; else they are read, and {@link #statuses}
   * gives them then.
   */
  Optional<Map<String, JobStatus>> find(ClusterRequest asked, List<String> ids) {
    if (ids.stream().allMatch(id -> known.containsKey(id) || !keys.containsKey(id)))
      return Optional.of(statuses(ids, List.of()));
    read(Optional.of(asked), ids);
    return Optional.empty();
  }

  /** The last statuses of some jobs, without the jobs that the disk does not give. */
  Map<String, JobStatus> statuses(List<String> ids, List<StoredJob> read) {
    Map<String, JobStatus> found = new HashMap<>();
    ids.forEach(id -> Optional.ofNullable(known.get(id)).ifPresent(status -> found.put(id, status)));
    for (StoredJob job : read) {
      JobStatus status = new JobEntry(job, 0).status(List.of(), 0);
      found.put(status.id(), status);
      if (keys.containsKey(status.id()))
        remember(status);
    }
    return found;
  }

  /** Reads jobs whose status is not in memory, as far as the disk gives them. */
  private void read(Optional<ClusterRequest> asked, List<String> ids) {
    load(asked, ids,
        ids.stream().filter(id -> keys.containsKey(id) && !known.containsKey(id)).collect(Collectors.toSet()));
  }

  /** Reads a whole job that is submitted again. */
  void read(ClusterRequest.Submit asked) {
    String id = asked.order().spec().id();
    load(Optional.of(asked), List.of(id), Set.of(id));
  }

  private void load(Optional<ClusterRequest> asked, List<String> ids, Set<String> missing) {
    context.pipeToSelf(reader.run(() -> store.load(missing)), (found, problem) -> {
      if (problem != null)
        LOG.warn("jobs {} cannot be read: {}", missing, problem.toString());
      return news.apply(new CoordinatorNews.EndedRead(asked, ids, problem == null ? found.jobs() : List.of()));
    });
  }

  @Override
  public void close() {
    reader.close();
  }
}
