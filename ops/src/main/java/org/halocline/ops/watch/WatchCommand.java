package org.halocline.ops.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.halocline.ops.cli.Version;
import org.halocline.ops.client.ApiClient;
import org.halocline.ops.client.ClientOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a job live until it ends, or the events of all jobs. It asks another node when the node that it asks dies. */
@Command(name = "watch", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Shows a job live until it ends, and ends with its exit code; without a job, all events.")
public final class WatchCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "JOB", description = "Id of the job.")
  private Optional<String> job = Optional.empty();
  @Mixin
  private ClientOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.ask(client -> {
      if (job.isEmpty())
        return JobWatch.follow(client, options.json());
      JsonNode status = client.get("/jobs/" + ApiClient.encoded(job.get()));
      return JobWatch.show(client, status, options.json());
    });
  }
}
