package org.halocline.ops.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections and has their requests answered, within {@link ConnectionLimits}. Thread-safe. Closing it ends all
 * connections.
 */
public final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final ByteString FULL = ByteString.fromString(
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  private static final long BINDS_WITHIN_S = 10;
  private static final int BACKLOG = 512;
  private static final Duration CLOSES_WITHIN = Duration.ofSeconds(2);
  /** Stands for the encryption that the HTTP layer expects. */
  private static final BidiFlow<SslTlsOutbound, SslTlsOutbound, SessionBytes, SslTlsInbound, NotUsed> PLAIN = BidiFlow
      .fromFlows(Flow.of(SslTlsOutbound.class), Flow.of(SessionBytes.class).map(bytes -> bytes));

  private final ActorSystem<?> system;
  private final Materializer materializer;
  private final ServerSettings settings;
  private final Connections connections;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> answering;
  private final Tcp.ServerBinding binding;

  /**
   * Listens.
   *
   * @param answering must not block
   * @throws ExecutionException when it cannot listen there
   */
  public Listener(ActorSystem<?> system, InetSocketAddress at, ServerSettings settings, ConnectionLimits limits,
      Function<HttpRequest, CompletionStage<HttpResponse>> answering)
      throws InterruptedException, ExecutionException, TimeoutException {
    this.system = system;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.settings = settings;
    this.connections = new Connections(limits, System::nanoTime);
    this.answering = answering;
    this.binding = Tcp.get(system.classicSystem())
        .bind(at.getHostString(), at.getPort(), BACKLOG, List.of(), false, Optional.empty())
        .to(Sink.foreach(this::accept)).run(materializer).toCompletableFuture()
        .get(BINDS_WITHIN_S, TimeUnit.SECONDS);
  }

  public InetSocketAddress address() {
    return binding.localAddress();
  }

  private void accept(Tcp.IncomingConnection incoming) {
    connections.admit(incoming.remoteAddress().getAddress()).ifPresentOrElse(
        connection -> incoming.handleWith(speaking(connection), materializer),
        () -> incoming.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.single(FULL)), materializer));
  }

  private Flow<ByteString, ByteString, NotUsed> speaking(Connection connection) {
    return Flow.of(HttpRequest.class).mapAsync(1, request -> {
      connection.asked();
      return answering.apply(watched(request, connection)).thenApply(response -> watched(response, connection));
    }).join(Http.get(system).serverLayer(settings).atop(PLAIN).atop(TLSPlacebo.getInstance())
        .atop(BidiFlow.fromGraph(new ConnectionGuard(connection, connections))));
  }

  /** Tells how long its body is on its way. */
  private static HttpRequest watched(HttpRequest request, Connection connection) {
    RequestEntity entity = request.entity();
    if (entity.isStrict())
      return request;
    connection.bodyBegins();
    return request.withEntity(watched(entity, connection::bodyEnds));
  }

  /** Tells when all of it has been handed over. */
  private static HttpResponse watched(HttpResponse response, Connection connection) {
    ResponseEntity entity = response.entity();
    if (entity.isStrict()) {
      connection.answered();
      return response;
    }
    return response.withEntity(watched(entity, connection::answered));
  }

  /** The same bytes; {@code ended} is called once all have passed, or no more will. */
  private static RequestEntity watched(ResponseEntity entity, Runnable ended) {
    return like(entity, entity.withoutSizeLimit().getDataBytes().watchTermination((before, done) -> {
      done.whenComplete((_, _) -> ended.run());
      return before;
    }));
  }

  /** Makes a body of these bytes, of the type and length of another body; empty where the other is empty. */
  public static RequestEntity like(HttpEntity other, Source<ByteString, Object> bytes) {
    OptionalLong length = other.getContentLengthOption();
    if (length.orElse(1) == 0)
      return HttpEntities.EMPTY;
    return length.isPresent()
        ? HttpEntities.create(other.getContentType(), length.getAsLong(), bytes)
        : HttpEntities.createChunked(other.getContentType(), bytes);
  }

  /** Stops listening. Requests that are being answered have a moment, and are then cut. */
  @Override
  public void close() {
    try {
      binding.unbind().toCompletableFuture().get(CLOSES_WITHIN.toSeconds(), TimeUnit.SECONDS);
      connections.close(CLOSES_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("the HTTP server does not stop in time: {}", e.toString());
    }
  }
}
