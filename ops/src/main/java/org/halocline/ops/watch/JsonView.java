package org.halocline.ops.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.Recovery;

/**
 * One JSON object a line, each with its {@code event}; the last one holds the summary. Numbers that are not finite are
 * null.
 */
public final class JsonView implements RunView {
  private final PrintStream out;
  private String output = "";

  public JsonView(PrintStream out) {
    this.out = out;
  }

  @Override
  public void starts(String job, String kind, Path into) {
    output = into.toString();
    print(line("starts").put("halocline", Version.number()).put("job", job).put("kind", kind).put("output", output));
  }

  @Override
  public void refused(String job, List<Problem> problems) {
    print(line("refused").put("job", job).set("problems", Json.MAPPER.valueToTree(problems)));
  }

  @Override
  public void event(JobEvent event) {
    switch (event) {
      case JobEvent.Accepted(String jobId, String directory, int incarnation) ->
        print(line("accepted").put("job-id", jobId).put("output", directory).put("incarnation", incarnation));
      case JobEvent.Planned planned -> {
        ObjectNode line = line("planned");
        line.putObject("layout").put("domains", planned.layout().domains()).put("x", planned.layout().x()).put("y",
            planned.layout().y());
        print(line.put("explanation", planned.explanation()));
      }
      case JobEvent.Progress progress -> {
        ObjectNode line = line("progress").put("source", progress.source()).put("line", progress.line());
        ObjectNode numbers = line.putObject("numbers");
        progress.numbers().forEach(numbers::put);
        print(line);
      }
      case JobEvent.Finished(_, String summary) -> print(withSummary(line("finished"), summary));
      case JobEvent.AlreadyFinished(_, String summary) -> print(withSummary(line("already-finished"), summary));
      case JobEvent.Failed(boolean badInput, String message) ->
        print(line("failed").put("bad-input", badInput).put("message", message));
      case JobEvent.Cancelled(String reason) -> print(line("cancelled").put("reason", reason).put("output", output));
      case JobEvent.Waiting(String why) -> print(line("waiting").put("why", why));
      case JobEvent.Interrupted(String why, int restarts) ->
        print(line("interrupted").put("why", why).put("without-progress", restarts));
      case JobEvent.Recovered(Recovery figures) -> print(line("recovered").put("cause", figures.cause())
          .put("detect-millis", figures.detectMillis()).put("replan-millis", figures.replanMillis())
          .put("lost-millis", figures.lostMillis()));
      case JobEvent.Checkpointed _,JobEvent.ClusterChanged _ -> {
      }
    }
  }

  @Override
  public void silent(String line) {
    print(line("silent").put("line", line));
  }

  @Override
  public void stopping() {
    print(line("stopping"));
  }

  private ObjectNode line(String event) {
    return Json.MAPPER.createObjectNode().put("event", event);
  }

  private ObjectNode withSummary(ObjectNode line, String summary) {
    line.put("output", output);
    try {
      return line.set("summary", Json.MAPPER.readTree(summary.isBlank() ? "{}" : summary));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the job's summary is not JSON: " + summary, e);
    }
  }

  private void print(ObjectNode line) {
    out.println(Plain.text(StrictJson.text(line)));
    out.flush();
  }
}
