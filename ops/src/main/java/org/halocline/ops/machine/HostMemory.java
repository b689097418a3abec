package org.halocline.ops.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory of this machine, or of the container that this process is confined to.
 *
 * @param totalBytes all of it
 * @param availableBytes what new processes can take now, without swapping and without anything being killed
 */
public record HostMemory(long totalBytes, long availableBytes) {
  private static final long KIB = 1L << 10;
  /** Version 1 says "no limit" by a number near 2^63. */
  private static final long NO_LIMIT = 1L << 60;

  public HostMemory {
    if (availableBytes < 0 || totalBytes < 0)
      throw new IllegalArgumentException(availableBytes + " of " + totalBytes + " bytes");
  }

  public static HostMemory now() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return read(Path.of("/proc"), Path.of("/sys/fs/cgroup"), system.getTotalMemorySize(), system.getFreeMemorySize());
  }

  /**
   * Reads a machine's files, as far as they are there.
   *
   * @param totalBytes where the files do not say
   * @param freeBytes where the files do not say
   */
  static HostMemory read(Path proc, Path cgroups, long totalBytes, long freeBytes) {
    long total = meminfo(proc, "MemTotal:").orElse(totalBytes);
    long available = meminfo(proc, "MemAvailable:").orElse(freeBytes);
    for (String line : lines(proc.resolve("self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3 || !fields[2].startsWith("/"))
        continue;
      boolean unified = fields[1].isEmpty();
      if (!unified && !List.of(fields[1].split(",")).contains("memory"))
        continue;
      Path root = unified ? cgroups : cgroups.resolve("memory");
      Path own = root.resolve(fields[2].substring(1)).normalize();
      for (Path group = own; group.startsWith(root); group = group.getParent()) {
        Limit limit = unified
            ? limit(group, "memory.max", "memory.current", "inactive_file")
            : limit(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
        total = Math.min(total, limit.bytes);
        available = Math.min(available, limit.left);
      }
    }
    return new HostMemory(total, Math.clamp(available, 0, total));
  }

  private record Limit(long bytes, long left) {}

  /**
   * Reads the limit of one group. Pages of files that no process has used lately count as free: the kernel drops them
   * first.
   */
  private static Limit limit(Path group, String max, String current, String inactive) {
    OptionalLong bytes = number(lines(group.resolve(max)));
    if (bytes.isEmpty() || bytes.getAsLong() >= NO_LIMIT)
      return new Limit(Long.MAX_VALUE, Long.MAX_VALUE);
    long used = number(lines(group.resolve(current))).orElse(0);
    long cached = number(lines(group.resolve("memory.stat")).stream().filter(line -> line.startsWith(inactive + " "))
        .map(line -> line.substring(inactive.length() + 1)).toList()).orElse(0);
    return new Limit(bytes.getAsLong(), Math.max(0, bytes.getAsLong() - Math.max(0, used - cached)));
  }

  /** The number on the first line; empty where there is none. */
  private static OptionalLong number(List<String> lines) {
    return lines.isEmpty() || !lines.getFirst().trim().matches("\\d{1,18}")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(lines.getFirst().trim()));
  }

  private static OptionalLong meminfo(Path proc, String name) {
    OptionalLong kib = number(lines(proc.resolve("meminfo")).stream().filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "")).toList());
    return kib.isPresent() && kib.getAsLong() < NO_LIMIT / KIB
        ? OptionalLong.of(kib.getAsLong() * KIB)
        : OptionalLong.empty();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException absent) {
      return List.of();
    }
  }
}
