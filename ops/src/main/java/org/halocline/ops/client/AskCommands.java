package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.halocline.ops.cli.Plain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that ask one thing and print the answer. */
public final class AskCommands {
  private AskCommands() {}

  @Command(name = "status", mixinStandardHelpOptions = true, description = "Says how the cluster is, or one job.")
  static int status(@Mixin ClientOptions options, @Parameters(index = "0", arity = "0..1", paramLabel = "JOB",
      description = "Id of a job. Left out: the whole cluster.") Optional<String> job) throws InterruptedException {
    return options.tell(client -> client.get(job.map(id -> "/jobs/" + ApiClient.encoded(id)).orElse("/status?old=1")),
        answer -> job.isPresent() ? Words.job(answer) : Words.asOf(answer) + Words.cluster(answer));
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists jobs, newest first.")
  static int list(@Mixin ClientOptions options,
      @Option(names = "--most", paramLabel = "N", defaultValue = "50",
          description = "How many at most. Left out: 50.") int most,
      @Option(names = "--skip", paramLabel = "N", description = "How many of the newest to leave out.") int skip)
      throws InterruptedException {
    return options.tell(client -> client.get("/jobs?most=" + most + "&skip=" + skip), answer -> {
      int shown = skip + answer.path("jobs").size();
      int more = answer.path("all").asInt() - shown;
      return Words.jobs(answer.path("jobs")) + (more > 0 ? "and " + more + " more: --skip " + shown + "\n" : "");
    });
  }

  @Command(name = "nodes", mixinStandardHelpOptions = true, description = "Lists the cluster's nodes, what each lane "
      + "does, and what nodes have sent each other.")
  static int nodes(@Mixin ClientOptions options) throws InterruptedException {
    return options.tell(client -> client.get("/nodes?old=1"), answer -> {
      JsonNode nodes = answer.path("nodes");
      String transfers = Words.transfers(nodes);
      return Words.asOf(answer) + Words.nodes(nodes) + "\n" + Words.lanes(nodes)
          + (transfers.isEmpty() ? "" : "\n" + transfers);
    });
  }

  @Command(name = "actors", mixinStandardHelpOptions = true, description = "Lists the cluster's actors.")
  static int actors(@Mixin ClientOptions options) throws InterruptedException {
    return options.tell(client -> client.get("/actors?old=1"), answer -> Words.asOf(answer) + Words.actors(answer));
  }

  @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Ends a job soon, with a checkpoint.")
  static int cancel(@Mixin ClientOptions options,
      @Parameters(index = "0", paramLabel = "JOB", description = "Id of the job.") String job)
      throws InterruptedException {
    return options.tell(
        client -> client.post("/jobs/" + ApiClient.encoded(job) + "/cancel", ApiClient.JSON.createObjectNode()),
        answer -> (answer.path("state").asText().equals("cancelled") ? "cancelled " : "cancelling ")
            + Plain.line(answer.path("id").asText()) + "\n");
  }

  @Command(name = "logs", mixinStandardHelpOptions = true, description = "Prints the end of a job's log, or of the "
      + "node's.")
  static int logs(@Mixin ClientOptions options, @Parameters(index = "0", arity = "0..1", paramLabel = "JOB",
      description = "Id of a job. Left out: the log of the node that is asked.") Optional<String> job,
      @Option(names = "--lines", paramLabel = "N", defaultValue = "200",
          description = "How many lines. Left out: 200.") int lines)
      throws InterruptedException {
    String path = "/logs?lines=" + lines + job.map(id -> "&job=" + ApiClient.encoded(id)).orElse("");
    return options.tell(client -> ApiClient.JSON.createObjectNode().set("lines",
        ApiClient.JSON.valueToTree(client.text(path).lines().toList())), answer -> {
          StringBuilder text = new StringBuilder();
          answer.path("lines").forEach(line -> text.append(line.asText()).append('\n'));
          return Plain.text(text.toString());
        });
  }

  @Command(name = "page", mixinStandardHelpOptions = true, description = "Prints a link to the page that may cancel "
      + "jobs: for one browser, within ten minutes.")
  static int page(@Mixin ClientOptions options) throws InterruptedException {
    return options.tell(client -> {
      JsonNode answer = client.post("/session-keys", ApiClient.JSON.createObjectNode());
      return ApiClient.JSON.createObjectNode().put("link", client.address() + "/#key=" + answer.path("key").asText());
    }, answer -> answer.path("link").asText() + "\n");
  }
}
