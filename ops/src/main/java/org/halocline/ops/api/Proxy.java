package org.halocline.ops.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Refusal;
import org.halocline.ops.net.Listener;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.rank.NodeStatus;

/**
 * Passes a request on to another node where this node does not see the files that the answer needs: the state
 * directory, or a run directory. It asks the coordinator's node first, which sees all of them, then other nodes that
 * see the state directory. Request and answer are streamed. A request is passed on once. Thread-safe.
 */
final class Proxy {
  private static final String RELAYED = "Halocline-Relayed";
  private static final Duration SILENCE = Duration.ofSeconds(60);
  /** Below what a node lets a connection rest. */
  private static final Duration RESTS = Duration.ofSeconds(5);
  /** As long as a node may take to answer: see the server's request-timeout. */
  private static final Duration DIGESTION = Duration.ofSeconds(300);
  private static final long MOST_BYTES = 1L << 40;
  private static final long BELIEVED_NS = 2_000_000_000L;
  private static final List<String> KEPT = List.of("content-disposition", "location", "retry-after");

  private record Sight(boolean blind, long atNs) {}

  private final ActorSystem<?> system;
  private final ClusterClient cluster;
  private final String self;
  private final String token;
  private final Duration silence;
  private final Duration digestion;
  private final ConnectionPoolSettings pool;
  private volatile Optional<Sight> sight = Optional.empty();

  /**
   * @param self name of this node
   * @param token what this node shows where it asks in a caller's place; callers have shown theirs here
   */
  Proxy(ActorSystem<?> system, ClusterClient cluster, String self, String token) {
    this(system, cluster, self, token, SILENCE, DIGESTION);
  }

  /**
   * @param silence how long nothing of a body may move, or the answer to a request without a body may take
   * @param digestion how long the answer may take once all of a body has been passed on: it goes to a disk there
   */
  Proxy(ActorSystem<?> system, ClusterClient cluster, String self, String token, Duration silence, Duration digestion) {
    this.silence = silence;
    this.digestion = digestion;
    ConnectionPoolSettings usual = ConnectionPoolSettings.create(system.settings().config());
    this.pool = usual.withConnectionSettings(
        usual.getConnectionSettings()
            .withIdleTimeout(scala.concurrent.duration.Duration.fromNanos(2 * digestion.toNanos())))
        .withKeepAliveTimeout(RESTS).withMaxRetries(0); // a body is there once
    this.system = system;
    this.cluster = cluster;
    this.self = self;
    this.token = token;
  }

  /**
   * This node cannot see the files of the answer, and another may; the refusal where no other node sees them either.
   */
  static final class Unseen extends Refusal {
    private static final long serialVersionUID = 1;

    Unseen(int status, Problem problem) {
      super(status, problem);
    }
  }

  /** An endpoint that another node answers where this one does not see the files. */
  Endpoint endpoint(String method, String path, Endpoint.Access access, String summary, Endpoint.Handler handler) {
    return Endpoint.of(method, path, access, summary, call -> {
      try {
        if (isBlind())
          throw new Unseen(Refusal.UNAVAILABLE, Problem.of("state",
              "this node does not see the cluster's state directory, and no node that does can be asked from here",
              "ask a node that does: halocline nodes; or give such nodes an --http-host that this one reaches"));
        return handler.answer(call);
      } catch (Unseen unseen) {
        return elsewhere(call, unseen);
      }
    }).refuses(Refusal.UNAVAILABLE);
  }

  /** Whether this node sees another directory than the coordinator. */
  private boolean isBlind() throws InterruptedException {
    Optional<Sight> known = sight.filter(seen -> System.nanoTime() - seen.atNs < BELIEVED_NS);
    if (known.isPresent())
      return known.get().blind;
    try {
      boolean blind = NodeApi.answered(cluster.describe()).nodes().stream()
          .anyMatch(node -> node.name().equals(self) && node.isBlind());
      sight = Optional.of(new Sight(blind, System.nanoTime()));
      return blind;
    } catch (Refusal _) {
      return false; // what follows finds out
    }
  }

