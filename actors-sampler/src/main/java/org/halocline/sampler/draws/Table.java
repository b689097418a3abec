package org.halocline.sampler.draws;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.halocline.sampler.diagnostics.Summary;

/** The final table: a row a parameter, the truth beside it where it is known. */
public final class Table {
  private Table() {}

  /** @param truth by parameter name */
  public static String of(List<Summary> summaries, Map<String, Double> truth) {
    int width = Math.max(9, summaries.stream().mapToInt(row -> row.name().length()).max().orElse(0));
    boolean known = summaries.stream().anyMatch(row -> truth.containsKey(row.name()));
    StringBuilder table = new StringBuilder();
    table.append(pad("parameter", width)).append(
        String.format(Locale.ROOT, " %10s %10s %10s %10s %8s %9s %9s", "mean", "sd", "5%", "95%", "R̂", "ESS bulk",
            "ESS tail"));
    table.append(known ? String.format(Locale.ROOT, " %10s %9s%n", "truth", "off by") : "\n");
    for (Summary row : summaries) {
      table.append(pad(row.name(), width)).append(String.format(Locale.ROOT,
          " %10.5g %10.4g %10.5g %10.5g %8.4f %9.0f %9.0f", row.mean(), row.sd(), row.low(), row.high(), row.rHat(),
          row.bulkSize(), row.tailSize()));
      if (truth.containsKey(row.name()))
        table.append(String.format(Locale.ROOT, " %10.5g %+6.2f sd", truth.get(row.name()),
            (row.mean() - truth.get(row.name())) / row.sd()));
      table.append('\n');
    }
    return table.toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
