package org.halocline.ops.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.layout.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RunViewTest {

  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong clockNs = new AtomicLong(-5);

  private PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JobEvent progress(int chain, String line) {
    return new JobEvent.Progress("chain " + chain, Done.unknown(), line, Map.of());
  }

  @Test
  void shouldPrintAModestNumberOfLinesAndTheLastOfEachSource() {
    PlainView view = new PlainView(print(out), print(err), clockNs::get);
    for (int draw = 0; draw <= 100; draw++) {
      view.event(progress(1, "draw " + draw));
      view.event(progress(2, "draw " + draw));
      clockNs.addAndGet(SECOND / 10);
    }
    view.event(new JobEvent.Finished("a table\n", "{}"));
    assertEquals(
        List.of("chain 1   draw 0", "chain 2   draw 0", "chain 1   draw 50", "chain 2   draw 50", "chain 1   draw 100",
            "chain 2   draw 100"),
        out().lines().filter(line -> line.startsWith("chain")).toList());
    assertTrue(out().contains("\na table\n"), this::out);
  }

  @Test
  void shouldRedrawOneLineASourceInPlace() {
    TerminalView view = new TerminalView(print(out), print(err), clockNs::get);
    view.event(progress(2, "first"));
    clockNs.addAndGet(SECOND);
    view.event(progress(1, "first"));
    view.event(progress(1, "too soon to be drawn"));
    clockNs.addAndGet(SECOND);
    view.event(progress(1, "second"));
    assertTrue(!out().contains("too soon"), this::out);
    assertEquals(List.of("chain 1   second", "chain 2   first"), Screen.of(out()).lines());
  }

  @Test
  void shouldLeaveTheNewestLinesStandingWhenTheRunEnds() {
    TerminalView view = new TerminalView(print(out), print(err), clockNs::get);
    view.event(progress(1, "a long line that is replaced"));
    view.event(progress(1, "newest"));
    view.event(new JobEvent.Finished("a table", "{}"));
    assertEquals(List.of("chain 1   newest", "", "a table"), Screen.of(out()).lines().subList(0, 3));
  }

  @Test
  void shouldKeepEveryNoteAboveTheLinesThatAreRedrawn() {
    TerminalView view = new TerminalView(print(out), print(err), clockNs::get);
    view.event(progress(1, "first"));
    view.event(JobEvent.Progress.note("one thing"));
    view.event(JobEvent.Progress.note("another"));
    clockNs.addAndGet(SECOND);
    view.event(progress(1, "second"));
    assertEquals(List.of("note      one thing", "note      another", "chain 1   second"), Screen.of(out()).lines());
  }

  /** So do {@code submit --wait} and {@code watch}, which ask the same. */
  @Test
  void shouldEndOtherwiseWhereResultsAreNotToBeBelieved() {
    String summary = "{\"doubts\": [\"chain 0 never moved\"]}";
    for (JobEvent last : List.of(new JobEvent.Finished("a table", summary),
        new JobEvent.AlreadyFinished("a table", summary))) {
      new PlainView(print(out), print(err), clockNs::get).event(last);
      assertTrue(out().strip().lines().reduce((_, line) -> line).orElse("").contains("not to be believed"), this::out);
      assertEquals(6, RunView.exitCode(last));
    }
    assertEquals(0, RunView.exitCode(new JobEvent.Finished("a table", "{\"doubts\": []}")));
    assertEquals(0, RunView.exitCode(new JobEvent.AlreadyFinished("", "")));
  }

  @Test
  void shouldPrintOneObjectALine() throws Exception {
    JsonView view = new JsonView(print(out));
    view.starts("a.conf", "infer", Path.of("runs/a-1"));
    view.event(new JobEvent.Planned(new Layout(2, 1, 3), "because"));
    view.event(new JobEvent.Accepted("id", "runs/a-1", 1));
    view.event(new JobEvent.Progress("chain 1", Done.unknown(), "a \"line\"\nof two",
        Map.of("step-size", 0.25, "r-hat", Double.NaN)));
    view.refused("b.conf", List.of(new Problem("infer.chains", "0", "must be at least 1", "raise it")));
    view.event(new JobEvent.Finished("table", "{\"value\": 3}"));
    List<String> lines = out().lines().toList();
    ObjectMapper json = new ObjectMapper();
    assertEquals(6, lines.size());
    JsonNode progress = json.readTree(lines.get(3));
    assertEquals(0.25, progress.at("/numbers/step-size").doubleValue());
    assertTrue(progress.at("/numbers/r-hat").isNull());
    assertEquals("infer.chains", json.readTree(lines.get(4)).at("/problems/0/key").textValue());
    assertEquals(3, json.readTree(lines.get(1)).at("/layout/y").intValue());
    assertEquals(3, json.readTree(lines.get(5)).at("/summary/value").intValue());
    assertEquals("finished", json.readTree(lines.get(5)).at("/event").textValue());
  }

  @Test
  void shouldShowEveryProblemAtOnceApartFromResults() {
    PlainView view = new PlainView(print(out), print(err), clockNs::get);
    view.refused("a.conf", List.of(new Problem("infer.chains", "0", "must be at least 1", "raise it"),
        Problem.of("noise.npy", "is truncated", "copy it again")));
    assertEquals("", out());
    assertEquals(
        "halocline: a.conf cannot run: 2 problems\n  infer.chains = 0: must be at least 1; raise it\n  noise.npy: "
            + "is truncated; copy it again\n",
        err.toString(StandardCharsets.UTF_8));
  }
}
