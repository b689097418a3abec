package org.halocline.sampler.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.layout.RankMemory;

/**
 * What the runtime keeps of a run of one command: a table for people and a summary for programs.
 *
 * @param ranks what the run cost, by rank
 */
record RunReport(JobContext job, ModelJob plan, SingleWork work, List<RunSummary> ranks) {
  /** Parts whose time is that of the simulation's steps. */
  private static final List<String> SIMULATED = List.of("forward", "reverse");

  private RunSummary first() {
    return ranks.getFirst();
  }

  /** What the lanes did in each part, by rank. */
  private Map<String, List<LaneUse>> lanes() {
    Map<String, List<LaneUse>> lanes = new LinkedHashMap<>();
    for (String part : first().lanes().keySet())
      lanes.put(part, ranks.stream().map(rank -> rank.lanes().get(part)).toList());
    return lanes;
  }

  /** By part, of the rank whose JVM collected most. */
  private Map<String, Collected> collections() {
    Map<String, Collected> most = new LinkedHashMap<>();
    for (RunSummary rank : ranks)
      rank.collections().forEach((part, collected) -> most.merge(part, collected, Collected::or));
    return most;
  }

  /** Of all ranks together, by phase. */
  private Map<String, Long> bytesMoved() {
    Map<String, Long> moved = new LinkedHashMap<>();
    for (RunSummary rank : ranks)
      rank.bytesSent().forEach((phase, bytes) -> moved.merge(phase, bytes, Long::sum));
    moved.values().removeIf(bytes -> bytes == 0);
    return moved;
  }

  private static long sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Planned bytes, but for the data, of the rank that has most of a kind. */
  private long most(ToLongFunction<RankMemory> kind) {
    Decomposition cut = plan.decomposition(job.layout());
    return IntStream.range(0, cut.ranks()).mapToObj(rank -> work.withoutData(plan.model(), cut, rank))
        .mapToLong(kind).max().orElseThrow();
  }

  String table() {
    StringBuilder table = new StringBuilder();
    first().results().forEach((name, value) -> line(table, name, "%s", value));
    first().lanes().forEach((part, use) -> line(table, part, "%9.3f s%s", use.seconds(), SIMULATED.contains(part)
        ? String.format(Locale.ROOT, ", %.1f ns a particle and step", use.seconds() * 1e9 / plan.model().updates())
        : ""));
    for (int rank = 0; rank < ranks.size(); rank++)
      for (String part : SIMULATED)
        if (ranks.get(rank).lanes().containsKey(part))
          line(table, "lane " + rank, "%s in %s", ranks.get(rank).lanes().get(part).shares(), part);
    Map<String, Collected> collections = collections();
    String collected = SIMULATED.stream()
        .filter(part -> collections.getOrDefault(part, Collected.NONE).count() > 0)
        .map(part -> part + " " + collections.get(part).words()).collect(Collectors.joining(", "));
    if (!collected.isEmpty())
      line(table, "collections", "%s", collected);
    line(table, "moved", "%9.1f MiB in %d exchanges", sum(bytesMoved()) / 0x1p20, first().exchanges());
    long device = most(RankMemory::deviceBytes);
    line(table, "memory", "%9.1f MiB a lane%s", (most(RankMemory::heapBytes) + most(RankMemory::nativeBytes)) / 0x1p20,
        device > 0 ? String.format(Locale.ROOT, ", %.1f MiB of its device", device / 0x1p20) : "");
    line(table, "results", "%s", String.join(", ", work.results()));
    return table.toString();
  }

  private static void line(StringBuilder table, String name, String format, Object... values) {
    table.append(String.format("%-12s ", name)).append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", job.spec().kind());
    document.put("layout", Map.of("domains", job.layout().domains(), "x", job.layout().x(), "y", job.layout().y()));
    document.putAll(first().results());
    Map<String, Double> seconds = new LinkedHashMap<>();
    first().lanes().forEach((part, use) -> seconds.put(part, use.seconds()));
    document.put("seconds", seconds);
    document.put("lanes", lanes());
    document.put("collections", collections());
    document.put("bytes-moved", sum(bytesMoved()));
    document.put("bytes-moved-by-phase", bytesMoved());
    document.put("exchanges", first().exchanges());
    document.put("memory", Map.of("device-bytes-a-lane", most(RankMemory::deviceBytes), "heap-bytes-a-lane",
        most(RankMemory::heapBytes), "native-bytes-a-lane", most(RankMemory::nativeBytes), "heap-used-bytes",
        Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()));
    document.putAll(plan.model().facts());
    document.put("warnings", plan.notes());
    document.put("results", work.results());
    return StrictJson.indented(document);
  }
}
