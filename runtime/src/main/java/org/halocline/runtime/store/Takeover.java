package org.halocline.runtime.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.run.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a coordinator finds of the time before it.
 *
 * @param jobs jobs that go on, and jobs that ended but were not marked as such
 * @param ended all other jobs, newest first; nothing of them was read
 * @param lastEnded the newest of those, which were read
 * @param events the last events of each job that goes on, in their order
 * @param checkpoints when each job that goes on wrote its last checkpoint, milliseconds since 1970; 0 for none
 * @param arithmetics the arithmetic of each run that has begun
 * @param untold last events that the coordinator before did not come to tell
 * @param unread ids of jobs that the disk would not give now
 * @param ofCluster the last events of the cluster itself, in their order
 */
public record Takeover(List<StoredJob> jobs, List<JobKey> ended, List<StoredJob> lastEnded, List<JobEventRecord> events,
    Map<String, Long> checkpoints,
    Map<String, String> arithmetics, Map<String, JobEvent> untold, Set<String> unread,
    List<JobEventRecord> ofCluster) {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
  private static final int EVENTS_A_JOB = 50;
  private static final int EVENTS_OF_CLUSTER = 1000;
  /** Nothing that ended so long before the coordinator did is untold. */
  private static final long TOLD_MILLIS = 60_000;

  /**
   * Reads it. A fault of one job does not hold up the others. Blocks on the disk.
   *
   * @param found the jobs, or some of them
   * @param statuses how many of the ended jobs to read
   */
  public static Takeover of(JobStore store, JobStore.Found found, int statuses) {
    List<StoredJob> jobs = found.jobs();
    List<JobEventRecord> events = new ArrayList<>();
    Map<String, Long> checkpoints = new TreeMap<>();
    Map<String, String> arithmetics = new TreeMap<>();
    Map<String, JobEvent> untold = new TreeMap<>();
    for (StoredJob job : jobs)
      try {
        String id = job.order().id();
        if (job.state().state().isLast())
          lacking(store, job).ifPresent(event -> untold.put(id, event));
        else {
          events.addAll(lastEvents(store, id, EVENTS_A_JOB));
          Path run = Path.of(job.order().runDirectory());
          checkpoints.put(id, RunDirectory.lastCheckpointEpochMillis(run));
          RunDirectory.arithmetic(run).ifPresent(begun -> arithmetics.put(id, begun));
        }
      } catch (RuntimeException e) {
        LOG.warn("what is left of job {} cannot be read", job.order().id(), e);
      }
    List<JobEventRecord> ofCluster = lastEvents(store, EventJournal.CLUSTER, EVENTS_OF_CLUSTER);
    events.addAll(ofCluster.subList(Math.max(0, ofCluster.size() - EVENTS_A_JOB), ofCluster.size()));
    events.sort(Comparator.comparingLong(JobEventRecord::number));
    Set<String> newest = found.ended().stream().limit(statuses).map(JobKey::id)
        .collect(Collectors.toSet());
    return new Takeover(jobs, found.ended(), store.load(newest).jobs(), events, checkpoints, arithmetics, untold,
        found.unread(), ofCluster);
  }

  private static Optional<JobEvent> lacking(JobStore store, StoredJob job) {
    long ended = job.state().endedEpochMillis().orElse(0);
    if (ended < store.predecessorAliveEpochMillis() - TOLD_MILLIS || isTold(store, job.order().id()))
      return Optional.empty();
    Path run = Path.of(job.order().runDirectory());
    return Optional.of(switch (job.state().state()) {
      case FINISHED -> new JobEvent.AlreadyFinished(RunDirectory.table(run), RunDirectory.summary(run));
      case CANCELLED -> new JobEvent.Cancelled(job.state().why());
      default -> new JobEvent.Failed(false, job.state().why());
    });
  }

  /** A log that cannot be read is left alone, so that the other jobs go on. */
  private static boolean isTold(JobStore store, String id) {
    try {
      List<JobEventRecord> last = new EventHistory(store.events(id).orElseThrow()).last(1);
      return !last.isEmpty() && last.getFirst().event().isLast();
    } catch (StorageException e) {
      LOG.warn("the events of job {} cannot be read: {}", id, e.getMessage());
      return true;
    }
  }

  private static List<JobEventRecord> lastEvents(JobStore store, String id, int most) {
    try {
      Optional<Path> folder = store.events(id);
      return folder.isPresent() ? new EventHistory(folder.get()).last(most) : List.of();
    } catch (StorageException e) {
      LOG.warn("the events of {} cannot be read: {}", id.isEmpty() ? "the cluster" : "job " + id, e.getMessage());
      return List.of();
    }
  }
}
