package org.halocline.ops.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.RankMemory;

/** A plan for people: a few lines, and a table with a column a rank. */
public final class PlanText {
  private static final int MOST_COLUMNS = 4;

  private final StringBuilder text = new StringBuilder();

  private PlanText() {}

  static String text(JobOutlook outlook) {
    PlanText plan = new PlanText();
    plan.head(outlook);
    plan.memory(outlook);
    outlook.forecast().ifPresent(forecast -> {
      plan.traffic(forecast);
      plan.time(forecast, outlook.planned());
    });
    for (String note : outlook.notes())
      plan.line("note", note);
    plan.line("start", String.join(" ", outlook.needs().options()));
    return plan.text.toString();
  }

  private void line(String name, String value) {
    text.append(String.format(Locale.ROOT, "%-9s %s%n", name, value));
  }

  private void head(JobOutlook outlook) {
    line("job", outlook.job() + " (" + outlook.kind() + ")");
    line("machine", outlook.machine().lanes() + (outlook.machine().lanes() == 1 ? " lane, " : " lanes, ")
        + Bytes.text(outlook.machine().availableBytes()) + " of " + Bytes.text(outlook.machine().totalBytes())
        + " to be used" + cores(outlook.machine()));
    Gpus gpus = outlook.machine().gpus();
    if (!gpus.isEmpty())
      line(gpus.list().size() == 1 ? "GPU" : "GPUs", gpus.inWords() + ", " + Bytes.text(gpus.laneBytes()) + " of "
          + Bytes.text(gpus.list().stream().mapToLong(Gpus.Gpu::memoryBytes).sum()) + " to be used"
          + (gpus.lanesEach() == 1 ? "" : ", " + gpus.lanesEach() + " lanes each"));
    line("layout", outlook.planned().explanation());
    line("why", why(outlook.planned()));
    for (Problem reason : outlook.planned().passedOver())
      line("", "passed over: " + reason.bound());
  }

  /** Where its lanes are more than the cores that are here. */
  private static String cores(Machine machine) {
    int here = Machine.coresHere();
    return machine.lanes() <= here
        ? ""
        : machine.cores() < machine.lanes()
            ? "; the lanes share " + here + " cores"
            : "; this machine has " + here + " cores, and run takes more lanes only with --oversubscribe";
  }

  private static String why(PlannedLayout planned) {
    Layout layout = planned.layout();
    if (planned.explanation().contains("as asked"))
      return "as the job's block layout asks";
    String domains = layout.domains() == 1
        ? "one domain"
        : layout.domains() + " domains, since chains need not talk to each other";
    return domains + (layout.ranks() == 1
        ? ", each whole on its lane, so that nothing is sent"
        : ", each cut as square as its " + layout.ranks() + " lanes allow");
  }

  private void memory(JobOutlook outlook) {
    PlannedLayout planned = outlook.planned();
    JvmNeeds needs = outlook.needs();
    Layout layout = planned.layout();
    List<RankMemory> ranks = planned.chain().ranks();
    int shown = Math.min(MOST_COLUMNS, ranks.size());
    text.append('\n');
    List<String> head = new ArrayList<>();
    for (int rank = 0; rank < shown; rank++)
      head.add("rank " + rank);
    row("memory of a chain", "", head, shown < ranks.size() ? "all " + ranks.size() : "all");
    for (int part = 0; part < ranks.getFirst().parts().size(); part++) {
      int index = part;
      MemoryPart first = ranks.getFirst().parts().get(part);
      List<Long> bytes = ranks.stream().map(rank -> rank.parts().get(index).bytes()).toList();
      if (bytes.stream().anyMatch(count -> count > 0))
        row("  " + first.name(), first.place().name().toLowerCase(Locale.ROOT), bytes, shown);
    }
    String chains = planned.chains() + (planned.chains() == 1 ? " chain on " : " chains on ") + layout.domains()
        + (layout.domains() == 1 ? " domain" : " domains");
    if (planned.deviceBytes() > 0) {
      total(chains + ", on devices", planned.deviceBytes());
      total("  there are", outlook.machine().gpus().laneBytes());
    }
    if (JvmNeeds.driverBytes(planned) > 0)
      total("CUDA's driver and libraries", JvmNeeds.driverBytes(planned));
    if (planned.chains() > 1)
      total(chains, planned.bytes());
    total("the JVM itself" + (needs.dataPlane() ? " and its data plane" : ""), needs.ownBytes());
    total("peak resident", needs.peakBytes());
    total("  with a reserve of " + Bytes.text(needs.reserveBytes()), needs.neededBytes());
    total("  there are", outlook.machine().availableBytes());
    text.append('\n');
  }

  private void row(String name, String place, List<Long> bytes, int shown) {
    row(name, place, bytes.subList(0, shown).stream().map(Bytes::text).toList(),
        Bytes.text(bytes.stream().mapToLong(Long::longValue).sum()));
  }

  private void row(String name, String place, List<String> columns, String all) {
    text.append(String.format(Locale.ROOT, "%-28s %-6s", name, place));
    for (String column : columns)
      text.append(String.format(Locale.ROOT, " %12s", column));
    text.append(String.format(Locale.ROOT, " %14s%n", all));
  }

  private void total(String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%-35s %14s%n", name, Bytes.text(bytes)));
  }

  private void traffic(Forecast forecast) {
    Map<String, Long> most = new LinkedHashMap<>();
    for (Forecast.Sent sent : forecast.ranks())
      sent.bytes().forEach((phase, bytes) -> most.merge(phase, bytes, Math::max));
    if (most.isEmpty()) {
      line("sent", "nothing: every domain is one rank");
      return;
    }
    line("sent", "by a rank for a " + forecast.unit() + ": " + most.entrySet().stream()
        .map(phase -> phase.getKey() + " " + Bytes.text(phase.getValue())).collect(Collectors.joining(", ")) + "; "
        + forecast.ranks().getFirst().rounds() + " exchanges");
  }

  private void time(Forecast forecast, PlannedLayout planned) {
    if (forecast.parts().isEmpty()) {
      line("time", forecast.basis());
      return;
    }
    String parts = forecast.parts().size() < 2
        ? ""
        : forecast.parts().entrySet().stream().map(part -> part.getKey() + " " + seconds(part.getValue()))
            .collect(Collectors.joining(", ", " (", ")"));
    line("time", "about " + seconds(forecast.seconds()) + " a " + forecast.unit() + parts
        + (forecast.units() == 1
            ? ""
            : ", " + seconds(forecast.seconds() * forecast.units()) + " for "
                + String.format(Locale.ROOT, "%.0f", forecast.units())
                + (planned.layout().domains() == 1 ? "" : " on each domain"))
        + (forecast.counted().isEmpty() ? "" : " (" + forecast.counted() + ")"));
    line("", "by the figures of " + forecast.basis());
  }

  public static String seconds(double seconds) {
    if (seconds < 0.0995)
      return String.format(Locale.ROOT, "%.0f ms", Math.max(1, seconds * 1e3));
    if (seconds < 100)
      return String.format(Locale.ROOT, "%.3g s", seconds);
    long minutes = Math.round(seconds / 60);
    return minutes < 120
        ? minutes + " min"
        : minutes < 48 * 60
            ? String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60)
            : String.format(Locale.ROOT, "%.1f days", seconds / 86400);
  }
}
