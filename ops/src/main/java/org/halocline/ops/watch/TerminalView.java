package org.halocline.ops.watch;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.halocline.ops.cli.Plain;
import org.halocline.runtime.job.JobEvent;

/**
 * Shows one line for each source, redrawn in place on a terminal that knows ANSI sequences, and the rest as
 * {@link PlainView} does. The terminal's wrapping is off while lines are drawn, which cuts them at its edge.
 */
final class TerminalView extends PlainView {
  private static final long BETWEEN_FRAMES_NS = TimeUnit.MILLISECONDS.toNanos(100);
  /** Every terminal has more lines. */
  private static final int MOST_LINES = 20;
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String CLEAR_LINE = "\u001b[K";

  private final PrintStream out;
  private final LongSupplier clockNs;
  private final Map<String, String> lines = new TreeMap<>();
  private int drawn;
  private long drawnAtNs;

  TerminalView(PrintStream out, PrintStream err, LongSupplier clockNs) {
    super(out, err, clockNs);
    this.out = out;
    this.clockNs = clockNs;
    this.drawnAtNs = clockNs.getAsLong() - BETWEEN_FRAMES_NS;
  }

  @Override
  public void event(JobEvent event) {
    if (event instanceof JobEvent.Progress(String source, _, String line, _) && !isNote(source)) {
      lines.put(source, line);
      if (clockNs.getAsLong() - drawnAtNs >= BETWEEN_FRAMES_NS)
        draw();
    } else if (event instanceof JobEvent.Progress) {
      wipe();
      super.event(event);
      draw();
    } else if (!(event instanceof JobEvent.Checkpointed)) {
      freeze();
      super.event(event);
    }
  }

  /** Makes room for a line that stays, above those that are redrawn. */
  private void wipe() {
    if (drawn > 0)
      out.print("\r\u001b[" + drawn + "A\u001b[J");
    drawn = 0;
  }

  @Override
  public void silent(String line) {
    freeze();
    super.silent(line);
  }

  @Override
  public void stopping() {
    freeze();
    super.stopping();
  }

  /** Draws the newest lines once more and leaves them standing. */
  private void freeze() {
    draw();
    drawn = 0;
    lines.clear();
  }

  private void draw() {
    if (lines.isEmpty())
      return;
    StringBuilder frame = new StringBuilder(NO_WRAP);
    if (drawn > 0)
      frame.append("\r\u001b[").append(drawn).append('A');
    lines.entrySet().stream().limit(MOST_LINES).forEach(source -> frame
        .append(Plain.line(String.format("%-9s %s", source.getKey(), source.getValue()))).append(CLEAR_LINE)
        .append('\n'));
    if (lines.size() > MOST_LINES)
      frame.append("and ").append(lines.size() - MOST_LINES).append(" more").append(CLEAR_LINE).append('\n');
    out.print(frame.append(WRAP));
    out.flush();
    drawn = Math.min(lines.size(), MOST_LINES + 1);
    drawnAtNs = clockNs.getAsLong();
  }
}
