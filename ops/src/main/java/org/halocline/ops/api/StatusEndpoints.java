package org.halocline.ops.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.cluster.ClusterStatus;

/** How everything is: the cluster, its nodes, its actors, this node's log, and the description of all this. */
final class StatusEndpoints {
  private static final int USUAL_LINES = 200;
  private static final int MOST_LINES = 10_000;
  private static final int MOST_LOG_BYTES = 1 << 20;

  private static final String JOB_LOG = "run.log";

  private final NodeApi api;
  private final LastStatus last;

  StatusEndpoints(NodeApi api) {
    this.api = api;
    this.last = new LastStatus(api.cluster(), System::nanoTime);
  }

  List<Endpoint> all() {
    Endpoint ofJob = api.relay().endpoint("GET", NodeApi.ROOT + "/logs", Endpoint.Access.READ,
        call -> log(call,
            FileEndpoints.resolve(FileEndpoints.directory(api, call.query("job").orElseThrow()), JOB_LOG)));
    return List.of(status("/status", status -> Answers.mapper().valueToTree(status)),
        status("/nodes", status -> Answers.mapper().valueToTree(Map.of("nodes", status.nodes()))),
        status("/actors",
            status -> Answers.mapper()
                .valueToTree(Map.of("actors", status.actors(), "more-actors", status.moreActors()))),
        new Endpoint("GET", NodeApi.ROOT + "/logs", Endpoint.Access.READ,
            call -> call.query("job").isPresent() ? ofJob.handler().answer(call) : log(call, api.log())),
        new Endpoint("GET", NodeApi.ROOT + "/openapi.json", Endpoint.Access.OPEN, _ -> Answers.plain(200,
            ContentTypes.APPLICATION_JSON, description())));
  }

  /** Of what the coordinator tells now; with {@code old=1} what it told before will do where it is silent. */
  private Endpoint status(String path, Function<ClusterStatus, ObjectNode> answer) {
    return new Endpoint("GET", NodeApi.ROOT + path, Endpoint.Access.READ, call -> {
      boolean old = call.query("old", 0, 0, 1) == 1;
      LastStatus.Heard heard = NodeApi.answered(() -> last.newest(old));
      return Answers.ok(answer.apply(heard.status()).put("age-millis", heard.ageMillis()));
    });
  }

  /** The end of this node's log, or of that of a job. */
  private static HttpResponse log(Call call, Path log) throws Refusal, IOException {
    int lines = (int) call.query("lines", USUAL_LINES, 1, MOST_LINES);
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

  /** The OpenAPI document. */
  static String description() throws IOException {
    try (InputStream in = StatusEndpoints.class.getResourceAsStream("openapi.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
