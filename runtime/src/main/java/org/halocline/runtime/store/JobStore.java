package org.halocline.runtime.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.state.StateDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a cluster as one coordinator reads and writes them. Blocks on the disk. Once a later coordinator has taken over,
 * everything that would write throws {@link org.halocline.runtime.files.SupersededException} and changes nothing. One thread at
 * a time.
 */
public final class JobStore {
  static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module())
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final ObjectMapper READABLE = JSON.copy().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);
  private static final String ORDER = "order.json";
  private static final String STATE = "state.json";
  private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final Pattern MARK = Pattern.compile("(\\d{13,18})-(" + ID + ")");

  private final StateDirectory directory;
  private final Ownership owner;
  private final String proof;
  private final long predecessorAlive;

  public JobStore(StateDirectory directory, Ownership owner, String proof, long predecessorAlive) {
    this.directory = directory;
    this.owner = owner;
    this.proof = proof;
    this.predecessorAlive = predecessorAlive;
  }

  /** When the coordinator before was last alive, milliseconds since 1970; 0 where there was none. */
  public long predecessorAliveEpochMillis() {
    return predecessorAlive;
  }

  /** Shows that this coordinator is alive; only for the figures of its successor. */
  public void beat() throws StorageException {
    Path file = directory.coordinators().resolve(String.format(Locale.ROOT, "%06d", incarnation()));
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      throw StorageException.of(file, "touched", e);
    }
  }

  public static long lastAliveEpochMillis(Path coordinators) {
    try {
      int last = Ownership.highest(coordinators);
      return last == 0
          ? 0
          : Files.getLastModifiedTime(coordinators.resolve(String.format(Locale.ROOT, "%06d", last))).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  public StateDirectory directory() {
    return directory;
  }

  /** Of the coordinator; grows with each. */
  public int incarnation() {
    return owner.number();
  }

  /** What a node reads in the directory if it sees it. */
  public String proof() {
    return proof;
  }

  /** Whether a job's id may name a folder. */
  public static boolean isId(String id) {
    return id.matches(ID);
  }

  /**
   * Jobs as they were found.
   *
   * @param jobs
   *          in the order of their submission
   * @param ended
   *          those that {@link #markEnded} marks, newest first; nothing of them has been read
   * @param unread
   *          ids of those that the disk would not give now
   */
  public record Found(List<StoredJob> jobs, List<JobKey> ended, Set<String> unread) {}

  /**
   * All jobs. Of jobs that have ended and whose end was told it has only the keys. A job whose order is broken is
   * left out, with a warning.
   */
  public Found load() throws StorageException {
    Set<String> open = names(directory.jobs());
    Map<String, JobKey> ended = new HashMap<>();
    for (String name : names(directory.ended()))
      key(name).filter(key -> open.contains(key.id()))
          .ifPresent(key -> ended.merge(key.id(), key, BinaryOperator.minBy(JobKey.NEWEST_FIRST)));
    open.removeAll(ended.keySet());
    Found found = load(open);
    return new Found(found.jobs(), ended.values().stream().sorted(JobKey.NEWEST_FIRST).toList(), found.unread());
  }

  private static Set<String> names(Path folder) throws StorageException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(HashSet::new));
    } catch (IOException e) {
      throw StorageException.of(folder, "read", e);
    } catch (UncheckedIOException e) {
      throw StorageException.of(folder, "read", e.getCause());
    }
  }

  private static Optional<JobKey> key(String name) {
    Matcher parts = MARK.matcher(name);
    return parts.matches()
        ? Optional.of(new JobKey(parts.group(2), Long.parseLong(parts.group(1))))
        : Optional.empty();
  }

  private Path mark(JobKey job) {
    folder(job.id());
    return directory.ended().resolve(String.format(Locale.ROOT, "%013d-%s", job.submittedEpochMillis(), job.id()));
  }

  /**
   * Notes that a job's last state and its last event are on the disk, so that no later coordinator need look. Whether the note
   * outlasts a power cut does not matter.
   */
  public void markEnded(JobKey job) throws StorageException {
    owner.mark(mark(job), job.id() + "-ended");
  }

  /** Before an ended job goes on: from then on it is read again. When this returns, the note is gone for good. */
  public void unmarkEnded(JobKey job) throws StorageException {
    try {
      if (Files.deleteIfExists(mark(job)))
        AtomicFiles.syncDirectory(directory.ended());
    } catch (IOException e) {
      throw StorageException.of(mark(job), "removed", e);
    }
  }

  /** A job that is marked has ended, whatever its state file says. */
  private StoredJob ended(StoredJob job) {
    return job.state().state().isLast() || !Files.exists(mark(job.order().key()))
        ? job
        : new StoredJob(job.order(), StoredJob.State.lost());
  }

  /** Some jobs, ended or not; also for another thread than the one that writes. */
  public Found load(Set<String> ids) {
    List<StoredJob> jobs = new ArrayList<>();
    Set<String> unread = new TreeSet<>();
    for (String id : ids)
      try {
        read(directory.jobs().resolve(id)).map(this::ended).ifPresent(jobs::add);
      } catch (IOException e) {
        LOG.error("job {} cannot be read now: {}", id, e.toString());
        unread.add(id);
      }
    jobs.sort(Comparator.comparingLong((StoredJob job) -> job.order().submittedEpochMillis())
        .thenComparing(job -> job.order().id()));
    return new Found(jobs, List.of(), unread);
  }

  private static Optional<StoredJob> read(Path folder) throws IOException {
    Optional<byte[]> order = bytes(folder.resolve(ORDER));
    if (order.isEmpty())
      return Optional.empty(); // it was never acknowledged
    Optional<byte[]> state = bytes(folder.resolve(STATE));
    try {
      return Optional.of(new StoredJob(JSON.readValue(order.get(), StoredJob.Order.class),
          state.map(bytes -> state(folder, bytes)).orElseGet(StoredJob.State::fresh)));
    } catch (IOException | RuntimeException e) {
      LOG.error("the job in {} is broken and is left alone: {}", folder, e.toString());
      return Optional.empty();
    }
  }

  private static Optional<byte[]> bytes(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * An acknowledged job is not lost with its state: it begins as one that was just handed in, and finds its run
   * directory.
   */
  private static StoredJob.State state(Path folder, byte[] bytes) {
    try {
      return Objects.requireNonNull(JSON.readValue(bytes, StoredJob.State.class), "state");
    } catch (IOException | RuntimeException e) {
      LOG.error("the state of the job in {} is broken; the job is queued again: {}", folder, e.toString());
      return StoredJob.State.fresh();
    }
  }

  /** Keeps an order; when this returns it is on disk, for this coordinator and every later one. */
  public void keep(StoredJob.Order order) throws StorageException {
    write(folder(order.id()).resolve(ORDER), order.id() + "-" + ORDER, order);
  }

  /** Keeps where a job stands. */
  public void keep(String jobId, StoredJob.State state) throws StorageException {
    write(folder(jobId).resolve(STATE), jobId + "-" + STATE, state);
  }

  /** What happened to a job, under all coordinators. */
  public EventLog events(String jobId) {
    return new EventLog(folder(jobId).resolve("events"), incarnation());
  }

  /** The same to be read, also by another thread than the one that writes. */
  public EventHistory history(String jobId) {
    return new EventHistory(folder(jobId).resolve("events"));
  }

  /** What happened to the cluster itself, under all coordinators. */
  public EventLog clusterEvents() {
    return new EventLog(directory.clusterEvents(), incarnation());
  }

  /** The same to be read. */
  public EventHistory clusterHistory() {
    return new EventHistory(directory.clusterEvents());
  }

  /**
   * Looks whether there is a later coordinator, without writing anything.
   *
   * @throws org.halocline.runtime.files.SupersededException
   *           when there is
   */
  public void requireCurrent() throws StorageException {
    owner.requireCurrent();
  }

  private Path folder(String jobId) {
    if (!isId(jobId))
      throw new IllegalArgumentException("\"" + jobId + "\" is not the id of a job");
    return directory.jobs().resolve(jobId);
  }

  private void write(Path file, String aside, Object value) throws StorageException {
    try {
      AtomicFiles.createDirectories(file.getParent());
      owner.write(file, aside, READABLE.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new StorageException(Problem.of(file.toString(), "cannot be written: " + e.getOriginalMessage(), ""));
    } catch (IOException e) {
      throw StorageException.of(file, "written", e);
    }
  }
}
