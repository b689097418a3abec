package org.halocline.runtime.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Slurm has given this process, as its environment says.
 *
 * @param jobId of the Slurm job
 * @param cores of this task
 * @param memoryBytes of this task, where Slurm limits it
 * @param hosts of the job, in Slurm's order
 */
public record SlurmAllocation(String jobId, OptionalInt cores, OptionalLong memoryBytes, List<String> hosts) {
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");
  private static final int MOST_HOSTS = 100_000;

  public SlurmAllocation {
    hosts = List.copyOf(hosts);
  }

  /** Empty outside of Slurm. */
  public static Optional<SlurmAllocation> of(Map<String, String> environment) {
    String job = environment.getOrDefault("SLURM_JOB_ID", "");
    if (job.isEmpty())
      return Optional.empty();
    OptionalInt cores = first(environment, "SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE");
    return Optional.of(new SlurmAllocation(job, cores, memory(environment, cores),
        hosts(environment.getOrDefault("SLURM_JOB_NODELIST", ""))));
  }

  private static OptionalInt first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.getOrDefault(name, "");
      if (value.matches("[1-9]\\d{0,5}"))
        return OptionalInt.of(Integer.parseInt(value));
    }
    return OptionalInt.empty();
  }

  /** Slurm counts in MiB; tasks of a node share its memory alike. */
  private static OptionalLong memory(Map<String, String> environment, OptionalInt cores) {
    OptionalInt ofCore = first(environment, "SLURM_MEM_PER_CPU");
    if (ofCore.isPresent() && cores.isPresent())
      return OptionalLong.of(((long) ofCore.getAsInt() << 20) * cores.getAsInt());
    String ofNode = environment.getOrDefault("SLURM_MEM_PER_NODE", "");
    if (!ofNode.matches("[1-9]\\d{0,9}"))
      return OptionalLong.empty();
    OptionalInt onNode = first(environment, "SLURM_CPUS_ON_NODE");
    long bytes = Long.parseLong(ofNode) << 20;
    return OptionalLong.of(onNode.isPresent() && cores.isPresent()
        ? bytes / Math.max(onNode.getAsInt(), cores.getAsInt()) * cores.getAsInt()
        : bytes);
  }

  /** "gpu[01-03,07],login" is gpu01, gpu02, gpu03, gpu07, login. */
  public static List<String> hosts(String list) {
    List<String> hosts = new ArrayList<>();
    for (String part : split(list)) {
      int open = part.indexOf('[');
      int close = part.lastIndexOf(']');
      if (open < 0 || close < open) {
        if (!part.isBlank())
          hosts.add(part.strip());
        continue;
      }
      for (String range : part.substring(open + 1, close).split(",")) {
        Matcher numbers = RANGE.matcher(range);
        if (!numbers.matches())
          continue;
        int from = Integer.parseInt(numbers.group(1));
        int to = numbers.group(2) == null ? from : Integer.parseInt(numbers.group(2));
        for (int i = from; i <= to && hosts.size() < MOST_HOSTS; i++)
          hosts.add(part.substring(0, open)
              + String.format(Locale.ROOT, "%0" + numbers.group(1).length() + "d", i) + part.substring(close + 1));
      }
    }
    return hosts;
  }

  /** At commas that are not in brackets. */
  private static List<String> split(String list) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(list.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(list.substring(from));
    return parts;
  }
}
