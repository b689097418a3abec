package org.halocline.runtime.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one part of a job. A checkpoint is a set of named parts:
 *
 * <pre>
 * 000002-000000017/        parts, written and fsynced one by one, by any process
 * 000002-000000017.json    lengths and CRC-32C of all parts: its rename is the commit
 * </pre>
 *
 * <p>
 * Names are incarnation and number, so a successor's commits rank above those of the incarnations before; in a run
 * directory those can commit nothing any more ({@link Ownership}). The last two are kept; a broken one is passed over
 * for the one before. One thread at a time; drafts may be written by many.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String NAME = "\\d{6}-\\d{9}";
  private static final String MANIFEST = NAME + "\\.json";
  private static final int KEPT = 2;

  private final Path directory;
  private final int incarnation;
  private final Function<String, Path> aside;
  private long number;

  /**
   * @param directory that is there
   * @param incarnation of the run directory; two stores of one directory never share one
   * @param aside where a commit is written before it gets its name
   */
  public CheckpointStore(Path directory, int incarnation, Function<String, Path> aside) {
    this.directory = directory;
    this.incarnation = incarnation;
    this.aside = aside;
  }

  /** What is in a checkpoint's json file. */
  private record Commit(int incarnation, long number, Map<String, String> attributes, Map<String, PartDigest> parts) {}

  /** Opens the store of a directory, which is made where needed; only the owner's commits get their names. */
  static CheckpointStore open(Path directory, Ownership owner) throws StorageException {
    try {
      Files.createDirectories(directory);
      AtomicFiles.syncDirectory(directory.getParent());
      return new CheckpointStore(directory, owner.number(),
          name -> owner.aside("checkpoint-" + directory.getFileName() + "-" + name));
    } catch (IOException e) {
      throw StorageException.of(directory, "made", e);
    }
  }

  /** The last whole checkpoint of a directory that is only looked at; empty where there is none. */
  public static Optional<Checkpoint> latestIn(Path directory) throws StorageException {
    return Files.isDirectory(directory)
        ? new CheckpointStore(directory, 0, directory::resolve).latest()
        : Optional.empty();
  }

  /**
   * Begins the next checkpoint. Drafts that were begun before and never committed are removed, but not a successor's.
   */
  public Draft begin() throws StorageException {
    number++;
    Path parts = directory.resolve(name(incarnation, number));
    try {
      removeDrafts();
      Files.createDirectory(parts);
      return new Draft(parts, number);
    } catch (IOException e) {
      throw StorageException.of(parts, "made", e);
    }
  }

  /** The last committed checkpoint whose parts are all whole. */
  public Optional<Checkpoint> latest() throws StorageException {
    for (Path manifest : manifests()) {
      Optional<Checkpoint> whole = verify(manifest);
      if (whole.isPresent())
        return whole;
    }
    return Optional.empty();
  }

  private Optional<Checkpoint> verify(Path manifest) {
    try {
      Commit commit = Json.INDENTED.readValue(Files.readAllBytes(manifest), Commit.class);
      Path parts = directory.resolve(name(commit.incarnation(), commit.number()));
      for (Map.Entry<String, PartDigest> part : commit.parts().entrySet()) {
        PartDigest found = PartDigest.of(parts.resolve(part.getKey()));
        if (!found.equals(part.getValue())) {
          LOG.warn(
              "checkpoint {} is passed over: {} has {} bytes with CRC-32C {}, and was committed with {} bytes and {}",
              parts, part.getKey(), found.bytes(),
              Long.toHexString(found.crc32c()), part.getValue().bytes(), Long.toHexString(part.getValue().crc32c()));
          return Optional.empty();
        }
      }
      return Optional
          .of(new Checkpoint(parts, commit.incarnation(), commit.number(), commit.attributes(), commit.parts()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("checkpoint {} is passed over: {}", manifest, e.toString());
      return Optional.empty();
    }
  }

  /** Newest first. */
  private List<Path> manifests() throws StorageException {
    return list(MANIFEST).sorted(Comparator.reverseOrder()).toList();
  }

  private Stream<Path> list(String pattern) throws StorageException {
    try {
      return AtomicFiles.names(directory).stream().filter(name -> name.matches(pattern)).map(directory::resolve);
    } catch (IOException e) {
      throw StorageException.of(directory, "read", e);
    }
  }

  private void removeDrafts() throws IOException {
    for (Path parts : list(NAME).filter(this::isOurs).toList())
      if (!Files.exists(directory.resolve(parts.getFileName() + ".json")))
        AtomicFiles.deleteTree(parts);
  }

  /** Of this incarnation or one before. */
  private boolean isOurs(Path named) {
    return Integer.parseInt(named.getFileName().toString().substring(0, 6)) <= incarnation;
  }

  private void removeOld() throws IOException {
    for (Path manifest : manifests().stream().skip(KEPT).filter(this::isOurs).toList()) {
      Files.deleteIfExists(manifest);
      String name = manifest.getFileName().toString();
      AtomicFiles.deleteTree(directory.resolve(name.substring(0, name.length() - ".json".length())));
    }
  }

  private static String name(int incarnation, long number) {
    return String.format(java.util.Locale.ROOT, "%06d-%09d", incarnation, number);
  }

  /** A checkpoint being written. Its methods may be called by any thread. */
  public final class Draft {
    private final Path parts;
    private final long draftNumber;
    private final Map<String, PartDigest> digests = new TreeMap<>();

    private Draft(Path parts, long draftNumber) {
      this.parts = parts;
      this.draftNumber = draftNumber;
    }

    /**
     * Where to write a part by other means, on any node; then {@link PartDigest#seal} it there and {@link #add} it
     * here.
     */
    public Path path(String part) {
      if (part.isEmpty() || part.startsWith(".") || part.contains("/"))
        throw new IllegalArgumentException("\"" + part + "\" is not a plain file name");
      return parts.resolve(part);
    }

    /** Notes a part that was written and sealed at its {@link #path}. */
    public synchronized void add(String part, PartDigest digest) {
      digests.put(part, digest);
    }

    public void write(String part, byte[] contents) throws StorageException {
      Path file = path(part);
      try {
        AtomicFiles.writeSynced(file, contents);
      } catch (IOException e) {
        throw StorageException.of(file, "written", e);
      }
      add(part, PartDigest.of(contents));
    }

    /** Makes it the last committed checkpoint; removes all but the last two. */
    public synchronized Checkpoint commit(Map<String, String> attributes) throws StorageException {
      Commit commit = new Commit(incarnation, draftNumber, new TreeMap<>(attributes), new TreeMap<>(digests));
      Path manifest = directory.resolve(name(incarnation, draftNumber) + ".json");
      try {
        AtomicFiles.syncDirectory(parts);
        AtomicFiles.write(manifest, aside.apply(manifest.getFileName().toString()),
            Json.INDENTED.writeValueAsBytes(commit));
        removeOld();
      } catch (IOException e) {
        throw StorageException.of(manifest, "written", e);
      }
      return new Checkpoint(parts, incarnation, draftNumber, attributes, digests);
    }
  }
}
