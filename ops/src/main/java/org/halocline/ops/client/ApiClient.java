package org.halocline.ops.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.config.Problem;

/** Asks a node over HTTP. Thread-safe. */
public final class ApiClient implements AutoCloseable {
  public static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(90);
  private static final String ROOT = "/api/v1";

  private final String address;
  private final Optional<String> token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECTS_WITHIN)
      .version(HttpClient.Version.HTTP_1_1).build();

  /** @param address such as http://127.0.0.1:8420 */
  ApiClient(String address, Optional<String> token) {
    this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    this.token = token;
  }

  String address() {
    return address;
  }

  /** The same questions to another node. */
  ApiClient at(String other) {
    return new ApiClient(other, token);
  }

  public JsonNode get(String path) throws ApiException, InterruptedException {
    return json(send(request(path).GET().timeout(ANSWERS_WITHIN).build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  String text(String path) throws ApiException, InterruptedException {
    HttpResponse<byte[]> answer = send(request(path).GET().timeout(ANSWERS_WITHIN).build(),
        HttpResponse.BodyHandlers.ofByteArray());
    require(answer.statusCode(), answer.body());
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  public JsonNode post(String path, JsonNode body) throws ApiException, InterruptedException {
    requireToken();
    return json(send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .header("Content-Type", "application/json").timeout(ANSWERS_WITHIN).build(),
        HttpResponse.BodyHandlers.ofByteArray()));
  }

  /** Sends a file, unless the cluster has it. */
  public void sendBlob(String sha256, Path file) throws ApiException, InterruptedException {
    requireToken();
    String path = "/blobs/" + sha256;
    HttpResponse<byte[]> there = send(
        request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).timeout(ANSWERS_WITHIN).build(),
        HttpResponse.BodyHandlers.ofByteArray());
    if (there.statusCode() == 200)
      return;
    try {
      json(send(request(path).PUT(HttpRequest.BodyPublishers.ofFile(file)).build(),
          HttpResponse.BodyHandlers.ofByteArray()));
    } catch (java.io.FileNotFoundException e) {
      throw new ApiException(ExitCode.BAD_INPUT, Problem.of(file.toString(), "cannot be read", "check the file"));
    }
  }

  /** A body as it comes; whoever asked closes it. */
  InputStream stream(String path, String accept, Optional<Long> lastEvent) throws ApiException, InterruptedException {
    HttpRequest.Builder request = request(path).GET().header("Accept", accept);
    lastEvent.ifPresent(number -> request.header("Last-Event-ID", Long.toString(number)));
    HttpResponse<InputStream> answer = send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() == 200)
      return answer.body();
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

  private HttpRequest.Builder request(String path) throws ApiException {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + ROOT + path));
      token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
      return request;
    } catch (IllegalArgumentException e) {
      throw new ApiException(ExitCode.BAD_INPUT,
          new Problem("--address", address, "is no address", "write http://127.0.0.1:8420"));
    }
  }

  private void requireToken() throws ApiException {
    if (token.isEmpty())
      throw new ApiException(ExitCode.NOT_ALLOWED,
          Problem.of("token", "is needed to change anything, and none was found",
              "name the cluster's state directory by --state, or its token by HALOCLINE_TOKEN"));
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws ApiException, InterruptedException {
    try {
      return http.send(request, body);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ApiException(ExitCode.NO_ANSWER, new Problem("--address", address, "does not answer: " + why,
          "start a node: halocline node; or give the address that its ready line shows"));
    }
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
    } catch (JsonProcessingException _) {
      // told by the status alone
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot be read", e);
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
