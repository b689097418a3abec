package org.halocline.ops.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.state.BlobStore;
import org.halocline.runtime.state.StateDirectory;

/**
 * All that a node can be asked.
 *
 * @param cluster the way to the coordinator
 * @param kinds what jobs there may be
 * @param state the state directory, where blobs lie
 * @param proxy for what this node does not see
 * @param log this node's log file
 */
public record NodeApi(ClusterClient cluster, JobKinds kinds, StateDirectory state, Proxy proxy, Path log) {
  public static final String ROOT = "/api/v1";
  private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(45);
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  public static NodeApi of(HaloclineNode node, JobKinds kinds, Path log) {
    ClusterClient cluster = node.client().withTimeouts(QUESTION_TIMEOUT, CHANGE_TIMEOUT);
    return new NodeApi(cluster, kinds, node.state().orElseThrow(),
        new Proxy(node.system(), cluster, node.address(), node.token()), log);
  }

  public List<Endpoint> endpoints() throws IOException {
    BlobStore blobs = state.blobs();
    blobs.removeAbandoned(Instant.now().minus(ABANDONED_AFTER));
    return Stream.of(new StatusEndpoints(this).all(), new JobEndpoints(this, new JobOrders(kinds, state)).all(),
        new EventEndpoints(this).all(), new BlobEndpoints(blobs, proxy).all(), new FileEndpoints(this).all(),
        new DrawEndpoints(this).all(), new PageEndpoints().all()).flatMap(List::stream).toList();
  }

  /** Waits for what the coordinator was asked just now; its silence becomes an answer that says so. */
  static <T> T answered(CompletionStage<T> question) throws Refusal, InterruptedException {
    long askedNs = System.nanoTime();
    try {
      return question.toCompletableFuture().get();
    } catch (ExecutionException _) {
      throw silent(Duration.ofNanos(System.nanoTime() - askedNs));
    }
  }

  /** The coordinator has not answered. It may be moving to another node: asked again, it does nothing twice. */
  static Refusal silent(Duration waited) {
    return new Refusal(Refusal.UNAVAILABLE, Problem.of("coordinator", "has not answered for "
        + Math.round(waited.toMillis() / 100.0) / 10.0 + " s; it may be moving to another node",
        "ask again in some seconds"));
  }

  JobStatus job(String id) throws Refusal, InterruptedException {
    return switch (answered(cluster.job(id))) {
      case JobReply.Found(JobStatus job) -> job;
      case JobReply.Unknown _ -> throw unknown(id);
    };
  }

  static Refusal unknown(String id) {
    String printable = id.replaceAll("[^\\p{Graph} ]", "?");
    return new Refusal(Refusal.NOT_FOUND,
        new Problem("job", printable, "is not known to this cluster", "see the list of jobs: halocline list"));
  }
}
