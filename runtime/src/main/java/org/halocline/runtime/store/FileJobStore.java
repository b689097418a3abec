package org.halocline.runtime.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
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
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.run.Tenancy;
import org.halocline.runtime.state.StateDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a cluster in its state directory: files that only the newest coordinator can change ({@link Ownership}).
 */
public record FileJobStore(StateDirectory directory, Ownership owner, String proof, long predecessorAliveEpochMillis,
    String predecessor) implements JobStore {
  static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module())
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final ObjectReader STRICT = JSON.reader(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
  private static final ObjectMapper READABLE = JSON.copy().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Logger LOG = LoggerFactory.getLogger(FileJobStore.class);
  private static final String ORDER = "order.json";
  private static final String STATE = "state.json";
  private static final Pattern MARK = Pattern.compile("(\\d{13,18})-(" + ID + ")");

  /**
   * Takes the jobs over from the coordinator before, which can change nothing from then on.
   *
   * @param node name of the node that takes over
   */
  public static FileJobStore takeOver(StateDirectory directory, String node) throws StorageException {
    long alive = directory.lastAliveEpochMillis();
    String before = directory.coordinatingNode();
    Ownership owner = Ownership.take(directory.path(), StateDirectory.COORDINATOR, node + "\n");
    String proof = UUID.randomUUID().toString();
    owner.write(directory.path().resolve("proof"), "proof", proof);
    return new FileJobStore(directory, owner, proof, alive, before);
  }

  @Override
  public Tenancy tenancy() {
    return new Tenancy(directory.cluster(), owner.number());
  }

  @Override
  public boolean isToken(String token) {
    return directory.isToken(token);
  }

  @Override
  public Path run(JobOrder order) {
    return order.runDirectory().isEmpty()
        ? directory.run(order.spec().id())
        : FilePath.absolute(Path.of(order.runDirectory()));
  }

  @Override
  public Optional<Problem> forbids(Path run) {
    return directory.allowsRun(run)
        ? Optional.empty()
        : Optional.of(new Problem("output", run.toString(), "is not below " + directory.runFolders().stream()
            .map(Path::toString).collect(Collectors.joining(", ")) + ", where this cluster keeps runs",
            "leave it out and fetch the results, or start every node with --runs and a folder above it"));
  }

  @Override
  public Optional<String> digestOf(Path input) {
    return directory.blobs().digestOf(input);
  }

  @Override
  public void beat() throws StorageException {
    Path file = directory.coordinators().resolve(Ownership.text(owner.number()));
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      throw StorageException.of(file, "touched", e);
    }
  }

  @Override
  public Found load() throws StorageException {
    Set<String> open = names(at("jobs"));
    Map<String, JobKey> ended = new HashMap<>();
    for (String name : names(at("ended")))
      key(name).filter(key -> open.contains(key.id()))
          .ifPresent(key -> ended.merge(key.id(), key, BinaryOperator.minBy(JobKey.NEWEST_FIRST)));
    open.removeAll(ended.keySet());
    Found found = load(open);
    return new Found(found.jobs(), ended.values().stream().sorted(JobKey.NEWEST_FIRST).toList(), found.unread());
  }

  private static Set<String> names(Path folder) throws StorageException {
    try {
      return new HashSet<>(AtomicFiles.names(folder));
    } catch (IOException e) {
      throw StorageException.of(folder, "read", e);
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
    return at("ended").resolve(String.format(Locale.ROOT, "%013d-%s", job.submittedEpochMillis(), job.id()));
  }

  @Override
  public void markEnded(JobKey job) throws StorageException {
    owner.mark(mark(job), job.id() + "-ended");
  }

  @Override
  public void unmarkEnded(JobKey job) throws StorageException {
    try {
      if (Files.deleteIfExists(mark(job)))
        AtomicFiles.syncDirectory(at("ended"));
    } catch (IOException e) {
      throw StorageException.of(mark(job), "removed", e);
    }
  }

  /** A job that is marked has ended, also where its state says that it goes on. */
  private StoredJob ended(StoredJob job) {
    return job.state().state().isLast() || !Files.exists(mark(job.order().key()))
        ? job
        : new StoredJob(job.order(), StoredJob.State.lost());
  }

  @Override
  public Found load(Set<String> ids) {
    List<StoredJob> jobs = new ArrayList<>();
    Set<String> unread = new TreeSet<>();
    for (String id : ids)
      try {
        read(at("jobs").resolve(id)).map(this::ended).ifPresent(jobs::add);
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
      return Optional
          .of(new StoredJob(Objects.requireNonNull(STRICT.readValue(order.get(), StoredJob.Order.class), "order"),
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
      return Objects.requireNonNull(STRICT.readValue(bytes, StoredJob.State.class), "state");
    } catch (IOException | RuntimeException e) {
      LOG.error("the state of the job in {} is broken; the job is queued again: {}", folder, e.toString());
      return StoredJob.State.fresh();
    }
  }

  @Override
  public void keep(StoredJob.Order order) throws StorageException {
    write(folder(order.id()).resolve(ORDER), order.id() + "-" + ORDER, order);
  }

  @Override
  public void keep(String jobId, StoredJob.State state) throws StorageException {
    write(folder(jobId).resolve(STATE), jobId + "-" + STATE, state);
  }

  @Override
  public Optional<Path> events(String jobId) {
    return Optional
        .of(jobId.equals(EventJournal.CLUSTER) ? at("events") : folder(jobId).resolve("events"));
  }

  @Override
  public void requireCurrent() throws StorageException {
    owner.requireCurrent();
  }

  private Path at(String name) {
    return directory.path().resolve(name);
  }

  private Path folder(String jobId) {
    if (!JobStore.isId(jobId))
      throw new IllegalArgumentException("\"" + jobId + "\" is not the id of a job");
    return at("jobs").resolve(jobId);
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
