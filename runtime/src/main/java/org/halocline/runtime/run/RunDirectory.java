package org.halocline.runtime.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.LockedFile;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.PendingFile;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.files.SupersededException;
import org.halocline.runtime.log.RunLog;

/**
 * Everything a run leaves on disk:
 *
 * <pre>
 * job.conf | job.json   the job as given
 * job.resolved.json     every setting, defaults filled in
 * manifest.json         state, incarnation, arithmetic, versions, input digests ({@link RunManifest})
 * run.log               what happened, of this job only ({@link RunLog})
 * checkpoints/NAME/     committed states ({@link CheckpointStore})
 * incarnations/000001   one empty file a start, created exclusively: the maker of the highest number owns the run
 * table.txt             results for people
 * summary.json          results for programs
 * …                     the job's own results, each complete or absent
 * .aside/000001/        files being written by that incarnation; taken away at the next start ({@link Ownership})
 * lock                  held by the process that runs it; never deleted
 * </pre>
 *
 * <p>
 * Thread-safe. The opener closes it, which gives the lock back.
 */
public final class RunDirectory implements AutoCloseable {
  static final String RESOLVED = "job.resolved.json";
  private static final String MANIFEST = "manifest.json";
  private static final String LOCK = "lock";
  private static final String LOG = "run.log";
  private static final String INCARNATIONS = "incarnations";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String ASIDE = ".aside";
  private static final String TABLE = "table.txt";
  private static final String SUMMARY = "summary.json";
  private static final Set<String> BEFORE_MANIFEST = Set.of(LOCK, LOG, INCARNATIONS, CHECKPOINTS, ASIDE, RESOLVED,
      "job.conf", "job.json");

  private final Path path;
  private Optional<LockedFile> lock;
  private final Clock clock;
  private Ownership owner;
  private RunManifest manifest;

  private RunDirectory(Path path, Optional<LockedFile> lock, Clock clock) {
    this.path = path;
    this.lock = lock;
    this.clock = clock;
  }

  /**
   * Looks whether {@link #open} would be refused, without changing or locking anything.
   *
   * @return problems, or empty
   */
  public static List<Problem> inspect(RunRequest request) {
    try {
      return switch (look(request)) {
        case Checked.Invalid<Look>(List<Problem> problems) -> problems;
        case Checked.Valid<Look>(Look look) -> look.done() ? List.of() : lacksSpace(request);
      };
    } catch (StorageException e) {
      return List.of(e.problem());
    }
  }

