package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What a node answers, in words. */
final class Words {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private Words() {}

  static String clock(JsonNode epochMillis) {
    return CLOCK.format(Instant.ofEpochMilli(epochMillis.asLong()).atZone(ZoneId.systemDefault()));
  }

  static String seconds(long seconds) {
    if (seconds >= 3600)
      return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
    return seconds >= 60 ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60) : seconds + " s";
  }

  static String bytes(JsonNode bytes) {
    double value = bytes.asDouble();
    return value >= 0x1p30
        ? String.format(Locale.ROOT, "%.1f GiB", value / 0x1p30)
        : String.format(Locale.ROOT, "%.1f MiB", value / 0x1p20);
  }

  static String percent(JsonNode share) {
    return Math.round(100 * share.asDouble()) + "%";
  }

  /** A table of jobs. */
  static String jobs(JsonNode jobs) {
    TextTable table = new TextTable("JOB", "NAME", "STATE", "DONE", "LEFT", "RESTARTS", "WHY");
    for (JsonNode job : jobs)
      table.row(job.path("id").asText(), job.path("name").asText(), job.path("state").asText(),
          percent(job.path("progress")),
          job.has("eta-seconds") ? seconds(job.path("eta-seconds").asLong()) : "-",
          job.path("restarts").asText(), shortened(job.path("why").asText()));
    return jobs.isEmpty() ? "no jobs\n" : table.toString();
  }

  /** A table of nodes. */
  static String nodes(JsonNode nodes) {
    TextTable table = new TextTable("NODE", "STATE", "LANES", "BUSY", "COMPUTING", "MEMORY", "PAGE");
    for (JsonNode node : nodes) {
      int busy = 0;
      double computing = 0;
      for (JsonNode lane : node.path("lanes")) {
        busy += lane.has("job") ? 1 : 0;
        computing += lane.has("job") ? lane.path("computing").asDouble() : 0;
      }
      table.row(node.path("name").asText(), node.path("state").asText(),
          Integer.toString(node.path("lanes").size()), Integer.toString(busy),
          busy == 0 ? "-" : Math.round(100 * computing / busy) + "%", bytes(node.path("memory-bytes")),
          node.path("http-address").asText());
    }
    return table.toString();
  }

  static String actors(JsonNode actors) {
    TextTable table = new TextTable("ACTOR", "NODE", "STATE", "RESTARTS", "LAST ERROR");
    for (JsonNode actor : actors)
      table.row(actor.path("path").asText(), actor.path("node").asText(), actor.path("state").asText(),
          actor.path("restarts").asText(), shortened(actor.path("last-error").asText()));
    return table.toString();
  }

  /** All that is known of one job, a line a fact. */
  static String job(JsonNode job) {
    StringBuilder text = new StringBuilder();
    fact(text, "job", job.path("id").asText() + " (" + job.path("name").asText() + ")");
    fact(text, "state",
        job.path("state").asText() + (job.path("why").asText().isEmpty() ? "" : ": " + job.path("why").asText()));
    fact(text, "progress", percent(job.path("progress"))
        + (job.has("eta-seconds") ? ", " + seconds(job.path("eta-seconds").asLong()) + " left" : ""));
    fact(text, "runs in", job.path("run-directory").asText());
    JsonNode layout = job.path("layout");
    if (layout.isObject())
      fact(text, "layout",
          layout.path("domains").asText() + " × " + layout.path("x").asText() + " × " + layout.path("y").asText());
    fact(text, "starts", job.path("incarnation").asText() + ", restarts " + job.path("restarts").asText());
    if (job.has("last-checkpoint-age-millis"))
      fact(text, "checkpoint", seconds(job.path("last-checkpoint-age-millis").asLong() / 1000) + " ago");
    job.path("sources").properties().forEach(source -> {
      StringBuilder numbers = new StringBuilder();
      source.getValue().properties()
          .forEach(number -> numbers.append(numbers.isEmpty() ? "" : ", ").append(number.getKey()).append(' ')
              .append(String.format(Locale.ROOT, "%.6g", number.getValue().asDouble()).replaceFirst("\\.?0+$", "")));
      fact(text, source.getKey(), numbers.toString());
    });
    return text.toString();
  }

  private static void fact(StringBuilder text, String name, String value) {
    if (!value.isEmpty())
      text.append(String.format(Locale.ROOT, "%-11s %s%n", name, value));
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 100 ? line.substring(0, 99) + "…" : line;
  }
}
