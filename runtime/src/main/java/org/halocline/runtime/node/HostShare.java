package org.halocline.runtime.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the nodes of one user on one host have taken of it, as a file a process: so that a second node that is told nothing
 * takes what is left, and does not promise the same cores and memory again. A file of a process that is gone counts for
 * nothing.
 *
 * @param cores
 *          taken by others
 * @param memoryBytes
 *          taken by others
 * @param nodes
 *          how many others
 */
public record HostShare(int cores, long memoryBytes, int nodes) {

  /** This process has taken its part, until it is closed or the process ends. */
  public interface Taken extends AutoCloseable {
    @Override
    void close();
  }

  private record Entry(long pid, int cores, long memoryBytes) {}

  /** Where nodes of this user note what they take. */
  public static Path usual() {
    return Path.of(System.getProperty("java.io.tmpdir"), "halocline-" + System.getProperty("user.name"), "nodes");
  }

  /** What the others have taken now. */
  public static HostShare others(Path folder) throws IOException {
    int cores = 0;
    long memory = 0;
    int nodes = 0;
    for (Entry entry : entries(folder)) {
      cores += entry.cores();
      memory += entry.memoryBytes();
      nodes++;
    }
    return new HostShare(cores, memory, nodes);
  }

  /** Notes what this process takes. */
  public static Taken take(Path folder, int cores, long memoryBytes) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(Long.toString(ProcessHandle.current().pid()));
    try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE); FileLock _ = channel.lock()) {
      Files.writeString(file, cores + " " + memoryBytes + "\n");
    }
    return () -> {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        org.slf4j.LoggerFactory.getLogger(HostShare.class).warn("{} stays; it counts for nothing", file, e);
      }
    };
  }

  private static List<Entry> entries(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(folder))
      return entries;
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.getFileName().toString().matches("\\d{1,18}")).toList();
    }
    for (Path file : files) {
      long pid = Long.parseLong(file.getFileName().toString());
      boolean alive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
      String[] words = alive ? Files.readString(file).strip().split(" ") : new String[0];
      if (alive && pid != ProcessHandle.current().pid() && words.length == 2)
        entries.add(new Entry(pid, Integer.parseInt(words[0]), Long.parseLong(words[1])));
      else if (!alive)
        Files.deleteIfExists(file);
    }
    return entries;
  }

  /** Of so many cores, what a node that asks for none takes: what is left, but at least one. */
  public int coresLeft(int all) {
    return Math.max(1, all - cores);
  }

  /** Of so much memory, what a node takes that asks for none: what is left, but at least a quarter of an equal share. */
  public long memoryLeft(long all) {
    return Math.max(all / (4L * (nodes + 1)), all - memoryBytes);
  }
}
