package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.http.AccessToken;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.config.Problem;

/** Asks a node over HTTP. Thread-safe. */
public final class ApiClient implements AutoCloseable {
  public static final ObjectMapper JSON = Json.MAPPER;
  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(90);
  private static final Duration BEGINS_WITHIN = Duration.ofSeconds(30);
  /** A node sends a beat every ten seconds. */
  private static final long SILENT_S = 30;
  private static final long UPLOAD_STALLED_S = 300;
  private static final int UNAUTHORIZED = 401;
  private static final int NONCE_BYTES = 32;
  private static final String ROOT = "/api/v1";

  static {
    // Below what a node lets a connection rest: none is used as the node closes it.
    System.setProperty("jdk.httpclient.keepalive.timeout", "5");
  }

  private final String address;
  private final Optional<String> token;
  private final boolean named;
  private final AtomicBoolean proven = new AtomicBoolean();
  private final AtomicBoolean tokenToRead = new AtomicBoolean();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECTS_WITHIN)
      .version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param address such as http://127.0.0.1:8420
   * @param named whether the user named it, and so knows whose it is
   */
  ApiClient(String address, Optional<String> token, boolean named) {
    this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    this.token = token;
    this.named = named;
  }

  String address() {
    return address;
  }

  /** A client that asks another node. */
  ApiClient at(String other) {
    return new ApiClient(other, token, false);
  }

  public JsonNode get(String path) throws ApiException, InterruptedException {
    return json(read(path));
  }

  private HttpResponse<byte[]> read(String path) throws ApiException, InterruptedException {
    return read(path, request -> request.timeout(ANSWERS_WITHIN), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** The token is shown only where reading needs it. */
  private <T> HttpResponse<T> read(String path, UnaryOperator<HttpRequest.Builder> more,
      HttpResponse.BodyHandler<T> body) throws ApiException, InterruptedException {
    HttpResponse<T> answer = send(more.apply(request(path, tokenToRead.get())), body);
    if (answer.statusCode() != UNAUTHORIZED || token.isEmpty() || tokenToRead.get())
      return answer;
    prove();
    tokenToRead.set(true);
    return send(more.apply(request(path, true)), body);
  }

  String text(String path) throws ApiException, InterruptedException {
    HttpResponse<byte[]> answer = read(path);
    require(answer.statusCode(), answer.body());
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  public JsonNode post(String path, JsonNode body) throws ApiException, InterruptedException {
    requireToken();
    return json(send(request(path, true).POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .header("Content-Type", "application/json").timeout(ANSWERS_WITHIN), HttpResponse.BodyHandlers.ofByteArray()));
  }

  /** Sends a file, unless the cluster has it. */
  public void sendBlob(String sha256, Path file) throws ApiException, IOException, InterruptedException {
    requireToken();
    String path = "/blobs/" + sha256;
    if (send(request(path, true).HEAD().timeout(ANSWERS_WITHIN), HttpResponse.BodyHandlers.discarding())
        .statusCode() == 200)
      return;
    if (!Files.isReadable(file))
      throw new ApiException(ExitCode.BAD_INPUT, Problem.of(file.toString(), "cannot be read", "check the file"));
    json(new Upload(file, UPLOAD_STALLED_S).send(http, request(path, true), this::silent));
  }

  /** Gives a body as it comes; the caller closes it. */
  InputStream stream(String path, String accept, Optional<Long> lastEvent) throws ApiException, InterruptedException {
    HttpResponse<InputStream> answer = read(path, request -> {
      request.header("Accept", accept).timeout(BEGINS_WITHIN);
      return lastEvent.map(number -> request.header("Last-Event-ID", Long.toString(number))).orElse(request);
    }, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() == 200)
      return new LiveStream(answer.body(), SILENT_S);
    try (InputStream body = answer.body()) {
      require(answer.statusCode(), body.readAllBytes());
    } catch (IOException _) {
      // told by the status alone
    }
    throw ApiException.of(answer.statusCode(), List.of(unclear(answer.statusCode())));
  }

  /** A segment of a path or a value of a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path, boolean withToken) throws ApiException {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + ROOT + path));
      if (withToken)
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
      return request;
    } catch (IllegalArgumentException e) {
      throw new ApiException(ExitCode.BAD_INPUT,
          new Problem("--address", address, "is no address", "write http://127.0.0.1:8420"));
    }
  }

  /**
   * Has a node show that it knows the cluster's token before it is sent it: a stranger that listens at the address
   * learns nothing. A node answers for its own port, so that no stranger can hand the question on to it. An address
   * that the user has named may lead through a tunnel to another port.
   */
  private void prove() throws ApiException, InterruptedException {
    if (proven.get())
      return;
    byte[] random = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(random);
    String nonce = HexFormat.of().formatHex(random);
    HttpResponse<byte[]> answer = send(request("/proof/" + nonce, false).timeout(BEGINS_WITHIN),
        HttpResponse.BodyHandlers.ofByteArray());
    JsonNode told = answer.statusCode() == 200 ? json(answer) : JSON.createObjectNode();
    int port = told.path("port").asInt();
    if (!named && port != answer.request().uri().getPort()
        || !told.path("proof").asText().equals(AccessToken.of(token.orElseThrow()).proof(port, nonce)))
      throw new ApiException(ExitCode.NOT_ALLOWED, new Problem("token", address,
          "does not show that it knows this cluster's token, so it is not sent there",
          "give the address that the node's ready line shows, and name its cluster by --state, --cluster or its "
              + "token"));
    proven.set(true);
  }

  private void requireToken() throws ApiException, InterruptedException {
    if (token.isEmpty())
      throw new ApiException(ExitCode.NOT_ALLOWED,
          Problem.of("token", "is needed to change anything, and none was found",
              "name the cluster's state directory by --state, or its token by HALOCLINE_TOKEN or --token-file"));
    prove();
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws ApiException, InterruptedException {
    try {
      return http.send(request.build(), body);
    } catch (IOException e) {
      throw silent(e);
    }
  }

  private ApiException silent(IOException e) {
    return new ApiException(ExitCode.NO_ANSWER, new Problem("--address", address, "does not answer: " + reason(e),
        "start a node: halocline node; or give the address that its ready line shows"));
  }

  /** The JDK's client gives no message where a connection cannot be made. */
  private static String reason(IOException e) {
    if (e.getMessage() != null)
      return e.getMessage();
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof UnresolvedAddressException)
        return "the host is not known";
    return e instanceof ConnectException ? "no program listens there" : e.getClass().getSimpleName();
  }

  private static JsonNode json(HttpResponse<byte[]> answer) throws ApiException {
    require(answer.statusCode(), answer.body());
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new ApiException(ExitCode.FAILURE,
          Problem.of("answer", "is not JSON: " + e.getMessage(), "is that the address of a Halocline node?"));
    }
  }

  private static void require(int status, byte[] body) throws ApiException {
    if (status / 100 == 2)
      return;
    List<Problem> problems = new ArrayList<>();
    try {
      for (JsonNode one : JSON.readTree(body).path("problems"))
        problems.add(new Problem(one.path("key").asText(), one.path("value").asText(), one.path("bound").asText(),
            one.path("remedy").asText()));
    } catch (IOException _) {
      // told by the status alone
    }
    throw ApiException.of(status, problems.isEmpty() ? List.of(unclear(status)) : problems);
  }

  private static Problem unclear(int status) {
    return new Problem("answer", Integer.toString(status), "says nothing more",
        "is that the address of a Halocline node?");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
