package org.halocline.runtime.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.LockedFile;
import org.halocline.runtime.files.Ownership;
import org.halocline.runtime.files.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a cluster keeps on disk, in a directory that every node which may coordinate sees:
 *
 * <pre>
 * cluster               name of the cluster
 * identity              random; tells this directory from any other of the same name
 * token                 lets its holder change things; only its owner can read it
 * coordinator/000003    one file a coordinator ({@link Ownership}); .aside/000003 is where that one writes
 * proof                 random, by the coordinator: a node that reads it back sees the directory
 * jobs/ID/order.json    the job as it was handed in
 * jobs/ID/state.json    where it stands
 * jobs/ID/events/       000003.jsonl: what happened to it under that coordinator
 * events/               the same of the cluster itself: nodes come and go
 * ended/MILLIS-ID       that it has ended and that its end was told; empty, and named by when it was submitted
 * runs/ID/              its run directory, where the order named no other
 * blobs/                inputs by SHA-256
 * slots/                a file a node: numbers of data planes
 * founding              locked by a node that begins a cluster ({@link #found})
 * lives/                a file a node, locked while its process lives ({@link ProcessLock})
 * lease/                which side goes on after a partition
 * </pre>
 *
 * <p>
 * Immutable and thread-safe.
 */
public final class StateDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
  private static final int TOKEN_BYTES = 32;
  private static final long DEAD_MILLIS = 60_000;
  private static final long NO_SIGN_NS = 4_000_000_000L;
  private static final long NO_SIGN_OF_THE_LIVING_NS = 20_000_000_000L;
  private static final long LOOK_EVERY_MILLIS = 100;
  /** Folder of the numbers of the coordinators. */
  public static final String COORDINATOR = "coordinator";
  private static final String LIVES = "lives";
  private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PRIVATE_DIRECTORY = PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final List<Path> runs;
  private final String cluster;
  private final String identity;
  private final String token;

  private StateDirectory(Path path, List<Path> runs, String cluster, String identity, String token) {
    this.path = path;
    this.runs = List.copyOf(runs);
    this.cluster = cluster;
    this.identity = identity;
    this.token = token;
  }

  /**
   * Where a cluster's state goes unless a directory is named:
   * {@code ${XDG_STATE_HOME:-$HOME/.local/state}/halocline/NAME}, as the shell and other programs understand them; the
   * home of the password file only where {@code HOME} is not set.
   */
  public static Path usual(String cluster, Map<String, String> environment) {
    return absolute(environment, "XDG_STATE_HOME").orElseGet(
        () -> absolute(environment, "HOME").orElseGet(() -> Path.of(System.getProperty("user.home"))).resolve(".local")
            .resolve("state"))
        .resolve("halocline").resolve(cluster);
  }

  private static Optional<Path> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(text -> text.startsWith("/")).map(Path::of);
  }

  /**
   * Opens the directory and makes what is missing of it. Several processes may do so at once.
   *
   * @throws StorageException when it belongs to another cluster, when its token can be read by others, or when the disk
   * refuses
   */
  public static StateDirectory open(Path directory, String cluster) throws StorageException {
    Path path = FilePath.absolute(directory);
    try {
      if (!Files.isDirectory(path))
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
      String name = once(path, "cluster", cluster);
      if (!name.equals(cluster))
        throw new StorageException(new Problem("state", path.toString(),
            "is the state directory of cluster " + name + ", and this node is to be of cluster " + cluster,
            "give --state another directory, or --cluster " + name));
      String identity = once(path, "identity", UUID.randomUUID().toString());
      String token = once(path, "token", newToken());
      requirePrivate(path.resolve("token"));
      if (!token.matches("[0-9a-f]{" + 2 * TOKEN_BYTES + "}"))
        throw new StorageException(new Problem(path.resolve("token").toString(), token.length() + " characters",
            "is not a token of " + 2 * TOKEN_BYTES + " hexadecimal digits",
            "remove the file while no node runs; the next one that starts makes another"));
      for (String folder : new String[]{"jobs", "ended", "runs", "blobs", "lease"})
        Files.createDirectories(path.resolve(folder));
      return new StateDirectory(path, List.of(path.resolve("runs")), cluster, identity, token);
    } catch (IOException e) {
      throw StorageException.of(path, "prepared as a state directory", e);
    }
  }

  /** Lets jobs name run directories below these folders too. */
  public StateDirectory allowing(List<Path> folders) {
    List<Path> all = new ArrayList<>(runs);
    all.addAll(folders);
    return new StateDirectory(path, all, cluster, identity, token);
  }

  /** Below which run directories may be named from outside. */
  public List<Path> runFolders() {
    return runs;
  }

  /** Whether a job from outside may name a run directory, after all links are followed. */
  public boolean allowsRun(Path directory) {
    return runs.stream().anyMatch(folder -> FilePath.isBelow(directory, folder));
  }

  /** It cannot be guessed. */
  public static String newToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** The text of a small file that the first process writes; no process ever sees half of it. */
  private static String once(Path directory, String name, String text) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      Path aside = Files.createTempFile(directory, "." + name, "", PosixFilePermissions.asFileAttribute(PRIVATE));
      try {
        AtomicFiles.writeSynced(aside, (text + "\n").getBytes(StandardCharsets.UTF_8));
        Files.createLink(file, aside);
        AtomicFiles.syncDirectory(directory);
      } catch (FileAlreadyExistsException e) {
        // another node was faster; its text counts
      } finally {
        Files.deleteIfExists(aside);
      }
    }
    return Files.readString(file).strip();
  }

  private static void requirePrivate(Path token) throws IOException {
    if (!AtomicFiles.isPrivate(token))
      throw new StorageException(new Problem(token.toString(), PosixFilePermissions.toString(
          Files.getPosixFilePermissions(token)), "can be read or changed by others than its owner",
          "chmod 600 " + token + ", and change its contents if others may have read them"));
  }

  public Path path() {
    return path;
  }

  public String cluster() {
    return cluster;
  }

  /** Tells this directory from any other: nodes with another identity do not see the same files. */
  public String identity() {
    return identity;
  }

  /** The secret of clients that may change things. */
  public String token() {
    return token;
  }

  /** Whether this is the token; takes the same time for every wrong one. */
  public boolean isToken(String candidate) {
    return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  public Path coordinators() {
    return path.resolve(COORDINATOR);
  }

  /** What the present coordinator wrote; empty if nothing can be read. */
  public String proof() {
    try {
      return Files.readString(path.resolve("proof")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The run directory of a job that names none. */
  public Path run(String jobId) {
    return path.resolve("runs").resolve(jobId);
  }

  /**
   * Where the coordinator is, if it shows signs of life: it gives one a second. Blocks for some seconds where the last
   * one was given not long ago.
   *
   * @return host:port of its node
   */
  public Optional<String> liveCoordinator() throws InterruptedException {
    long from = System.nanoTime();
    long alive = lastAliveEpochMillis();
    String node = coordinatingNode();
    if (node.isEmpty()
        || (Math.abs(System.currentTimeMillis() - alive) > DEAD_MILLIS && signOf(node) != ProcessLock.Sign.HELD))
      return Optional.empty();
    while (lastAliveEpochMillis() == alive) {
      // A process that lives may only be slow: a second cluster beside its own would be worse than waiting.
      long patience = signOf(node) == ProcessLock.Sign.HELD ? NO_SIGN_OF_THE_LIVING_NS : NO_SIGN_NS;
      if (System.nanoTime() - from > patience)
        return Optional.empty();
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
    return Optional.of(coordinatingNode()).filter(name -> !name.isEmpty());
  }

  /** When the last coordinator was alive, milliseconds since 1970; 0 where there was none. */
  public long lastAliveEpochMillis() {
    try {
      Optional<Path> last = lastCoordinator();
      return last.isPresent() ? Files.getLastModifiedTime(last.get()).toMillis() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** host:port of the node of the last coordinator there was; empty if there was none. */
  public String coordinatingNode() {
    try {
      Optional<Path> last = lastCoordinator();
      return last.isPresent() ? Files.readString(last.get()).strip() : "";
    } catch (IOException e) {
      return "";
    }
  }

  private Optional<Path> lastCoordinator() throws IOException {
    int last = Ownership.highest(coordinators());
    return last == 0 ? Optional.empty() : Optional.of(coordinators().resolve(Ownership.text(last)));
  }

  /**
   * A number that no other node of the cluster has now, for its data plane.
   *
   * @param most the largest
   */
  public int claimSlot(int most) throws StorageException {
    Path slots = path.resolve("slots");
    try {
      Files.createDirectories(slots);
      for (int slot = 0; slot <= most; slot++)
        try {
          Files.createFile(slots.resolve(Integer.toString(slot)));
          return slot;
        } catch (FileAlreadyExistsException e) {
          // another node's, or left behind by one that was killed
        }
      throw new StorageException(new Problem(slots.toString(), most + 1 + " files", "are as many as there can be",
          "remove them while no node runs"));
    } catch (IOException e) {
      throw StorageException.of(slots, "written", e);
    }
  }

  public void releaseSlot(int slot) {
    try {
      Files.deleteIfExists(path.resolve("slots").resolve(Integer.toString(slot)));
    } catch (IOException e) {
      LOG.warn("slot {} stays taken", slot, e);
    }
  }

  /**
   * The right to begin a cluster where none lives, which one process has at a time: of several that start at once the
   * others wait, and then find the cluster. It goes with the process.
   *
   * @return empty while another process has it
   */
  public Optional<LockedFile> found() {
    Path file = path.resolve("founding");
    try {
      return LockedFile.take(file, "");
    } catch (IOException e) {
      LOG.warn("{} cannot be locked: nodes that start at the same moment may not find each other", file, e);
      return Optional.of(LockedFile.none(file));
    }
  }

  /** Shows that a node lives, until it is closed or the process ends. */
  public ProcessLock lives(String node) throws StorageException {
    return ProcessLock.take(path.resolve(LIVES), node);
  }

  /** What the sign of life of a node is now. Blocks on the disk. */
  public ProcessLock.Sign signOf(String node) {
    return ProcessLock.look(path.resolve(LIVES), node);
  }

  public BlobStore blobs() {
    return new BlobStore(path.resolve("blobs"));
  }

  /** Of {@link FileLease}. */
  public Path lease() {
    return path.resolve("lease");
  }
}