  private HttpResponse elsewhere(Call call, Refusal otherwise) throws Refusal, InterruptedException {
    if (call.header(RELAYED).isPresent())
      throw otherwise;
    boolean once = !call.method().equals("GET") && !call.method().equals("HEAD");
    for (String address : others()) {
      Optional<HttpResponse> answer = ask(call, address);
      if (answer.isPresent() && (once || answer.get().status().intValue() != Refusal.NOT_FOUND))
        return answer.get();
      answer.ifPresent(missing -> missing.discardEntityBytes(system));
      if (once)
        break;
    }
    throw otherwise;
  }

  /** Where other nodes that see the state directory are asked, the coordinator's first. */
  private List<String> others() throws Refusal, InterruptedException {
    ClusterStatus status = NodeApi.answered(cluster.describe());
    List<String> addresses = new ArrayList<>();
    for (NodeStatus node : status.nodes()) {
      boolean able = !node.name().equals(self) && !node.isBlind() && !node.httpAddress().isEmpty()
          && (node.state() == NodeStatus.State.UP || node.state() == NodeStatus.State.LEAVING);
      if (able && node.name().equals(status.coordinator()))
        addresses.addFirst(node.httpAddress());
      else if (able)
        addresses.addLast(node.httpAddress());
    }
    return addresses;
  }

  /** Empty where it does not answer. */
  private Optional<HttpResponse> ask(Call call, String address) throws Refusal, InterruptedException {
    HttpRequest request = HttpRequest.create(address + call.target())
        .withMethod(HttpMethods.lookup(call.method()).orElseThrow())
        .addHeader(RawHeader.create("Authorization", "Bearer " + token)).addHeader(RawHeader.create(RELAYED, self));
    boolean bare = call.method().equals("GET") || call.method().equals("HEAD");
    CompletableFuture<Done> sent = new CompletableFuture<>();
    if (bare)
      sent.complete(Done.getInstance());
    else
      request = request.withEntity(watched(call.entity(MOST_BYTES), sent));
    CompletableFuture<HttpResponse> asked = Http.get(system)
        .singleRequest(request, Http.get(system).defaultClientHttpsContext(), pool, system.classicSystem().log())
        .toCompletableFuture();
    long limitMs = (bare ? silence : digestion).toMillis();
    try {
      CompletableFuture.anyOf(asked, sent.thenCompose(_ -> asked.copy().orTimeout(limitMs, TimeUnit.MILLISECONDS)))
          .get();
      return Optional.of(own(asked.get()));
    } catch (ExecutionException _) {
      asked.thenAccept(late -> late.discardEntityBytes(system));
      return Optional.empty();
    }
  }

  /**
   * The same body; it fails where nothing of it moves for too long. {@code sent} ends when all of it has been passed
   * on.
   */
  private RequestEntity watched(RequestEntity body, CompletableFuture<Done> sent) {
    if (body.getContentLengthOption().orElse(1) == 0) {
      sent.complete(Done.getInstance());
      return body;
    }
    return Listener.like(body, body.getDataBytes().idleTimeout(silence).watchTermination((before, done) -> {
      done.whenComplete((end, failure) -> {
        if (failure == null)
          sent.complete(end);
        else
          sent.completeExceptionally(failure);
      });
      return before;
    }));
  }

  /** The other node's answer as this node gives it. */
  private static HttpResponse own(HttpResponse answer) {
    HttpResponse own = HttpResponse.create().withStatus(answer.status())
        .withEntity(Listener.like(answer.entity(), answer.entity().withoutSizeLimit().getDataBytes()));
    for (HttpHeader header : answer.getHeaders())
      if (KEPT.contains(header.lowercaseName()))
        own = own.addHeader(RawHeader.create(header.name(), header.value()));
    return own;
  }
}
