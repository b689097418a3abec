package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that ask one thing and print the answer. */
public final class AskCommands {

  private AskCommands() {}

  /** {@code status}. */
  @Command(name = "status", mixinStandardHelpOptions = true, description = "Says how the cluster is, or one job.")
  public static final class Status implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "JOB", description = "Id of a job. Left out: the whole cluster.")
    private Optional<String> job = Optional.empty();
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        JsonNode answer = client.get(job.map(id -> "/jobs/" + ApiClient.encoded(id)).orElse("/status"));
        if (options.json())
          System.out.println(answer);
        else if (job.isPresent())
          System.out.print(Words.job(answer));
        else
          System.out.print(Words.cluster(answer));
        return ExitCode.DONE;
      });
    }
  }

  /** {@code list}. */
  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists jobs, newest first.")
  public static final class Jobs implements Callable<Integer> {
    @Option(names = "--most", paramLabel = "N", description = "How many at most. Left out: 50.")
    private int most = 50;
    @Option(names = "--skip", paramLabel = "N", description = "How many of the newest to leave out.")
    private int skip;
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        JsonNode answer = client.get("/jobs?most=" + most + "&skip=" + skip);
        int shown = skip + answer.path("jobs").size();
        int more = answer.path("all").asInt() - shown;
        System.out.print(options.json()
            ? answer + "\n"
            : Words.jobs(answer.path("jobs")) + (more > 0 ? "and " + more + " more: --skip " + shown + "\n" : ""));
        return ExitCode.DONE;
      });
    }
  }

  /** {@code nodes}. */
  @Command(name = "nodes", mixinStandardHelpOptions = true, description = "Lists the cluster's nodes, what each lane does, and what nodes have sent each other.")
  public static final class Nodes implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        JsonNode answer = client.get("/nodes");
        JsonNode nodes = answer.path("nodes");
        String transfers = Words.transfers(nodes);
        System.out.print(options.json()
            ? answer + "\n"
            : Words.nodes(nodes) + "\n" + Words.lanes(nodes) + (transfers.isEmpty() ? "" : "\n" + transfers));
        return ExitCode.DONE;
      });
    }
  }

  /** {@code actors}. */
  @Command(name = "actors", mixinStandardHelpOptions = true, description = "Lists the cluster's actors.")
  public static final class Actors implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        JsonNode answer = client.get("/actors");
        System.out.print(options.json() ? answer + "\n" : Words.actors(answer.path("actors")));
        return ExitCode.DONE;
      });
    }
  }

  /** {@code cancel}. */
  @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Ends a job soon, with a checkpoint.")
  public static final class Cancel implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "JOB", description = "Id of the job.")
    private String job;
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        JsonNode answer = client.post("/jobs/" + ApiClient.encoded(job) + "/cancel", ApiClient.JSON.createObjectNode());
        System.out.println(options.json()
            ? answer.toString()
            : (answer.path("state").asText().equals("cancelled") ? "cancelled " : "cancelling ")
                + Plain.line(answer.path("id").asText()));
        return ExitCode.DONE;
      });
    }
  }

  /** {@code logs}. */
  @Command(name = "logs", mixinStandardHelpOptions = true, description = "Prints the end of a job's log, or of the node's.")
  public static final class Logs implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "JOB", description = "Id of a job. Left out: the log of the node that is asked.")
    private Optional<String> job = Optional.empty();
    @Option(names = "--lines", paramLabel = "N", description = "How many lines. Left out: 200.")
    private int lines = 200;
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        String text = client.text("/logs?lines=" + lines + job.map(id -> "&job=" + ApiClient.encoded(id)).orElse(""));
        System.out.print(options.json()
            ? ApiClient.JSON.createObjectNode().set("lines", ApiClient.JSON.valueToTree(text.lines().toList())) + "\n"
            : Plain.text(text));
        return ExitCode.DONE;
      });
    }
  }

  /** {@code page}. */
  @Command(name = "page", mixinStandardHelpOptions = true, description = "Prints a link to the page that may cancel jobs: for one browser, within ten minutes.")
  public static final class Page implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws InterruptedException {
      return options.ask(client -> {
        JsonNode answer = client.post("/session-keys", ApiClient.JSON.createObjectNode());
        String link = client.address() + "/#key=" + answer.path("key").asText();
        System.out.println(options.json() ? ApiClient.JSON.createObjectNode().put("link", link).toString() : link);
        return ExitCode.DONE;
      });
    }
  }
}
