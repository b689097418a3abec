package org.halocline.ops.watch;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Doubts;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.Recovery;

/**
 * Prints a line for each event, for logs and pipes. Each source prints at most one line of progress in a few seconds,
 * and its last one before the end. Results go to {@code out}, failures to {@code err}.
 */
public sealed class PlainView implements RunView permits TerminalView {
  private static final String NOTE = "note";
  private static final long BETWEEN_LINES_NS = TimeUnit.SECONDS.toNanos(5);

  private final PrintStream out;
  private final PrintStream err;
  private final LongSupplier clockNs;
  private final Map<String, Long> shownAtNs = new HashMap<>();
  private final Map<String, String> held = new HashMap<>();
  private Path output = Path.of("");

  public PlainView(PrintStream out, PrintStream err, LongSupplier clockNs) {
    this.out = out;
    this.err = err;
    this.clockNs = clockNs;
  }

  @Override
  public void starts(String job, String kind, Path into) {
    output = into;
    tell(out, "Halocline " + Version.number() + ": " + job + " (" + kind + ")");
    tell(out, "output    " + into);
  }

  @Override
  public void refused(String job, List<Problem> problems) {
    tell(err,
        "halocline: " + job + " cannot run: " + (problems.size() == 1 ? "1 problem" : problems.size() + " problems"));
    problems.forEach(problem -> tell(err, "  " + problem));
  }

  @Override
  public void event(JobEvent event) {
    switch (event) {
      case JobEvent.Accepted(_, _, int incarnation) -> {
        if (incarnation > 1)
          out.println("resumed   this is start " + incarnation + " of the run");
      }
      case JobEvent.Planned(_, String explanation) -> tell(out, "layout    " + explanation);
      case JobEvent.Progress(String source, _, String line, _) -> progress(source, line);
      case JobEvent.Finished(String table, String summary) -> {
        showHeld();
        ends(table, verdict("finished", summary));
      }
      case JobEvent.AlreadyFinished(String table, String summary) ->
        ends(table, verdict("this run had finished before; nothing was computed", summary));
      case JobEvent.Failed(boolean badInput, String message) -> {
        showHeld();
        err.println("halocline: " + (badInput ? "bad input" : "the run failed") + ":");
        message.lines().forEach(line -> tell(err, "  " + line));
      }
      case JobEvent.Cancelled(String reason) -> {
        showHeld();
        tell(err, "halocline: stopped: " + reason + "; go on with --resume --output " + output);
      }
      case JobEvent.Waiting(String why) -> show("queued", why);
      case JobEvent.Interrupted(String why, _) -> show("broken", why + "; it goes on from its last checkpoint");
      case JobEvent.Recovered(Recovery figures) -> show("goes on", String.format(Locale.ROOT,
          "noticed after %.1f s, going again %.1f s later, %.1f s of work lost", figures.detectMillis() / 1000.0,
          figures.replanMillis() / 1000.0, figures.lostMillis() / 1000.0));
      case JobEvent.Checkpointed _,JobEvent.ClusterChanged _ -> {
      }
    }
  }

  @Override
  public void silent(String line) {
    err.println("halocline: " + line);
  }

  @Override
  public void stopping() {
    err.println("halocline: stopping");
  }

  /** The table has the reasons. */
  private static String verdict(String how, String summary) {
    return Doubts.of(summary).isEmpty() ? how : how + ", but the results are not to be believed: see above";
  }

  private void ends(String table, String how) {
    if (!table.isBlank()) {
      out.println();
      tell(out, table.stripTrailing());
    }
    out.println();
    tell(out, how + "; results are in " + output);
  }

  /** Whether a line is said once, for good, and not replaced by the next one of its source. */
  static boolean isNote(String source) {
    return source.equals(NOTE);
  }

  private void progress(String source, String line) {
    if (isNote(source)) {
      show(source, line);
      return;
    }
    long now = clockNs.getAsLong();
    Long shown = shownAtNs.get(source);
    if (shown != null && now - shown < BETWEEN_LINES_NS) {
      held.put(source, line);
      return;
    }
    shownAtNs.put(source, now);
    held.remove(source);
    show(source, line);
  }

  private void showHeld() {
    held.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .forEach(entry -> show(entry.getKey(), entry.getValue()));
    held.clear();
  }

  private void show(String source, String line) {
    tell(out, String.format("%-9s %s", source, line));
  }

  /** Prints text in which names of keys, files and jobs come from outside. */
  private static void tell(PrintStream to, String text) {
    to.println(Plain.text(text));
  }
}
