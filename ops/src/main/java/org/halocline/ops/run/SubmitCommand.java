package org.halocline.ops.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.ops.client.ApiClient;
import org.halocline.ops.client.ApiException;
import org.halocline.ops.client.ClientOptions;
import org.halocline.ops.plan.JobSettings;
import org.halocline.ops.plan.Jobs;
import org.halocline.ops.watch.JobWatch;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checks a job here, sends its inputs, hands it to the cluster; with {@code --wait} shows it to its end, as run does.
 */
@Command(name = "submit", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Hands a job file to the cluster.")
public final class SubmitCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "JOB", description = "Job file, HOCON or JSON.")
  private Path job;
  @Option(names = "--wait", description = "Show it until it ends, and end with its exit code.")
  private boolean wait;
  @Option(names = "--id", paramLabel = "ID", description = "The job's id: letters, digits, dots, dashes. Left out: "
      + "made from the job, so that the same job is the same. Submitted twice under one id it runs once.")
  private Optional<String> id = Optional.empty();
  @Option(names = "--priority", paramLabel = "N", description = "-100 to 100; higher goes first. Left out: 0.")
  private int priority;
  @Option(names = "--most-lanes", paramLabel = "N", description = "Lanes it may have at once. Left out: all it can "
      + "use.")
  private Optional<Integer> mostLanes = Optional.empty();
  @Option(names = "--most-restarts", paramLabel = "N", description = "How often in a row it is started again "
      + "without having come further.")
  private Optional<Integer> mostRestarts = Optional.empty();
  @Option(names = "--most-seconds", paramLabel = "N", description = "How long it may run in all.")
  private Optional<Integer> mostSeconds = Optional.empty();
  @Option(names = "--output", paramLabel = "DIR", description = "Run directory, on a disk that all nodes see. Left "
      + "out: under the state directory.")
  private Optional<Path> output = Optional.empty();
  @Option(names = "--resume", description = "Go on with the run that is in --output.")
  private boolean resume;
  @Mixin
  private JobSettings settings;
  @Mixin
  private ClientOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.ask(client -> {
      JobFile file = orThrow(settings.read(job));
      JobSpec spec = orThrow(Jobs.kinds().check(file).then(checked -> checked.spec()));
      for (Map.Entry<String, String> input : spec.inputDigests().entrySet())
        client.sendBlob(input.getValue(), Path.of(input.getKey()));
      JsonNode answer = client.post("/jobs", body(file, spec));
      JsonNode submitted = answer.path("job");
      if (!wait) {
        if (options.json())
          System.out.println(Plain.text(answer.toString()));
        else
          tell(client, answer);
        return ExitCode.DONE;
      }
      return JobWatch.show(client, submitted, options.json());
    });
  }

  /** Says that the job is on disk, and what keeps nodes from being of use. */
  private static void tell(ApiClient client, JsonNode answer) throws ApiException, InterruptedException {
    JsonNode job = answer.path("job");
    System.out.println(Plain.line(job.path("id").asText()) + (answer.path("known").asBoolean()
        ? " was submitted before; it is " + job.path("state").asText()
        : " is submitted"));
    for (JsonNode node : client.get("/nodes?old=1").path("nodes"))
      if (!node.path("why").asText().isEmpty())
        System.err.println(
            "halocline: " + Plain.line(node.path("name").asText() + ": " + node.path("why").asText()));
  }

  private ObjectNode body(JobFile file, JobSpec spec) {
    ObjectNode body = ApiClient.JSON.createObjectNode().put("name", file.name()).put("text", spec.resolvedText())
        .put("priority", priority).put("resume", resume);
    body.set("inputs", ApiClient.JSON.valueToTree(spec.inputDigests()));
    body.putObject("given").put("name", file.name()).put("text", file.text());
    id.ifPresent(name -> body.put("id", name));
    mostLanes.ifPresent(lanes -> body.put("most-lanes", lanes));
    mostRestarts.ifPresent(restarts -> body.put("most-restarts", restarts));
    mostSeconds.ifPresent(seconds -> body.put("most-seconds", seconds));
    output.ifPresent(directory -> body.put("run-directory", FilePath.absolute(directory).toString()));
    return body;
  }

  private static <T> T orThrow(Checked<T> checked) throws ApiException {
    return switch (checked) {
      case Checked.Valid<T>(T value) -> value;
      case Checked.Invalid<T>(List<Problem> problems) -> throw new ApiException(ExitCode.BAD_INPUT, problems);
    };
  }
}