  /**
   * Makes or takes over a run directory, under an exclusive lock. In a cluster that hands its runs on, where another
   * member holds the lock, which may be stopped or out of reach, the directory is taken over from that member, which
   * can change nothing any more.
   *
   * @throws StorageException when the disk refuses
   * @throws SupersededException when a later coordinator of the same cluster runs there
   */
  public static Opening open(RunRequest request, Clock clock, Tenancy tenancy) throws StorageException {
    List<Problem> conflicts = look(request).problems();
    if (!conflicts.isEmpty())
      return new Opening.Refused(conflicts);
    Path path = request.path();
    Optional<LockedFile> lock = lock(path,
        (tenancy.inGroup() ? tenancy.note() + ", " : "") + "process " + ProcessHandle.current().pid());
    if (lock.isEmpty() && !tenancy.holds(LockedFile.holder(path.resolve(LOCK))))
      return new Opening.Refused(inUse(path));
    RunDirectory run = new RunDirectory(path, lock, clock);
    try {
      Opening opening = run.begin(request, tenancy);
      if (!(opening instanceof Opening.Opened))
        run.close();
      return opening;
    } catch (IOException e) {
      run.close();
      throw StorageException.of(path, "prepared", e);
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  private static Optional<LockedFile> lock(Path path, String holder) throws StorageException {
    try {
      AtomicFiles.createDirectories(path);
      return LockedFile.take(path.resolve(LOCK), holder);
    } catch (IOException e) {
      throw StorageException.of(path.resolve(LOCK), "locked", e);
    }
  }

  private Opening begin(RunRequest request, Tenancy tenancy) throws IOException {
    Checked<Look> seen = look(request);
    if (!seen.isValid())
      return new Opening.Refused(seen.problems());
    Look look = seen.orThrow();
    if (look.done())
      return new Opening.Finished(table(path), summary(path));
    List<Problem> space = lacksSpace(request);
    if (!space.isEmpty())
      return new Opening.Refused(space);
    owner = Ownership.take(path, INCARNATIONS, tenancy.note(), note -> !tenancy.isOlderThan(note));
    Files.createDirectories(path.resolve(CHECKPOINTS));
    String now = clock.instant().toString();
    if (look.former().isPresent() && look.former().get().state() == RunManifest.State.FINISHED) // before it does more
      writeManifest(look.former().get().with(RunManifest.State.RUNNING, "", now));
    write(request.givenName().endsWith(".json") ? "job.json" : "job.conf", request.givenText());
    write(RESOLVED, request.resolvedText());
    String started = look.former().map(RunManifest::started).orElse(now);
    writeManifest(new RunManifest(RunManifest.SCHEMA, request.id(), request.kind(), RunManifest.State.RUNNING,
        owner.number(), request.arithmetic(), started, now, "",
        RunManifest.currentVersions(), request.inputs()));
    return new Opening.Opened(this, look.former().isPresent());
  }

  /**
   * What stands in a directory before it is opened.
   *
   * @param former manifest of the run that has begun there; empty where none has
   * @param done whether nothing of that run is left to do
   */
  private record Look(Optional<RunManifest> former, boolean done) {}

  private static Checked<Look> look(RunRequest request) throws StorageException {
    Path path = request.path();
    if (Files.exists(path) && !Files.isDirectory(path))
      return Checked.invalid(
          Problem.of(path.toString(), "is a file, and the run needs a directory", "choose another --output"));
    Set<String> names = names(path);
    if (!names.contains(MANIFEST)) {
      boolean ours = names.contains(LOCK) && BEFORE_MANIFEST.containsAll(names);
      if (!names.isEmpty() && !ours)
        return Checked.invalid(
            Problem.of(path.toString(), "is not empty and is not a run of Halocline", "choose another --output"));
      if (request.resume() && !ours)
        return Checked.invalid(Problem.of(path.toString(), "holds no run to resume",
            "leave out --resume, or give the run's directory by --output"));
      return Checked.valid(new Look(Optional.empty(), false));
    }
    RunManifest manifest = readManifest(path);
    if (!request.resume())
      return Checked.invalid(new Problem(path.toString(), state(manifest), "holds a run already",
          "add --resume to go on with it, or choose another --output"));
    if (manifest.schema() > RunManifest.SCHEMA)
      return Checked.invalid(new Problem(path.resolve(MANIFEST).toString(), "schema " + manifest.schema(),
          "was written by a newer Halocline; this one knows schema "
              + RunManifest.SCHEMA,
          "resume with the version that began the run"));
    ResumeCheck.Found found = ResumeCheck.differences(request, manifest, textOr(path.resolve(RESOLVED), "{}"));
    if (!found.problems().isEmpty())
      return Checked.invalid(found.problems());
    return Checked.valid(
        new Look(Optional.of(manifest), manifest.state() == RunManifest.State.FINISHED && !found.grown()));
  }

  private static String state(RunManifest manifest) {
    return manifest.kind() + ", " + manifest.state().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static List<Problem> lacksSpace(RunRequest request) {
    Path there = request.path();
    while (there != null && !Files.exists(there))
      there = there.getParent();
    if (there == null)
      return List.of();
    try {
      long usable = Files.getFileStore(there).getUsableSpace();
      long expected = Math.max(0, request.expectedBytes() - held(request.path()));
      if (usable >= expected)
        return List.of();
      return List.of(Problem.of(request.path().toString(),
          "needs " + Bytes.text(expected) + " more, and less " + StorageException.SPACE + ": " + Bytes.text(usable),
          "free some space there, or choose another --output"));
    } catch (IOException e) {
      return List.of(StorageException.of(request.path(), "prepared", e).problem());
    }
  }

  /** What a run that goes on has on the disk already. */
  private static long held(Path path) throws IOException {
    if (!Files.isDirectory(path))
      return 0;
    try (Stream<Path> files = Files.walk(path)) {
      long bytes = 0;
      for (Path file : (Iterable<Path>) files::iterator)
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      return bytes;
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Set<String> names(Path path) throws StorageException {
    if (!Files.exists(path))
      return Set.of();
    try {
      return Set.copyOf(AtomicFiles.names(path));
    } catch (IOException e) {
      throw StorageException.of(path, "read", e);
    }
  }

  private static Problem inUse(Path path) {
    return new Problem(path.toString(), LockedFile.holder(path.resolve(LOCK)), "another process runs there",
        "wait for it or stop it, or choose another --output");
  }

  public Path path() {
    return path;
  }

  /** Grows with each start of this run; from 1. */
  public int incarnation() {
    return owner.number();
  }

  /** Whether no later start has taken the directory over; a hint, since that may happen at any time. */
  public boolean isCurrent() {
    return owner.isCurrent();
  }

  /** Whether a run has begun in a directory. */
  public static boolean holdsRun(Path path) {
    return Files.exists(path.resolve(MANIFEST));
  }

  /** Where a run keeps every setting of its job. */
  public static Path resolvedJob(Path path) {
    return path.resolve(RESOLVED);
  }

  /** Where a part of a run keeps its checkpoints. */
  public static Path checkpointsOf(Path path, String name) {
    return path.resolve(CHECKPOINTS).resolve(name);
  }

  /** What a finished run tells people; may be empty. */
  public static String table(Path path) {
    return textOr(path.resolve(TABLE), "");
  }

  /** What a finished run tells programs; may be empty. */
  public static String summary(Path path) {
    return textOr(path.resolve(SUMMARY), "");
  }

  /** Under which the run in a directory began; empty where there is none, or none can be read. */
  public static Optional<String> arithmetic(Path path) {
    try {
      return holdsRun(path)
          ? Optional.ofNullable(readManifest(path).arithmetic()).filter(begun -> !begun.isEmpty())
          : Optional.empty();
    } catch (StorageException e) {
      return Optional.empty(); // the next start there says what is wrong
    }
  }

  /** When the last checkpoint of any part of a run was committed, milliseconds since 1970; 0 where there is none. */
  public static long lastCheckpointEpochMillis(Path path) {
    long last = 0;
    try (Stream<Path> files = Files.walk(path.resolve(CHECKPOINTS), 2)) {
      for (Path file : files.filter(file -> file.getFileName().toString().endsWith(".json")).toList())
        last = Math.max(last, Files.getLastModifiedTime(file).toMillis());
    } catch (IOException | java.io.UncheckedIOException e) {
      org.slf4j.LoggerFactory.getLogger(RunDirectory.class).debug("no checkpoints in {}: {}", path, e.toString());
    }
    return last;
  }

  /** For the log's appender. */
  public Path logFile() {
    return path.resolve(LOG);
  }

  /** A file name of the run, such as that of a result or of a file that grows by appending. */
  public Path file(String name) {
    return path.resolve(checkName(name));
  }

  /** Begins a result; nothing is under its final name before it is committed. */
  public PendingFile pending(String name) {
    return owner.pending(checkName(name), path.resolve(name));
  }

  /** Writes a whole small result at once. */
  public void write(String name, String text) throws StorageException {
    owner.write(path.resolve(checkName(name)), name, text);
  }

  /**
   * The checkpoints of one part of the job, which commits them by itself.
   *
   * @param name such as "chain-3"
   */
  public CheckpointStore checkpoints(String name) throws StorageException {
    return CheckpointStore.open(path.resolve(CHECKPOINTS).resolve(checkName(name)), owner);
  }

  /** Writes table and summary, then marks the run finished: nothing can follow. */
  public void finish(String table, String summary) throws StorageException {
    if (!table.isEmpty())
      write(TABLE, table.endsWith("\n") ? table : table + "\n");
    if (!summary.isEmpty())
      write(SUMMARY, summary.endsWith("\n") ? summary : summary + "\n");
    become(RunManifest.State.FINISHED, "");
  }

  /** Marks how the run stands; a failed or cancelled one can be resumed. */
  public synchronized void become(RunManifest.State state, String message) throws StorageException {
    writeManifest(manifest.with(state, message, clock.instant().toString()));
  }

  private synchronized void writeManifest(RunManifest next) throws StorageException {
    try {
      write(MANIFEST, Json.INDENTED.writeValueAsString(next) + "\n");
    } catch (JsonProcessingException e) {
      throw StorageException.of(path.resolve(MANIFEST), "written", e);
    }
    manifest = next;
  }

  /** What the manifest of a run says, without opening it. */
  public static RunManifest readManifest(Path path) throws StorageException {
    Path file = path.resolve(MANIFEST);
    try {
      return Json.INDENTED.readValue(Files.readAllBytes(file), RunManifest.class);
    } catch (JsonProcessingException e) {
      throw new StorageException(Problem.of(file.toString(), "is not the manifest of a run",
          "start anew in another --output"));
    } catch (IOException e) {
      throw StorageException.of(file, "read", e);
    }
  }

  private static String textOr(Path file, String otherwise) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static String checkName(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\"))
      throw new IllegalArgumentException("\"" + name + "\" is not a plain file name");
    return name;
  }

  /** Gives the lock back. */
  @Override
  public synchronized void close() {
    lock.ifPresent(LockedFile::close);
    lock = Optional.empty();
  }

  @Override
  public String toString() {
    return path + " (incarnation " + owner.number() + ")";
  }
}
