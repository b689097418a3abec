package org.halocline.ops.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.halocline.ops.timing.Measurement;
import org.halocline.runtime.config.StrictJson;

/** A figure as a row for people and as a JSON object for programs. */
public final class BenchText {
  private BenchText() {}

  /** The head of the table whose rows {@link #row} makes. */
  public static String head() {
    return String.format(Locale.ROOT, "%-20s %-13s %10s  %10s  %-24s %s", "", "mesh", "subdomains", "best", "",
        "beside");
  }

  /** One line. */
  public static String row(Measurement found) {
    return String.format(Locale.ROOT, "%-20s %-13s %10d  %10s  %-24s %s", found.name(), mesh(found.mesh()),
        found.subdomains(), number(found.best()), found.unit().words(), beside(found)).stripTrailing();
  }

  private static String mesh(List<Integer> mesh) {
    return mesh.stream().map(String::valueOf).collect(Collectors.joining("×"));
  }

  private static String beside(Measurement found) {
    return found.beside().map(other -> String.format(Locale.ROOT, "%.2f of %s, %s", found.best() / other.best(),
        number(other.best()), other.name())).orElse("");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  /**
   * One line: {@code {"name": …, "mesh": […], "subdomains": …, "ns_per_cell": …, "median": …, "baseline": {…}, "ratio":
   * …}}.
   */
  public static String json(Measurement found) {
    String unit = found.unit().name().toLowerCase(Locale.ROOT);
    ObjectNode line = JsonNodeFactory.instance.objectNode().put("name", found.name());
    ArrayNode mesh = line.putArray("mesh");
    found.mesh().forEach(mesh::add);
    line.put("subdomains", found.subdomains()).put(unit, found.best()).put("median", found.median());
    found.beside().ifPresent(other -> {
      line.putObject("baseline").put("name", other.name()).put(unit, other.best());
      line.put("ratio", found.best() / other.best());
    });
    return StrictJson.text(line);
  }
}
