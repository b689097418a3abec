package org.halocline.runtime.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.halocline.runtime.files.AtomicFiles;

/**
 * What the nodes of one user on one host have taken of it, as a file a process: so that a second node that is told
 * nothing takes what is left, and does not promise the same cores and memory again. A file of a process that is gone
 * counts for nothing.
 *
 * @param cores taken by others
 * @param memoryBytes taken by others
 * @param nodes how many others
 * @param residentBytes of that memory, what the others have touched: it is missing from what the host calls available
 * @param gpus how many of the others have the host's GPUs
 */
public record HostShare(int cores, long memoryBytes, int nodes, long residentBytes, int gpus) {
  private static final HostShare NOBODY = new HostShare(0, 0, 0, 0, 0);
  /** A new node may claim so much of an equal share although nothing is left. */
  private static final int CROWDED = 4;

  /** How far two readings of a process's start may differ when the host's clock is set. */
  private static final long CLOCK_MILLIS = 5000;

  /**
   * What one node takes.
   *
   * @param gpus whether it takes the host's GPUs
   */
  public record Part(int cores, long memoryBytes, boolean gpus) {}

  private record Entry(Part part, long residentBytes) {}

  public static HostShare nobody() {
    return NOBODY;
  }

  /** Where nodes of this user note what they take. */
  public static Path usual() {
    return Path.of(System.getProperty("java.io.tmpdir"), "halocline-" + System.getProperty("user.name"), "nodes");
  }

  /** What other processes than this one have taken now. */
  public static HostShare others(Path folder, long pid) throws IOException {
    HostShare all = NOBODY;
    for (Entry entry : entries(folder, pid))
      all = new HostShare(all.cores + entry.part.cores, all.memoryBytes + entry.part.memoryBytes, all.nodes + 1,
          all.residentBytes + entry.residentBytes, all.gpus + (entry.part.gpus ? 1 : 0));
    return all;
  }

  /**
   * Decides what a process takes, and notes it, while no other node can decide: nodes that start at once see each
   * other.
   *
   * @param pid of the process that is or will be the node
   * @param part what the decision takes; empty where nothing comes of it
   */
  public static <T> T decide(Path folder, long pid, Function<HostShare, T> decision, Function<T, Optional<Part>> part)
      throws IOException {
    synchronized (HostShare.class) { // file locks are the process's
      prepare(folder);
      try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
          StandardOpenOption.WRITE); FileLock _ = channel.lock()) {
        T decided = decision.apply(others(folder, pid));
        Optional<Part> taken = part.apply(decided);
        if (taken.isPresent())
          note(folder, pid, taken.get());
        return decided;
      }
    }
  }

  /** No other user may say what this user's nodes have taken. */
  private static void prepare(Path folder) throws IOException {
    if (!Files.isDirectory(folder))
      Files.createDirectories(folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (!Files.isWritable(folder) || !Files.getOwner(folder).getName().equals(System.getProperty("user.name")))
      throw new IOException(folder + " is not this user's");
  }

  private static void note(Path folder, long pid, Part part) throws IOException {
    Path aside = folder.resolve(".aside");
    Files.writeString(aside,
        part.cores + " " + part.memoryBytes + " " + (part.gpus ? 1 : 0) + " " + startMillis(pid) + "\n");
    Files.move(aside, folder.resolve(Long.toString(pid)), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Entry> entries(Path folder, long own) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(folder))
      return entries;
    for (String name : AtomicFiles.names(folder).stream().filter(name -> name.matches("\\d{1,18}")).toList()) {
      Path file = folder.resolve(name);
      long pid = Long.parseLong(name);
      Optional<Part> part = ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
          ? read(file, pid)
          : Optional.empty();
      if (part.isEmpty())
        Files.deleteIfExists(file);
      else if (pid != own)
        entries.add(new Entry(part.get(), residentBytes(pid)));
    }
    return entries;
  }

  /** Empty where another process has come to the number. */
  private static Optional<Part> read(Path file, long pid) throws IOException {
    String[] words = Files.exists(file) ? Files.readString(file).strip().split(" ") : new String[0];
    for (String word : words)
      if (!word.matches("\\d{1,18}"))
        return Optional.empty();
    return words.length == 4 && Math.abs(Long.parseLong(words[3]) - startMillis(pid)) <= CLOCK_MILLIS
        ? Optional.of(new Part((int) Long.parseLong(words[0]), Long.parseLong(words[1]), words[2].equals("1")))
        : Optional.empty();
  }

  private static long startMillis(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant())
        .map(java.time.Instant::toEpochMilli).orElse(0L);
  }

  /** As far as the system tells. */
  private static long residentBytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines.filter(line -> line.startsWith("VmRSS:")).map(line -> line.replaceAll("\\D", ""))
          .filter(kib -> !kib.isEmpty()).mapToLong(kib -> Long.parseLong(kib) << 10).findFirst().orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }

  /** Of so many cores, what a node takes that asks for none: what is left, but at least one. */
  public int coresLeft(int all) {
    return Math.max(1, all - cores);
  }

  /**
   * Of so much memory, what a node takes that is told nothing. With every core it takes all of it; with some, a part
   * that goes with them and leaves room for one more; never more than the others have left, but at least a quarter of
   * an equal share.
   *
   * @param lanes of the node
   * @param hostCores of the host
   */
  public long memoryFor(long all, int lanes, int hostCores) {
    boolean whole = lanes >= hostCores && nodes == 0;
    long part = whole ? all : (long) (all * Math.min(1, lanes / (hostCores + 1.0)));
    return Math.max(all / ((long) CROWDED * (nodes + 1)), Math.min(part, all - memoryBytes));
  }
}
