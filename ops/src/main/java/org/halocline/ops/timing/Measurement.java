package org.halocline.ops.timing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.halocline.runtime.config.StrictJson;

/**
 * One figure.
 *
 * @param name dashed
 * @param mesh cells by axis; empty where there is none
 * @param subdomains of the simulation, each on a core
 * @param best of several runs
 * @param median of the same runs
 * @param beside what it is compared with
 */
public record Measurement(String name, List<Integer> mesh, int subdomains, Unit unit, double best, double median,
    Optional<Beside> beside) {
  /** What figures are in. */
  public enum Unit {
    PERCENT("%"), NS_PER_CELL("ns a cell"), NS_PER_PARTICLE("ns a particle"),
    NS_PER_PARTICLE_STEP("ns a particle and step"), MS("ms"), GB_PER_S("GB/s");

    private final String words;

    Unit(String words) {
      this.words = words;
    }
  }

  /**
   * Something measured in the same run, in the same unit.
   *
   * @param name in a word or two
   */
  public record Beside(String name, double best) {}

  public Measurement {
    mesh = List.copyOf(mesh);
  }

  /** A figure that is already the best of several runs. */
  public static Measurement of(String name, List<Integer> mesh, int subdomains, Unit unit, double figure) {
    return new Measurement(name, mesh, subdomains, unit, figure, figure, Optional.empty());
  }

  /** Nanoseconds for each of so many cells or particles. */
  public static Measurement of(String name, List<Integer> mesh, Unit unit, Timing timing, double count) {
    return new Measurement(name, mesh, 1, unit, timing.bestNs() / count, timing.medianNs() / count, Optional.empty());
  }

  /** Bytes a nanosecond, which are gigabytes a second. */
  public static Measurement rate(String name, List<Integer> mesh, int subdomains, double bytes, Timing timing) {
    return new Measurement(name, mesh, subdomains, Unit.GB_PER_S, bytes / timing.bestNs(), bytes / timing.medianNs(),
        Optional.empty());
  }

  public Measurement beside(String other, double otherBest) {
    return new Measurement(name, mesh, subdomains, unit, best, median, Optional.of(new Beside(other, otherBest)));
  }

  public static String head() {
    return String.format(Locale.ROOT, "%-20s %-13s %10s  %10s  %-24s %s", "", "mesh", "subdomains", "best", "",
        "beside");
  }

  /** A row for people. */
  public String row() {
    return String.format(Locale.ROOT, "%-20s %-13s %10d  %10s  %-24s %s", name,
        mesh.stream().map(String::valueOf).collect(Collectors.joining("×")), subdomains, number(best), unit.words,
        beside.map(other -> String.format(Locale.ROOT, "%.2f of %s, %s", best / other.best, number(other.best),
            other.name)).orElse(""))
        .stripTrailing();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  /**
   * One line for programs: {@code {"name": …, "mesh": […], "subdomains": …, "ns_per_cell": …, "median": …, "baseline":
   * {…}, "ratio": …}}.
   */
  public String json() {
    String in = unit.name().toLowerCase(Locale.ROOT);
    ObjectNode line = JsonNodeFactory.instance.objectNode().put("name", name);
    mesh.forEach(line.putArray("mesh")::add);
    line.put("subdomains", subdomains).put(in, best).put("median", median);
    beside.ifPresent(other -> {
      line.putObject("baseline").put("name", other.name).put(in, other.best);
      line.put("ratio", best / other.best);
    });
    return StrictJson.text(line);
  }
}
