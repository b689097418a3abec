package org.halocline.ops.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Refusal;
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
 * @param cluster
 *          the way to the coordinator
 * @param kinds
 *          what jobs there may be
 * @param state
 *          the state directory, where blobs lie
 * @param token
 *          what requests to the coordinator carry
 * @param relay
 *          for what this node does not see
 * @param log
 *          this node's log file
 */
public record NodeApi(ClusterLine cluster, JobKinds kinds, StateDirectory state, String token, Relay relay, Path log) {
  public static final String ROOT = "/api/v1";
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  /** What this node can be asked. */
  public static NodeApi of(HaloclineNode node, JobKinds kinds, Path log) {
    ClusterLine cluster = ClusterLine.of(node.system(), node.client().coordinator());
    return new NodeApi(cluster, kinds, node.state().orElseThrow(), node.token(),
        new Relay(node.system(), cluster, node.address(), node.token()), log);
  }

  /** A record would print its token. */
  @Override
  public String toString() {
    return "NodeApi[" + state.path() + "]";
  }

  /** The table of endpoints. */
  public List<Endpoint> endpoints() throws IOException {
    BlobStore blobs = state.blobs();
    blobs.removeAbandoned(Instant.now().minus(ABANDONED_AFTER));
    List<Endpoint> all = new ArrayList<>();
    all.addAll(new StatusEndpoints(this).all());
    all.addAll(new JobEndpoints(this, new JobOrders(kinds, state)).all());
    all.addAll(new EventEndpoints(this).all());
    all.addAll(new BlobEndpoints(blobs, relay).all());
    all.addAll(new FileEndpoints(this).all());
    all.addAll(new DrawEndpoints(this).all());
    all.addAll(new PageEndpoints().all());
    return List.copyOf(all);
  }

  /** A question to the coordinator. */
  interface Question<T> {
    T ask() throws ClusterSilentException, InterruptedException;
  }

  /** Silence of the coordinator becomes an answer that says so. */
  static <T> T answered(Question<T> question) throws Refusal, InterruptedException {
    try {
      return question.ask();
    } catch (ClusterSilentException e) {
      throw new Refusal(Refusal.UNAVAILABLE, e.problem());
    }
  }

  /** The job of an id. */
  JobStatus job(String id) throws Refusal, InterruptedException {
    return switch (answered(() -> cluster.job(id))) {
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
