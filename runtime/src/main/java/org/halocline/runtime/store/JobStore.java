package org.halocline.runtime.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.run.Tenancy;

/**
 * The jobs of a coordinator, as it reads and writes them. The store of a cluster blocks on the disk; once a later
 * coordinator has taken over, every method that would write throws
 * {@link org.halocline.runtime.files.SupersededException} and changes nothing. One thread at a time.
 */
public interface JobStore {
  /** The ids that may name a folder. */
  String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  /** How a coordinator gets its store, and thereby takes the jobs over from the coordinator before. */
  interface Source {

    /** @param node name of the node that coordinates */
    JobStore takeOver(String node) throws StorageException;
  }

  /**
   * Jobs as they were found.
   *
   * @param jobs in the order of their submission
   * @param ended jobs that {@link #markEnded} marks, newest first; nothing of them has been read
   * @param unread ids of jobs that the disk would not give now
   */
  record Found(List<StoredJob> jobs, List<JobKey> ended, Set<String> unread) {}

  /** Whether a job's id may name a folder. */
  static boolean isId(String id) {
    return id.matches(ID);
  }

  /** Whether jobs outlive the process: then a job that failed is started again. */
  default boolean outlives() {
    return tenancy().inGroup();
  }

  /** The incarnation of the coordinator: it grows with each. */
  default int incarnation() {
    return tenancy().coordinator();
  }

  /** How run directories are opened under this coordinator. */
  Tenancy tenancy();

  /** What a node reads in the state directory if it sees it. */
  String proof();

  /** Name of the node that coordinated before; empty where there was none. */
  String predecessor();

  /** When the coordinator before was last alive, milliseconds since 1970; 0 where there was none. */
  long predecessorAliveEpochMillis();

  /** Whether a request may change the cluster. */
  boolean isToken(String token);

  /** The run directory of an order. */
  Path run(JobOrder order);

  /** Why an order may not name this run directory. */
  Optional<Problem> forbids(Path run);

  /** The SHA-256 of an input, where the store knows it without reading the file. */
  Optional<String> digestOf(Path input);

  /** Shows that this coordinator is alive; only for the figures of its successor. */
  void beat() throws StorageException;

  /**
   * Looks whether there is a later coordinator, without writing anything.
   *
   * @throws org.halocline.runtime.files.SupersededException when there is
   */
  void requireCurrent() throws StorageException;

  /**
   * All jobs; of a job that has ended and whose end was told, only its key. A job whose order is broken is left out,
   * with a warning.
   */
  Found load() throws StorageException;

  /** Some jobs, ended or not; also for another thread than the one that writes. */
  Found load(Set<String> ids);

  /** Keeps an order; when this returns it is on disk, for this coordinator and every later one. */
  void keep(StoredJob.Order order) throws StorageException;

  /** Keeps the state of a job. */
  void keep(String jobId, StoredJob.State state) throws StorageException;

  /**
   * Notes that a job's last state and its last event are on the disk, so that no later coordinator need look. The note
   * need not outlast a power cut.
   */
  void markEnded(JobKey job) throws StorageException;

  /** Removes the note before an ended job goes on. When this returns, the note is gone for good. */
  void unmarkEnded(JobKey job) throws StorageException;

  /** What happens to a job, to be written. */
  EventLog events(String jobId);

  /** What happened to a job under all coordinators; also for another thread than the one that writes. */
  EventHistory history(String jobId);

  /** What happens to the cluster itself, to be written. */
  EventLog clusterEvents();

  /** What happened to the cluster itself under all coordinators. */
  EventHistory clusterHistory();
}
