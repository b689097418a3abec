package org.halocline.runtime.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.run.AtomicFiles;
import org.halocline.runtime.run.Ownership;
import org.halocline.runtime.run.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a cluster as one coordinator reads and writes them. Blocks on the disk. Once a later coordinator has taken over,
 * everything that would write throws {@link org.halocline.runtime.run.SupersededException} and changes nothing. One thread at
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

  private final StateDirectory directory;
  private final Ownership owner;
  private final String proof;
  private final long predecessorAlive;

  JobStore(StateDirectory directory, Ownership owner, String proof, long predecessorAlive) {
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

  static long lastAliveEpochMillis(Path coordinators) {
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

  /** All jobs, in the order of their submission. One that cannot be read is left out, with a warning. */
  public List<StoredJob> load() throws StorageException {
    List<Path> folders;
    try (Stream<Path> files = Files.list(directory.jobs())) {
      folders = files.toList();
    } catch (IOException e) {
      throw StorageException.of(directory.jobs(), "read", e);
    }
    List<StoredJob> jobs = new ArrayList<>();
    for (Path folder : folders)
      read(folder).ifPresent(jobs::add);
    jobs.sort(Comparator.comparingLong((StoredJob job) -> job.order().submittedEpochMillis())
        .thenComparing(job -> job.order().id()));
    return jobs;
  }

  private static Optional<StoredJob> read(Path folder) {
    try {
      StoredJob.Order order = JSON.readValue(Files.readAllBytes(folder.resolve(ORDER)), StoredJob.Order.class);
      if (order == null || order.order() == null || order.order().spec() == null || order.runDirectory() == null)
        throw new IOException("its order is incomplete");
      return Optional.of(new StoredJob(order, state(folder)));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it was never acknowledged
    } catch (IOException | RuntimeException e) {
      LOG.error("the job in {} cannot be read and is left alone: {}", folder, e.toString());
      return Optional.empty();
    }
  }

  /** An acknowledged job is not lost with its state: it begins as one that was just handed in, and finds its run directory. */
  private static StoredJob.State state(Path folder) {
    try {
      StoredJob.State state = JSON.readValue(Files.readAllBytes(folder.resolve(STATE)), StoredJob.State.class);
      if (state == null || state.state() == null || state.why() == null)
        throw new IOException("it is incomplete");
      return state;
    } catch (NoSuchFileException e) {
      return StoredJob.State.fresh();
    } catch (IOException | RuntimeException e) {
      LOG.error("the state of the job in {} cannot be read; the job is queued again: {}", folder, e.toString());
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

  /**
   * Looks whether there is a later coordinator, without writing anything.
   *
   * @throws org.halocline.runtime.run.SupersededException
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
      if (!Files.isDirectory(file.getParent())) {
        Files.createDirectories(file.getParent());
        AtomicFiles.syncDirectory(directory.jobs());
      }
      owner.write(file, aside, READABLE.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new StorageException(Problem.of(file.toString(), "cannot be written: " + e.getOriginalMessage(), ""));
    } catch (IOException e) {
      throw StorageException.of(file, "written", e);
    }
  }
}
