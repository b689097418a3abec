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
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.store.DiskQueue;
import org.halocline.runtime.store.JobKey;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.StoredJob;

/**
 * The jobs that have ended. Of most it holds only the keys, and reads the rest from the disk when a client asks; of
 * some, the newest among them, it also holds the last status. All methods are called on the coordinator's thread.
 */
final class EndedJobs implements AutoCloseable {
  /** Statuses in memory: some pages of a list. */
  static final int KNOWN = 5 * StatusReport.MOST_JOBS;

  private static final Duration READ_AGAIN = Duration.ofSeconds(10);

  /** To be done on the coordinator's thread. */
  interface Acts {
    CoordinatorMessage act(Runnable work);
  }

  private final ActorContext<CoordinatorMessage> context;
  private final JobStore store;
  private final Acts acts;
  private final DiskQueue reader = new DiskQueue();
  private final Map<String, JobKey> keys = new HashMap<>();
  private final TreeSet<JobKey> newestFirst = new TreeSet<>(JobKey.NEWEST_FIRST);
  /** The job that was asked for last stays longest. */
  private final Map<String, JobStatus> known = new LinkedHashMap<>(16, 0.75f, true);
  private boolean reading;
  private long readAgainNanos = System.nanoTime();

  EndedJobs(ActorContext<CoordinatorMessage> context, JobStore store, Acts acts) {
    this.context = context;
    this.store = store;
    this.acts = acts;
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

  /** It goes on. */
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

  /** Those of the newest whose status is in memory; any that is not will be by and by. */
  List<JobStatus> newest(int most) {
    List<String> ids = newestFirst().limit(most).map(JobKey::id).toList();
    if (!reading && !known.keySet().containsAll(ids) && System.nanoTime() - readAgainNanos >= 0) {
      reading = true;
      statuses(ids, found -> {
        reading = false;
        readAgainNanos = System.nanoTime() + (found.keySet().containsAll(ids) ? 0 : READ_AGAIN.toNanos());
      });
    }
    return ids.stream().filter(known::containsKey).map(known::get).toList();
  }

  /** The last statuses of some by their ids, now or once they are read; without those that the disk does not give. */
  void statuses(List<String> ids, Consumer<Map<String, JobStatus>> then) {
    Map<String, JobStatus> found = new HashMap<>();
    ids.forEach(id -> Optional.ofNullable(known.get(id)).ifPresent(status -> found.put(id, status)));
    Set<String> missing = ids.stream().filter(id -> !found.containsKey(id)).collect(Collectors.toSet());
    if (missing.isEmpty()) {
      then.accept(found);
      return;
    }
    read(missing, jobs -> {
      for (StoredJob job : jobs) {
        JobStatus status = new JobEntry(job, 0).status(List.of(), 0);
        found.put(status.id(), status);
        if (keys.containsKey(status.id()))
          remember(status);
      }
      then.accept(found);
    });
  }

  /** Reads some, as far as the disk gives them. */
  void read(Set<String> ids, Consumer<List<StoredJob>> then) {
    context.pipeToSelf(reader.run(() -> store.load(ids)), (found, problem) -> acts.act(() -> {
      if (problem != null)
        context.getLog().warn("jobs {} cannot be read: {}", ids, problem.toString());
      then.accept(problem == null ? found.jobs() : List.of());
    }));
  }

  /** Reads no more. */
  @Override
  public void close() {
    reader.close();
  }
}
