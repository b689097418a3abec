package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.TextTable;

/** What a node answers, in words. */
final class Words {
  private static final Set<String> TOLD_APART = Set.of("draw", "of", "warm-up", "seconds-left");
  private static final int SHORT = 100;

  private Words() {}

  static String seconds(long seconds) {
    if (seconds >= 3600)
      return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
    return seconds >= 60 ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60) : seconds + " s";
  }

  private static String text(JsonNode block, String key) {
    return block.path(key).asText();
  }

  private static String tenths(JsonNode millis) {
    return String.format(Locale.ROOT, "%.1f s", millis.asDouble() / 1000);
  }

  static String bytes(JsonNode bytes) {
    double value = bytes.asDouble();
    if (value >= 0x1p30)
      return String.format(Locale.ROOT, "%.1f GiB", value / 0x1p30);
    return value >= 0x1p20 || value == 0
        ? String.format(Locale.ROOT, "%.1f MiB", value / 0x1p20)
        : String.format(Locale.ROOT, "%.1f KiB", value / 0x1p10);
  }

  static String percent(double share) {
    return Math.round(100 * share) + "%";
  }

  /** How old an answer is, if it is not of now; else empty. */
  static String asOf(JsonNode answer) {
    long age = answer.path("age-millis").asLong();
    return age == 0
        ? ""
        : "as of " + seconds(Math.ceilDiv(age, 1000)) + " ago: the coordinator does not answer now\n\n";
  }

  /** The cluster: its nodes, its jobs, and what each job waits for. */
  static String cluster(JsonNode status) {
    StringBuilder text = new StringBuilder("cluster ").append(text(status, "cluster"))
        .append(", coordinated by ").append(text(status, "coordinator")).append(" (incarnation ")
        .append(text(status, "incarnation")).append(")\n\n").append(nodes(status.path("nodes"))).append('\n')
        .append(jobs(status.path("jobs")));
    int more = status.path("more-jobs").asInt();
    if (more > 0)
      text.append("and ").append(more).append(" more: halocline list; in all ").append(status.path("running").asInt())
          .append(" running and ").append(status.path("queued").asInt()).append(" queued\n");
    return text.toString();
  }

  /** A table of jobs, and below it why some of them wait or have failed. */
  static String jobs(JsonNode jobs) {
    TextTable table = new TextTable("JOB", "NAME", "STATE", "DONE", "LEFT", "LAYOUT", "RESTARTS", "CHECKPOINT");
    StringBuilder why = new StringBuilder();
    for (JsonNode job : jobs) {
      table.row(text(job, "id"), text(job, "name"), text(job, "state"),
          percent(job.path("progress").asDouble()),
          job.has("eta-seconds") ? seconds(job.path("eta-seconds").asLong()) : "-",
          job.path("layout").isObject() ? layout(job.path("layout")) : "-", text(job, "restarts"),
          job.has("last-checkpoint-age-millis")
              ? seconds(job.path("last-checkpoint-age-millis").asLong() / 1000) + " ago"
              : "-");
      if (!text(job, "why").isEmpty())
        why.append(text(job, "id")).append(": ").append(shortened(text(job, "why"))).append('\n');
    }
    return jobs.isEmpty() ? "no jobs\n" : table + (why.isEmpty() ? "" : "\n" + Plain.text(why.toString()));
  }

  /** A table of nodes, and below it what keeps some of them from being of use. */
  static String nodes(JsonNode nodes) {
    TextTable table = new TextTable("NODE", "STATE", "LANES", "BUSY", "COMPUTING", "WAITING", "MEMORY", "PAGE");
    StringBuilder why = new StringBuilder();
    for (JsonNode node : nodes) {
      int busy = 0;
      double computing = 0;
      double waiting = 0;
      for (JsonNode lane : node.path("lanes"))
        if (lane.has("job")) {
          busy++;
          computing += lane.path("computing").asDouble();
          waiting += lane.path("waiting").asDouble();
        }
      table.row(text(node, "name"), text(node, "state"),
          node.path("lanes").size(), busy,
          busy == 0 ? "-" : percent(computing / busy), busy == 0 ? "-" : percent(waiting / busy),
          bytes(node.path("memory-bytes")), text(node, "http-address"));
      if (!text(node, "why").isEmpty())
        why.append(text(node, "name")).append(": ").append(text(node, "why")).append('\n');
    }
    return table + (why.isEmpty() ? "" : "\n" + Plain.text(why.toString()));
  }

  /** What nodes have sent each other, where they have; else empty. */
  static String transfers(JsonNode nodes) {
    TextTable table = new TextTable("NODE", "PEER", "SENT", "RECEIVED", "DROPPED", "REJECTED");
    boolean any = false;
    for (JsonNode node : nodes)
      for (JsonNode peer : node.path("traffic")) {
        any = true;
        table.row(text(node, "name"), text(peer, "peer"), bytes(peer.path("bytes-sent")),
            bytes(peer.path("bytes-received")), text(peer, "dropped"), text(peer, "rejected"));
        if (node.path("more-peers").asInt() > 0 && text(peer, "peer").equals("all"))
          table.row("", "and " + node.path("more-peers").asInt() + " less busy ones", "", "", "", "");
      }
    return any ? table.toString() : "";
  }

  /** What each lane does. */
  static String lanes(JsonNode nodes) {
    TextTable table = new TextTable("NODE", "LANE", "KIND", "JOB", "RANK", "COMPUTING", "WAITING");
    for (JsonNode node : nodes)
      for (JsonNode lane : node.path("lanes"))
        table.row(text(node, "name"), text(lane, "number"), text(lane, "kind"),
            lane.path("job").asText("-"),
            lane.has("rank") ? lane.path("domain").asText("0") + "." + text(lane, "rank") : "-",
            lane.has("job") ? percent(lane.path("computing").asDouble()) : "-",
            lane.has("job") ? percent(lane.path("waiting").asDouble()) : "-");
    return table.toString();
  }

  static String actors(JsonNode answer) {
    JsonNode actors = answer.path("actors");
    int more = answer.path("more-actors").asInt();
    TextTable table = new TextTable("ACTOR", "NODE", "STATE", "RESTARTS", "LAST ERROR");
    for (JsonNode actor : actors)
      table.row(text(actor, "path"), text(actor, "node"), text(actor, "state"),
          text(actor, "restarts"), shortened(text(actor, "last-error")));
    return table + (more > 0 ? "and " + more + " more\n" : "");
  }

  /** All that is known of one job, a line a fact. */
  static String job(JsonNode job) {
    StringBuilder text = new StringBuilder();
    fact(text, "job", text(job, "id") + " (" + text(job, "name") + ")");
    fact(text, "state",
        text(job, "state") + (text(job, "why").isEmpty() ? "" : ": " + text(job, "why")));
    fact(text, "progress", percent(job.path("progress").asDouble())
        + (job.has("eta-seconds") ? ", " + seconds(job.path("eta-seconds").asLong()) + " left" : ""));
    int priority = job.path("terms").path("priority").asInt();
    fact(text, "priority", priority == 0 ? "" : Integer.toString(priority));
    fact(text, "runs in", text(job, "run-directory"));
    JsonNode layout = job.path("layout");
    if (layout.isObject())
      fact(text, "layout", layout(layout) + (job.path("ranks").isEmpty() ? "" : " on " + places(job)));
    int restarts = job.path("restarts").asInt();
    fact(text, "start", job.path("incarnation").asInt() == 0
        ? "not yet"
        : text(job, "incarnation") + ", " + restarts + (restarts == 1 ? " restart" : " restarts"));
    fact(text, "checkpoint", checkpoint(job));
    JsonNode recovery = job.path("last-recovery");
    if (recovery.isObject())
      fact(text, "recovery", text(recovery, "cause") + "; noticed after "
          + tenths(recovery.path("detect-millis")) + ", going again " + tenths(recovery.path("replan-millis"))
          + " later, " + tenths(recovery.path("lost-millis")) + " of work lost");
    job.path("sources").properties().forEach(source -> fact(text, source.getKey(), numbers(source.getValue())));
    int more = job.path("more-sources").asInt();
    fact(text, "", more > 0 ? "and " + more + " more, which are further" : "");
    return text.toString();
  }

  private static String checkpoint(JsonNode job) {
    List<String> parts = new ArrayList<>();
    if (job.has("last-checkpoint-age-millis"))
      parts.add(seconds(job.path("last-checkpoint-age-millis").asLong() / 1000) + " ago");
    JsonNode cost = job.path("checkpoints");
    if (cost.path("count").asLong() > 0)
      parts.add(text(cost, "count") + " in this start, " + bytes(cost.path("bytes")) + ", "
          + String.format(Locale.ROOT, "%.1f%% of the time", 100 * cost.path("share").asDouble()));
    return String.join("; ", parts);
  }

  private static String layout(JsonNode layout) {
    return text(layout, "domains") + "×" + text(layout, "x") + "×" + text(layout, "y");
  }

  private static String places(JsonNode job) {
    List<String> nodes = new ArrayList<>();
    for (JsonNode rank : job.path("ranks"))
      if (!nodes.contains(text(rank, "node")))
        nodes.add(text(rank, "node"));
    int more = job.path("more-ranks").asInt();
    return String.join(", ", nodes) + (more > 0 ? ", and " + more + " more ranks" : "");
  }

  /** How far a chain is, what it last told, and how long it takes yet. */
  private static String numbers(JsonNode numbers) {
    if (numbers.has("start-draw"))
      return "seeking a start: draw " + numbers.path("start-draw").asLong() + " of "
          + numbers.path("of-start-draws").asLong() + " from the prior";
    List<String> parts = new ArrayList<>();
    if (numbers.has("draw") && numbers.has("of"))
      parts.add(numbers.path("draw").asLong() + " of " + numbers.path("of").asLong()
          + (numbers.path("draw").asLong() <= numbers.path("warm-up").asLong() ? ", warm-up" : ""));
    numbers.properties().stream()
        .filter(entry -> !TOLD_APART.contains(entry.getKey()) && entry.getValue().isNumber())
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> parts.add(entry.getKey().replaceFirst("^value\\.", "").replace('-', ' ') + " "
            + number(entry.getValue().asDouble())));
    if (numbers.has("seconds-left"))
      parts.add(seconds(numbers.path("seconds-left").asLong()) + " left");
    return String.join(", ", parts);
  }

  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15)
      return Long.toString((long) value);
    return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6
        ? String.format(Locale.ROOT, "%.5f", value).replaceFirst("0{1,4}$", "")
        : String.format(Locale.ROOT, "%.3e", value);
  }

  private static void fact(StringBuilder text, String name, String value) {
    if (!value.isEmpty())
      text.append(String.format(Locale.ROOT, "%-11s %s%n", Plain.line(name), Plain.text(value)));
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > SHORT ? line.substring(0, SHORT - 1) + "…" : line;
  }
}
