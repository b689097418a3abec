package org.halocline.runtime.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.run.Tenancy;

/**
 * The jobs of a coordinator, as it reads and writes them. The store of a cluster ({@link FileJobStore}) blocks on the
 * disk; once a later coordinator has taken over, every method that would write throws
 * {@link org.halocline.runtime.files.SupersededException} and changes nothing. One thread at a time.
 *
 * <p>
 * What a method does here is for a process that runs jobs for itself: its coordinator holds them in memory, and no
 * other coordinator ever takes them over. So nothing is kept, and run directories may lie anywhere.
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
  default Tenancy tenancy() {
    return Tenancy.alone();
  }

  /** What a node reads in the state directory if it sees it. */
  default String proof() {
    return "";
  }

  /** Name of the node that coordinated before; empty where there was none. */
  default String predecessor() {
    return "";
  }

  /** When the coordinator before was last alive, milliseconds since 1970; 0 where there was none. */
  default long predecessorAliveEpochMillis() {
    return 0;
  }

  /** Whether a request may change the cluster. */
  default boolean isToken(String token) {
    return true;
  }

  /** The run directory of an order. */
  default Path run(JobOrder order) {
    return FilePath.absolute(Path.of(order.runDirectory()));
  }

  /** Why an order may not name this run directory. */
  default Optional<Problem> forbids(Path run) {
    return Optional.empty();
  }

  /** The SHA-256 of an input, where the store knows it without reading the file. */
  default Optional<String> digestOf(Path input) {
    return Optional.empty();
  }

  /** Shows that this coordinator is alive; only for the figures of its successor. */
  default void beat() throws StorageException {}

  /**
   * Looks whether there is a later coordinator, without writing anything.
   *
   * @throws org.halocline.runtime.files.SupersededException when there is
   */
  default void requireCurrent() throws StorageException {}

  /**
   * All jobs; of a job that has ended and whose end was told, only its key. A job whose order is broken is left out,
   * with a warning.
   */
  default Found load() throws StorageException {
    return load(Set.of());
  }

  /** Some jobs, ended or not; also for another thread than the one that writes. */
  default Found load(Set<String> ids) {
    return new Found(List.of(), List.of(), Set.of());
  }

  /** Keeps an order; when this returns it is on disk, for this coordinator and every later one. */
  default void keep(StoredJob.Order order) throws StorageException {}

  default void keep(String jobId, StoredJob.State state) throws StorageException {}

  /**
   * Notes that a job's last state and its last event are on the disk, so that no later coordinator need look. The note
   * need not outlast a power cut.
   */
  default void markEnded(JobKey job) throws StorageException {}

  /** Removes the note before an ended job goes on. When this returns, the note is gone for good. */
  default void unmarkEnded(JobKey job) throws StorageException {}

  /**
   * Folder of the events of a job, or of the cluster itself ({@link EventJournal#CLUSTER}), for an {@link EventLog} and
   * an {@link EventHistory}; empty where they are not kept.
   */
  default Optional<Path> events(String jobId) {
    return Optional.empty();
  }
}
