package org.halocline.ops.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.ops.client.ApiClient;
import org.halocline.ops.client.ApiException;
import org.halocline.ops.client.ClientOptions;
import org.halocline.ops.client.EventReader;
import org.halocline.ops.http.Answers;
import org.halocline.runtime.job.Doubts;
import org.halocline.runtime.job.JobEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a job of a cluster as {@code run} shows its own. */
public final class JobWatch {
  private static final ObjectReader EVENTS = Answers.mapper().reader()
      .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private JobWatch() {}

  /** It asks another node when the node that it asks dies. */
  @Command(name = "watch", mixinStandardHelpOptions = true, versionProvider = Version.class,
      description = "Shows a job live until it ends, and ends with its exit code; without a job, all events.")
  static int watch(@Mixin ClientOptions options, @Parameters(index = "0", arity = "0..1", paramLabel = "JOB",
      description = "Id of the job.") Optional<String> job) throws InterruptedException {
    return options.ask(client -> job.isEmpty()
        ? follow(client, options.json())
        : show(client, client.get("/jobs/" + ApiClient.encoded(job.get())), options.json()));
  }

  /**
   * Shows a job until its last event.
   *
   * @return the exit code that {@code run} would have
   */
  public static int show(ApiClient client, JsonNode job, boolean json) throws ApiException, InterruptedException {
    RunView view = RunView.of(json);
    String id = job.path("id").asText();
    view.starts(id, job.path("kind").asText(), Path.of(job.path("run-directory").asText()));
    AtomicReference<JobEvent> last = new AtomicReference<>();
    long submitted = job.path("submitted-epoch-millis").asLong(); // before, it may have ended under the same id
    new EventReader(client, "/jobs/" + ApiClient.encoded(id) + "/events").read(record -> {
      if (record.path("at-epoch-millis").asLong() < submitted)
        return false;
      JobEvent event = event(record);
      view.event(event);
      last.set(event);
      return event.isLast();
    }, view::silent);
    return RunView.exitCode(last.get());
  }

  /** @throws IllegalStateException when it is of a kind that this version does not know */
  static JobEvent event(JsonNode record) {
    try {
      return EVENTS.treeToValue(record.path("event"), JobEvent.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event that this version does not know: " + e.getOriginalMessage(), e);
    }
  }

  /** Prints a line for each event of all jobs, until a signal. */
  private static int follow(ApiClient client, boolean json) throws ApiException, InterruptedException {
    new EventReader(client, "/events").read(record -> {
      System.out.println(Plain.text(json ? record.toString() : line(record)));
      return false;
    }, line -> {
      if (json)
        System.out.println(ApiClient.JSON.createObjectNode().put("event", "silent").put("line", line));
      else
        System.err.println("halocline: " + line);
    });
    throw new IllegalStateException("events have no end");
  }

  private static String finished(String summary) {
    List<String> doubts = Doubts.of(summary);
    return "finished"
        + (doubts.isEmpty() ? "" : ", but the results are not to be believed: " + String.join("; ", doubts));
  }

  private static String line(JsonNode record) {
    String what = switch (event(record)) {
      case JobEvent.Accepted(_, String directory, int incarnation) -> "start " + incarnation + " in " + directory;
      case JobEvent.Planned(_, String explanation) -> explanation;
      case JobEvent.Progress(String source, _, String text, _) -> source + ": " + text;
      case JobEvent.Checkpointed(String source, double millis, long bytes, _) ->
        source + ": checkpoint of " + bytes + " bytes in " + Math.round(millis) + " ms";
      case JobEvent.Waiting(String why) -> "queued: " + why;
      case JobEvent.Interrupted(String why, _) -> "interrupted: " + why;
      case JobEvent.Recovered recovered -> "runs again after " + recovered.recovery().cause();
      case JobEvent.Finished(_, String summary) -> finished(summary);
      case JobEvent.AlreadyFinished(_, String summary) -> finished(summary);
      case JobEvent.Failed(_, String message) -> "failed: " + message;
      case JobEvent.Cancelled(String reason) -> "cancelled: " + reason;
      case JobEvent.ClusterChanged changed -> changed.line();
    };
    String job = record.path("job-id").asText();
    return CLOCK.format(Instant.ofEpochMilli(record.path("at-epoch-millis").asLong())
        .atZone(ZoneId.systemDefault())) + " "
        + (job.isEmpty() ? "" : job + " ") + what.replace("\n", "\n    ");
  }
}
