package org.halocline.ops.http;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.halocline.runtime.config.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a table of endpoints to who may ask them. Thread-safe. It lives on a node's actor system and is closed before it.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration CLOSES_WITHIN = Duration.ofSeconds(2);
  private static final long BINDS_WITHIN_S = 10;
  private static final int MOST_SEGMENTS = 32;
  private static final Executor CALLS = task -> Thread.ofVirtual().name("http-call").start(task);
  /** What a page may do: nothing but talk to the node that served it. */
  private static final Map<String, String> GUARDS = Map.of("Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy",
      "same-origin", "Cross-Origin-Opener-Policy", "same-origin");

  private final Gate gate;
  private final List<Endpoint> endpoints;
  private final Materializer materializer;
  private final ServerBinding binding;

  private HttpServer(ActorSystem<?> system, HttpSettings settings, Gate gate, List<Endpoint> endpoints) {
    this.gate = gate;
    List<Endpoint> all = new ArrayList<>(endpoints);
    all.addAll(new SessionEndpoints(gate, () -> address().getPort()).all());
    this.endpoints = List.copyOf(all);
    this.materializer = SystemMaterializer.get(system).materializer();
    this.binding = bind(system, settings);
  }

  /**
   * Listens.
   *
   * @param token
   *          what lets callers change state; empty: nobody may
   * @param endpoints
   *          what can be asked, beside sessions for the page
   * @throws HttpException
   *           when the port is taken, or others than this machine could connect and there is no token
   */
  public static HttpServer start(ActorSystem<?> system, HttpSettings settings, Optional<AccessToken> token,
      List<Endpoint> endpoints, Clock clock) {
    boolean loopback = settings.isLoopback();
    if (!loopback && token.isEmpty())
      throw new HttpException(new Problem("--http-host", settings.host(),
          "lets other machines connect, and there is no token", "give the node a state directory, which holds one"));
    Set<String> names = new HashSet<>();
    settings.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    names.add(settings.host().toLowerCase(Locale.ROOT));
    PageSessions sessions = new PageSessions(clock);
    Gate gate = new Gate(Set.copyOf(names), token, sessions, loopback);
    if (!loopback)
      LOG.warn("the page and the API on {} are in clear text, the token too: reach them by ssh -L or a TLS proxy",
          settings.host());
    return new HttpServer(system, settings, gate, endpoints);
  }

  private ServerBinding bind(ActorSystem<?> system, HttpSettings settings) {
    ServerSettings server = ServerSettings
        .create("pekko.http.server { server-header = \"\", remote-address-header = off, max-connections = "
            + settings.connections()
            + ", request-timeout = 300 s, idle-timeout = 330 s, parsing.illegal-header-warnings = off, parsing.error-logging-verbosity = off, "
            + "parsing.max-uri-length = 4k, parsing.max-header-count = 64, linger-timeout = 5 s }");
    Throwable failure = null;
    for (int port = settings.port(); port <= Math.min(0xFFFF, settings.port() + settings.furtherPorts()); port++) {
      try {
        return Http.get(system).newServerAt(settings.host(), port).withSettings(server).bind(this::handle)
            .toCompletableFuture().get(BINDS_WITHIN_S, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HttpException(Problem.of("--http-port", "the start was interrupted", "start it again"), e);
      } catch (ExecutionException | TimeoutException e) {
        failure = e;
      }
    }
    String ports = settings.furtherPorts() == 0 ? "" : " and the " + settings.furtherPorts() + " above it";
    throw new HttpException(new Problem("--http-port", settings.host() + ":" + settings.port(),
        "cannot be listened on" + ports + ": " + failure.getMessage(),
        "choose a free port and an address of this machine, or 0 for any port"), failure);
  }

  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Such as http://127.0.0.1:8420. */
  public String url() {
    return url("127.0.0.1");
  }

  /**
   * How it is reached.
   *
   * @param any
   *          an address of this machine, for where it listens on all of them
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
      Endpoint endpoint = find(request);
      gate.authorize(request, endpoint.access());
      call = Optional
          .of(new Call(request, endpoint.match(segments(request)).orElseThrow(), query(request), materializer));
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

  private Endpoint find(HttpRequest request) throws Refusal {
    List<String> segments = segments(request);
    Set<String> methods = new TreeSet<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.match(segments).isEmpty())
        continue;
      if (endpoint.method().equals(request.method().value()))
        return endpoint;
      methods.add(endpoint.method());
    }
    if (methods.isEmpty())
      throw new Refusal(Refusal.NOT_FOUND,
          new Problem("path", Call.shown(request.getUri().path()), "leads nowhere", "see /api/v1/openapi.json"));
    throw new Refusal(Refusal.NOT_ALLOWED, new Problem("method", Call.shown(request.method().value()),
        "is not for this path", "use " + String.join(" or ", methods)));
  }

  /** The path's segments, decoded; none of them can lead out of where it is looked up. */
  private static List<String> segments(HttpRequest request) throws Refusal {
    String path = request.getUri().path();
    List<String> segments = new ArrayList<>();
    for (String segment : path.isEmpty() ? new String[]{""} : path.substring(1).split("/", -1))
      segments.add(decoded(segment));
    if (segments.size() > MOST_SEGMENTS)
      throw badPath(path);
    return segments;
  }

  private static String decoded(String segment) throws Refusal {
    String text;
    try {
      text = java.net.URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw badPath(segment);
    }
    boolean escapes = text.equals(".") || text.equals("..")
        || text.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c) || c == 0xFFFD);
    if (escapes)
      throw badPath(segment);
    return text;
  }

  private static Refusal badPath(String part) {
    return new Refusal(Refusal.BAD_REQUEST, new Problem("path", Call.shown(part),
        "is no path of plain names", "leave out dots, slashes within names and control characters"));
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
    return endpoints;
  }

  /** Stops listening; streams and calls that still run are cut. */
  @Override
  public void close() {
    try {
      binding.terminate(CLOSES_WITHIN).toCompletableFuture().get(2 * CLOSES_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("the HTTP server does not stop in time: {}", e.toString());
    }
  }
}
