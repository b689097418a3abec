package org.halocline.ops.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.halocline.ops.net.Listener;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.membership.NodeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a table of endpoints to callers that may ask them. Thread-safe. It lives on a node's actor system and is
 * closed before it.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Executor CALLS = task -> Thread.ofVirtual().name("http-call").start(task);
  /** What a page may do: nothing but talk to the node that served it. */
  private static final Map<String, String> GUARDS = Map.of("Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy",
      "same-origin", "Cross-Origin-Opener-Policy", "same-origin");

  private final Gate gate;
  private final Routes routes;
  private final Materializer materializer;
  private final Listener listener;

  private HttpServer(ActorSystem<?> system, HttpSettings settings, Gate gate, List<Endpoint> endpoints) {
    this.gate = gate;
    List<Endpoint> all = new ArrayList<>(endpoints);
    all.addAll(new SessionEndpoints(gate, () -> address().getPort()).all());
    all.add(Endpoint
        .of("GET", Routes.DOCUMENT, Endpoint.Access.OPEN, "This document.",
            _ -> Answers.ok(OpenApi.of(all, Routes.API)))
        .answers(200, ObjectNode.class));
    this.routes = new Routes(all);
    this.materializer = SystemMaterializer.get(system).materializer();
    this.listener = listen(system, settings);
  }

  /**
   * Listens.
   *
   * @param token what lets callers change state; empty: no caller may
   * @param endpoints what can be asked, beside sessions for the page
   * @throws NodeException when the port is taken, or others than this machine could connect and there is no token
   */
  public static HttpServer start(ActorSystem<?> system, HttpSettings settings, Optional<AccessToken> token,
      List<Endpoint> endpoints, Clock clock) {
    boolean loopback = settings.isLoopback();
    if (!loopback && token.isEmpty())
      throw NodeException.refused(
          new Problem("http-host", settings.host(), "lets other machines connect, and there is no token",
              "give the node a state directory, which holds one"),
          new IllegalArgumentException("no token"));
    Set<String> names = Stream.concat(settings.names().stream(), Stream.of(settings.host()))
        .map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    if (!loopback)
      LOG.warn("the page and the API on {} are in clear text, the token too: reach them by ssh -L or a TLS proxy",
          settings.host());
    return new HttpServer(system, settings, new Gate(names, token, new PageSessions(clock), loopback), endpoints);
  }

  /** At the first port that can be had, of those that the settings leave open. */
  private Listener listen(ActorSystem<?> system, HttpSettings settings) {
    ServerSettings server = ServerSettings
        .create("pekko.http.server { server-header = \"\", remote-address-header = off, request-timeout = 300 s, "
            + "parsing.illegal-header-warnings = off, parsing.error-logging-verbosity = off, "
            + "parsing.max-uri-length = 4k, parsing.max-header-count = 64 }");
    Throwable failure = null;
    for (int port : settings.ports())
      try {
        return new Listener(system, new InetSocketAddress(settings.host(), port), server, settings.limits(),
            this::handle);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NodeException(Problem.of("http-port", "the start was interrupted", "start it again"), e);
      } catch (ExecutionException | TimeoutException e) {
        failure = e.getCause() == null ? e : e.getCause();
      }
    throw NodeException.refused(new Problem("http-port", settings.host() + ":" + settings.port(),
        "cannot be listened on: " + failure.getMessage(),
        "choose a free port and an address of this machine, or 0 for any port"), failure);
  }

  public InetSocketAddress address() {
    return listener.address();
  }

  /** Such as http://127.0.0.1:8420. */
  public String url() {
    return url("127.0.0.1");
  }

  /**
   * The address by which it is reached.
   *
   * @param any an address of this machine, for where it listens on all of them
   */
  public String url(String any) {
    String host = address().getAddress().isAnyLocalAddress() ? any : address().getAddress().getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address().getPort();
  }

  /** Whether only this machine reaches it. */
  public boolean isLoopback() {
    return address().getAddress().isLoopbackAddress();
  }

  /** The page's address with a key that lets the first browser which opens it, soon, change state. */
  public String pageLink() {
    return url() + "/#key=" + gate.sessions().newKey();
  }

  private CompletionStage<HttpResponse> handle(HttpRequest request) {
    return CompletableFuture.supplyAsync(() -> answer(request), CALLS);
  }

  private HttpResponse answer(HttpRequest request) {
    boolean keep = true;
    HttpResponse response;
    Optional<Call> call = Optional.empty();
    try {
      gate.admit(request);
      List<String> segments = Routes.segments(request.getUri().path());
      Endpoint endpoint = routes.find(request.method().value(), segments);
      gate.authorize(request, endpoint.access());
      call = Optional.of(new Call(request, endpoint.match(segments).orElseThrow(), query(request), materializer));
      response = endpoint.handler().answer(call.get());
    } catch (Refusal refusal) {
      response = Answers.refused(refusal);
    } catch (InterruptedException _) {
      response = failed("was interrupted");
    } catch (java.io.IOException e) {
      LOG.warn("{} {} failed", request.method().value(), request.getUri().path(), e);
      response = failed(String.valueOf(e.getMessage()));
    } catch (java.nio.file.InvalidPathException e) {
      response = Answers.problems(Refusal.NOT_FOUND,
          List.of(Problem.of("path", "names no file that this node can have", "see the list of files")));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("{} {} failed", request.method().value(), request.getUri().path(), e);
      response = failed("by a defect of this node; its log has more");
    }
    keep = call.isPresent() ? call.get().drain() : Call.drain(request, materializer);
    return guarded(keep ? response : response.addHeader(Connection.create("close")));
  }

  private static HttpResponse failed(String why) {
    return Answers.problems(Refusal.FAILED, List.of(Problem.of("request", "failed: " + why, "look at the node's log")));
  }

  private static HttpResponse guarded(HttpResponse response) {
    List<HttpHeader> headers = new ArrayList<>();
    GUARDS.forEach((name, value) -> headers.add(RawHeader.create(name, value)));
    if (response.getHeader("Cache-Control").isEmpty())
      headers.add(RawHeader.create("Cache-Control", "no-store"));
    return response.addHeaders(headers);
  }

  private static Map<String, String> query(HttpRequest request) throws Refusal {
    Map<String, String> query = new HashMap<>();
    try {
      for (Pair<String, String> pair : request.getUri().query().toList())
        if (query.put(pair.first(), pair.second()) != null)
          throw new Refusal(Refusal.BAD_REQUEST,
              new Problem("query", Call.shown(pair.first()), "is there twice", "give it once"));
    } catch (RuntimeException e) {
      throw new Refusal(Refusal.BAD_REQUEST, Problem.of("query", "cannot be read", "write ?name=value&name=value"));
    }
    return query;
  }

  /** Every endpoint, those for sessions included. */
  public List<Endpoint> endpoints() {
    return routes.endpoints();
  }

  /** Stops listening; streams and calls that still run are cut. */
  @Override
  public void close() {
    listener.close();
  }
}
