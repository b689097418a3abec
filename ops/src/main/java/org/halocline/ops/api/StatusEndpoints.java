package org.halocline.ops.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.cluster.ActorStatus;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.rank.NodeStatus;

/** How everything is: the cluster, its nodes, its actors, this node's log, and the description of all this. */
final class StatusEndpoints {
  private static final int USUAL_LINES = 200;
  private static final Parameter LINES = Parameter.query("lines", 1, 10_000,
      "How many lines; " + USUAL_LINES + " where left out.");
  private static final Parameter OLD = Parameter.query("old", 0, 1,
      "1: where the coordinator is silent, its last status that this node knows is the answer.");
  private static final int MOST_LOG_BYTES = 1 << 20;

  private static final String JOB_LOG = "run.log";

  private static final String AGE = "How long ago the coordinator told this; 0 for now.";

  private record Status(@JsonUnwrapped ClusterStatus status, @JsonPropertyDescription(AGE) long ageMillis) {}

  private record Nodes(List<NodeStatus> nodes, @JsonPropertyDescription(AGE) long ageMillis) {}

  private record Actors(List<ActorStatus> actors,
      @JsonPropertyDescription("How many actors were left out.") int moreActors,
      @JsonPropertyDescription(AGE) long ageMillis) {}

  private final NodeApi api;
  private final LastStatus last;

  StatusEndpoints(NodeApi api) {
    this.api = api;
    this.last = new LastStatus(api.cluster(), System::nanoTime);
  }

  List<Endpoint> all() {
    Endpoint ofJob = api.proxy()
        .endpoint("GET", NodeApi.ROOT + "/logs", Endpoint.Access.READ, "The end of this node's log, or of a job's.",
            call -> log(call,
                FileEndpoints.resolve(FileEndpoints.directory(api, call.query("job").orElseThrow()), JOB_LOG)))
        .takes(LINES, Parameter.query("job", "Id of a job.")).answers(200, Endpoint.TEXT, String.class)
        .refuses(Refusal.NOT_FOUND);
    return List.of(status("/status", "How everything is.", Status.class, Status::new),
        status("/nodes", "Nodes and their lanes.", Nodes.class, (now, age) -> new Nodes(now.nodes(), age)),
        status("/actors", "Actors.", Actors.class, (now, age) -> new Actors(now.actors(), now.moreActors(), age)),
        ofJob.by(call -> call.query("job").isPresent() ? ofJob.handler().answer(call) : log(call, api.log())));
  }

  /** Of what the coordinator tells now; with {@code old=1} what it told before will do where it is silent. */
  private <T> Endpoint status(String path, String summary, Class<T> holds, BiFunction<ClusterStatus, Long, T> answer) {
    return Endpoint.of("GET", NodeApi.ROOT + path, Endpoint.Access.READ, summary, call -> {
      boolean old = call.number(OLD).orElse(0) == 1;
      LastStatus.Heard heard = last.newest(old);
      return Answers.ok(answer.apply(heard.status(), heard.ageMillis()));
    }).takes(OLD).answers(200, holds).refuses(Refusal.UNAVAILABLE);
  }

  /** The end of this node's log, or of that of a job. */
  private static HttpResponse log(Call call, Path log) throws Refusal, IOException {
    int lines = (int) call.number(LINES).orElse(USUAL_LINES);
    return Answers.plain(200, ContentTypes.TEXT_PLAIN_UTF8, tail(log, lines));
  }

  /** The last lines of a file, as far as they lie within its last mebibyte. */
  static String tail(Path file, int lines) throws IOException {
    if (!Files.exists(file))
      return "";
    byte[] bytes;
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - MOST_LOG_BYTES);
      log.seek(from);
      bytes = new byte[(int) (log.length() - from)];
      log.readFully(bytes);
    }
    int start = bytes.length;
    for (int left = lines; start > 0; start--)
      if (bytes[start - 1] == '\n' && start < bytes.length && --left == 0)
        break;
    return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
  }
}
