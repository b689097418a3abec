package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Digests;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.sampler.draws.Draws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route over a real connection, before a coordinator that plays a scene. */
@Timeout(300)
class ApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String JOB = "/jobs/" + Scene.JOB;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  @TempDir
  private static Path folder;
  private static FakeNode node;

  @BeforeAll
  static void start() throws IOException {
    node = FakeNode.start(folder, HttpSettings.defaults().withEndpoint("127.0.0.1", 0),
        new JobKinds(List.of(new CopyKind())), 7);
    Files.writeString(folder.resolve("node.log"), "one\ntwo\nthree\n");
    Files.writeString(node.run().resolve("table.txt"), "a table\n");
    Files.createDirectories(node.run().resolve("sub"));
    Files.writeString(node.run().resolve("sub/deep.csv"), "1,2\n");
    Files.writeString(node.run().resolve(".hidden"), "no");
    Files.writeString(node.run().resolve("lock"), "no");
    Files.createDirectories(node.run().resolve("checkpoints"));
    Files.writeString(node.run().resolve("checkpoints/1"), "no");
    Files.createSymbolicLink(node.run().resolve("escape.txt"), folder.resolve("token"));
    Files.createSymbolicLink(node.run().resolve("escape"), folder);
    node.happen(new JobEvent.Waiting("a lane is lacking"));
    node.happen(new JobEvent.Finished("", "{}"));
  }

  @AfterAll
  static void stop() {
    CLIENT.shutdownNow();
    node.close();
  }

  private static HttpRequest.Builder request(String path) {
    return request(node, path);
  }

  private static HttpRequest.Builder request(FakeNode node, String path) {
    return HttpRequest.newBuilder(URI.create(node.server().url() + NodeApi.ROOT + path))
        .timeout(PATIENCE);
  }

  private static HttpRequest.Builder allowed(String path) {
    return allowed(node, path);
  }

  private static HttpRequest.Builder allowed(FakeNode node, String path) {
    return request(node, path).header("Authorization", "Bearer " + node.token());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    Described.check(answer);
    return answer;
  }

  private static JsonNode ok(int status, HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = send(request);
    assertEquals(status, answer.statusCode(), answer::body);
    return JSON.readTree(answer.body());
  }

  /** The one problem, whose four parts are there. */
  private static JsonNode refused(int status, HttpRequest.Builder request) throws Exception {
    JsonNode problem = ok(status, request).path("problems").path(0);
    for (String part : List.of("key", "value", "bound", "remedy"))
      assertTrue(problem.path(part).isTextual(), problem::toString);
    return problem;
  }

  @Test
  void shouldTellHowTheClusterIs() throws Exception {
    JsonNode status = ok(200, request("/status"));
    assertEquals("tea", status.path("cluster").asText());
    assertEquals("running", status.path("jobs").path(0).path("state").asText());
    assertEquals(3, ok(200, request("/nodes")).path("nodes").size());
    assertTrue(ok(200, request("/actors")).path("actors").size() > 3);
    assertEquals(4, ok(200, request("/jobs")).path("jobs").path(0).path("ranks").size());
    assertEquals(1, ok(200, request("/jobs?most=1&skip=1")).path("jobs").size());
    JsonNode jobs = ok(200, request("/jobs"));
    assertTrue(jobs.path("all").asInt() >= 4, jobs::toString);
    assertEquals(jobs.path("all").asInt(), jobs.path("jobs").size(), "more than a message holds");
    assertEquals(jobs.path("jobs").path(3), ok(200, request("/jobs?skip=3")).path("jobs").path(0));
    assertEquals(Scene.JOB, ok(200, request(JOB)).path("id").asText());
    assertEquals("two\nthree\n", send(request("/logs?lines=2")).body());
    assertEquals("job", refused(404, request("/jobs/nope")).path("key").asText());
    assertEquals("most", refused(400, request("/jobs?most=0")).path("key").asText());
  }

  @Test
  void shouldListAndStreamResultsAndNothingElse() throws Exception {
    Set<String> names = new TreeSet<>();
    ok(200, request(JOB + "/files")).path("files").forEach(file -> names.add(file.path("name").asText()));
    assertTrue(names.containsAll(List.of("table.txt", "sub/deep.csv")), names::toString);
    assertTrue(
        names.stream().noneMatch(name -> name.contains("escape") || name.contains("hidden") || name.contains("lock")
            || name.contains("checkpoints")),
        names::toString);
    assertEquals("a table\n", send(request(JOB + "/files/table.txt")).body());
    assertEquals("table\n", send(request(JOB + "/files/table.txt?from=2")).body());
    assertEquals("1,2\n", send(request(JOB + "/files/sub/deep.csv")).body());
    HttpResponse<String> end = send(request(JOB + "/files/table.txt?from=8"));
    assertEquals(200, end.statusCode(), end::body);
    assertEquals("", end.body());
    assertEquals("attachment",
        send(request(JOB + "/files/table.txt")).headers().firstValue("Content-Disposition").orElse(""));
    refused(400, request(JOB + "/files/table.txt?from=9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../token", "..%2f..%2ftoken", "%2e%2e/%2e%2e/token", "escape.txt", "escape/token",
      ".hidden",
      "lock", "checkpoints/1", "%2fetc%2fpasswd", "/etc/passwd", "sub", "sub/", "table.txt/", "nope", "a%00b",
      "..%5c..",
      "sub/../lock"})
  void shouldKeepWhatIsOutsideOfResults(String name) throws Exception {
    HttpResponse<String> answer = send(request(JOB + "/files/" + name));
    assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, () -> answer.statusCode() + answer.body());
    assertFalse(answer.body().contains(node.token()));
  }

  @Test
  void shouldTellAFileAsItWasOpened() throws Exception {
    Path file = Files.writeString(node.run().resolve("changing.txt"), "short");
    try (FilePart open = FilePart.open(file)) {
      Files.move(Files.writeString(folder.resolve("aside"), "longer than before"), file,
          StandardCopyOption.REPLACE_EXISTING);
      assertEquals("short", new String(open.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertEquals("longer than before", send(request(JOB + "/files/changing.txt")).body());
  }

  @Test
  void shouldTakeABlobOnceAndOnlyWhatItsNameSays() throws Exception {
    byte[] bytes = "an input".getBytes(StandardCharsets.UTF_8);
    String digest = Digests.sha256("an input");
    assertEquals(404, send(allowed("/blobs/" + digest).method("HEAD", BodyPublishers.noBody())).statusCode());
    refused(422, allowed("/blobs/" + digest).PUT(BodyPublishers.ofString("another")));
    assertEquals(404, send(allowed("/blobs/" + digest).method("HEAD", BodyPublishers.noBody())).statusCode());
    assertFalse(ok(201, allowed("/blobs/" + digest).PUT(BodyPublishers.ofByteArray(bytes))).path("known").asBoolean());
    assertTrue(ok(200, allowed("/blobs/" + digest).PUT(BodyPublishers.ofByteArray(bytes))).path("known").asBoolean());
    assertEquals(200, send(allowed("/blobs/" + digest).method("HEAD", BodyPublishers.noBody())).statusCode());
    refused(400, allowed("/blobs/" + digest.toUpperCase(java.util.Locale.ROOT)).PUT(BodyPublishers.ofByteArray(bytes)));
    refused(401, request("/blobs/" + Digests.sha256("x")).PUT(BodyPublishers.ofString("x")));
    try (var files = Files.list(folder.resolve("blobs"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertTrue(names.contains(digest) && names.stream().allMatch(name -> name.matches("[0-9a-f]{64}")),
          names::toString);
    }
  }

  @Test
  void shouldTellADiskThatRefusesFromOneThatIsFull() throws Exception {
    Path blobs = folder.resolve("blobs");
    Path away = Files.move(blobs, folder.resolve("blobs-away"));
    try {
      Files.writeString(blobs, "no folder");
      refused(500, allowed("/blobs/" + Digests.sha256("an upload")).PUT(BodyPublishers.ofString("an upload")));
    } finally {
      Files.delete(blobs);
      Files.move(away, blobs);
    }
  }

  @Test
  void shouldTakeAJobOnceAndCancelIt() throws Exception {
    String digest = Digests.sha256("contents");
    String body = """
        {"name": "copy.conf", "text": "kind = copy, file = \\"data/in.npy\\"", "inputs": {"data/in.npy": "%s"}, "priority": 3}"""
        .formatted(digest);
    assertEquals("inputs.data/in.npy",
        refused(400, allowed("/jobs").POST(BodyPublishers.ofString(body))).path("key").asText());
    ok(201, allowed("/blobs/" + digest).PUT(BodyPublishers.ofString("contents")));
    JsonNode first = ok(201, allowed("/jobs").POST(BodyPublishers.ofString(body)));
    JsonNode again = ok(200, allowed("/jobs").POST(BodyPublishers.ofString(body)));
    assertTrue(again.path("known").asBoolean());
    String id = first.path("job").path("id").asText();
    assertEquals(id, again.path("job").path("id").asText());
    assertEquals(3, first.path("job").path("terms").path("priority").asInt());
    refused(401, request("/jobs/" + id + "/cancel").POST(BodyPublishers.noBody()));
    assertEquals("cancelled",
        ok(202, allowed("/jobs/" + id + "/cancel").POST(BodyPublishers.noBody())).path("state").asText());
    ok(202, allowed("/jobs/" + id).DELETE());
    refused(404, allowed("/jobs/nope").DELETE());
  }

  @Test
  void shouldRefuseJobsWithEveryProblem() throws Exception {
    JsonNode bad = ok(400, allowed("/jobs")
        .POST(BodyPublishers
            .ofString("{\"txt\": \"\", \"priority\": 200, \"resume\": \"yes\", \"run-directory\": \"a\"}")));
    Set<String> keys = new TreeSet<>();
    bad.path("problems").forEach(problem -> keys.add(problem.path("key").asText()));
    assertEquals(Set.of("txt", "priority", "resume", "run-directory"), keys);
    assertEquals("run-directory", refused(400, allowed("/jobs").POST(BodyPublishers.ofString(
        "{\"text\": \"a = 1\", \"run-directory\": \"/a\\u0000b\"}"))).path("key").asText());
    assertEquals("kind",
        refused(422, allowed("/jobs").POST(BodyPublishers.ofString("{\"text\": \"a = 1\"}"))).path("key").asText());
    StringBuilder doubling = new StringBuilder("kind = copy, x0 = 1");
    for (int i = 1; i < 34; i++)
      doubling.append("\\nx").append(i).append(" = ${x").append(i - 1).append("}${x").append(i - 1).append("}");
    for (String text : List.of(doubling.toString(), "a = ${HOME}", "a = ${?HALOCLINE_TOKEN}",
        "include url(\\\"http://127.0.0.1:1/\\\")",
        "include required(file(\\\"/etc/hosts\\\"))", "{".repeat(20_000), "a+=1\\n".repeat(5000)))
      assertFalse(refused(422, allowed("/jobs").POST(BodyPublishers.ofString("{\"text\": \"" + text + "\"}")))
          .path("bound").asText().isEmpty());
    refused(400, allowed("/jobs").POST(BodyPublishers.ofString("[1")));
    refused(400, allowed("/jobs").POST(BodyPublishers.ofString("{\"text\": \"\", \"text\": \"\"}")));
    refused(400, allowed("/jobs").POST(BodyPublishers.ofString("[".repeat(5000))));
    refused(413, allowed("/jobs").POST(BodyPublishers.ofString("{\"text\": \"" + "x".repeat(2 << 20) + "\"}")));
  }

  @Test
  void shouldTellEventsAgainFromANumber() throws Exception {
    JsonNode batch = ok(200, request(JOB + "/events?from=1"));
    assertEquals("waiting", batch.path("events").path(0).path("event").path("type").asText());
    HttpResponse<InputStream> stream = CLIENT.send(request("/events?status=1").header("Accept", "text/event-stream")
        .header("Last-Event-ID", "1").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertEquals("text/event-stream", stream.headers().firstValue("Content-Type").orElse(""));
    List<String> seen = new ArrayList<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      while (!seen.contains("id: 2") || !seen.contains("event: status"))
        seen.add(lines.readLine());
    }
    assertFalse(seen.contains("id: 1"), seen::toString);
    String whose = seen.get(seen.indexOf("event: cluster") + 1);
    assertEquals("data: {\"identity\":\"" + Files.readString(folder.resolve("identity")).strip() + "\"}", whose);
    refused(404, request("/jobs/nope/events"));
    refused(400, request("/events?from=x"));
  }

  @Test
  void shouldLimitStreamsAndFreeThemAgain() throws Exception {
    List<InputStream> open = new ArrayList<>();
    Optional<HttpResponse<InputStream>> refused = Optional.empty();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 80 && refused.isEmpty(); i++) {
      HttpResponse<InputStream> stream = client.send(request("/events").header("Accept", "text/event-stream").build(),
          HttpResponse.BodyHandlers.ofInputStream());
      if (stream.statusCode() == 200)
        open.add(stream.body());
      else
        refused = Optional.of(stream);
    }
    assertEquals(503, refused.orElseThrow().statusCode());
    assertTrue(open.size() > 50, open.size() + " streams");
    client.shutdownNow();
    client.awaitTermination(PATIENCE);
    Waiting.until("streams are free again", () -> {
      HttpResponse<InputStream> stream = CLIENT.send(request("/events").header("Accept", "text/event-stream").build(),
          HttpResponse.BodyHandlers.ofInputStream());
      stream.body().close();
      return stream.statusCode() == 200;
    });
  }

  @Test
  void shouldSayThatTheCoordinatorIsSilent(@TempDir Path state) throws Exception {
    try (FakeNode hasty = FakeNode.start(state, HttpSettings.defaults().withEndpoint("127.0.0.1", 0),
        new JobKinds(List.of()), 7, FakeNode.HASTE)) {
      assertEquals(0, ok(200, request(hasty, "/status?old=1")).path("age-millis").asLong(-1));
      hasty.mute(true);
      assertEquals("coordinator", refused(503, request(hasty, "/status")).path("key").asText());
      for (String path : List.of("/status", "/nodes", "/actors"))
        assertTrue(ok(200, request(hasty, path + "?old=1")).path("age-millis").asLong() > 0, path);
      assertEquals("tea", ok(200, request(hasty, "/status?old=1")).path("cluster").asText());
      assertEquals("coordinator", refused(503, request(hasty, "/events")).path("key").asText());
      refused(503, allowed(hasty, JOB + "/cancel").POST(BodyPublishers.noBody()));
      hasty.mute(false);
      Waiting.until("an answer again", () -> send(request(hasty, "/status")).statusCode() == 200);
      Waiting.until("that nothing has happened", () -> {
        HttpResponse<String> none = send(request(hasty, JOB + "/events?from=1000000"));
        return none.statusCode() == 200 && JSON.readTree(none.body()).path("events").isEmpty();
      });
    }
  }

  @Test
  void shouldTellTracesAndAgreementOfChains() throws Exception {
    for (int chain = 0; chain < 2; chain++) {
      StringBuilder csv = new StringBuilder("# c\nlp__,a\n");
      for (int draw = 0; draw < 50; draw++)
        csv.append("-1.0,").append(Math.sin(draw * 12.9898 + chain)).append('\n');
      Files.writeString(node.run().resolve("chain-" + chain + ".csv"), csv.append("-1.0,0."));
    }
    JsonNode draws = ok(200, request(JOB + "/draws?points=25"));
    assertEquals(2, draws.path("chains").size());
    assertEquals(25, draws.path("chains").path(0).path("values").path("a").size());
    double rHat = draws.path("parameters").path(0).path("r-hat").asDouble();
    assertTrue(rHat > 0.9 && rHat < 1.1, draws::toString);
    Path first = node.run().resolve("chain-0.csv");
    Files.writeString(first, "# c\nlp__,a\n" + "-1.0,1000\n".repeat(20) + "# Adaptation terminated\n"
        + "-1.0,1\n-1.0,2\n".repeat(10));
    JsonNode again = ok(200, request(JOB + "/draws?points=25")).path("chains").path(0);
    assertEquals(20, again.path("draws").asInt(), "the warm-up is over");
    assertEquals(1.0, again.path("values").path("a").path(0).asDouble());
  }

  @Test
  void shouldKeepSomeOfManyDraws() throws Exception {
    Path file = folder.resolve("many.csv");
    Files.writeString(file, "lp__,a\n" + IntStream.range(0, 1000).mapToObj(i -> "0," + i + "\n")
        .collect(Collectors.joining()) + "0,5");
    Draws table = DrawEndpoints.read(file, 100);
    assertEquals(1000, table.made());
    assertTrue(table.size() > 50 && table.size() <= 100, table.size() + " rows");
    for (int row = 0; row < table.size(); row++)
      assertEquals(table.number(row), table.column("a")[row]);
  }

  @Test
  void shouldReadNeitherLogNorDrawsThroughALink() throws Exception {
    for (String[] link : new String[][]{{"run.log", "/logs?job=" + Scene.JOB}, {"chain-7.csv", JOB + "/draws"}}) {
      Path file = Files.createSymbolicLink(node.run().resolve(link[0]), folder.resolve("token"));
      try {
        HttpResponse<String> answer = send(request(link[1]));
        assertEquals(404, answer.statusCode(), answer::body);
        assertFalse(answer.body().contains(node.token()), "the token is told");
      } finally {
        Files.delete(file);
      }
    }
  }

  @Test
  void shouldSayThatWhatHasEndedCannotBeCancelled() throws Exception {
    refused(409, allowed("/jobs/simulate-77aa00bb11cc/cancel").POST(BodyPublishers.noBody()));
  }

  @Test
  void shouldServeItsPageAndNothingFromElsewhere() throws Exception {
    for (String file : List.of("", "index.html", "page.js", "views.js", "page.css", "icon.svg", "uplot-1.6.32.js",
        "uplot-1.6.32.css")) {
      HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(node.server().url() + "/" + file)));
      assertEquals(200, answer.statusCode(), file);
      assertTrue(answer.headers().firstValue("Content-Security-Policy").orElse("").contains("default-src 'none'"),
          file);
      assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""), file);
      if (!file.startsWith("uplot") && !file.endsWith(".svg"))
        assertFalse(answer.body().contains("//cdn") || answer.body().contains("https://"), file);
      String tag = answer.headers().firstValue("ETag").orElseThrow();
      assertEquals(304, send(HttpRequest.newBuilder(URI.create(node.server().url() + "/" + file))
          .header("If-None-Match", tag)).statusCode());
    }
    assertEquals(404,
        send(HttpRequest.newBuilder(URI.create(node.server().url() + "/JobOrders.class"))).statusCode());
    refused(405, request("/status").POST(BodyPublishers.noBody()));
  }

  @Test
  void shouldTellOfEveryRouteWhatItTakes() throws Exception {
    Map<String, Set<String>> taken = new java.util.TreeMap<>();
    for (Endpoint endpoint : node.server().endpoints())
      taken.computeIfAbsent(endpoint.path().replaceAll("\\{\\w+…?\\}", "x"), _ -> new TreeSet<>(Set.of("OPTIONS")))
          .addAll(endpoint.method().equals("GET") ? List.of("GET", "HEAD") : List.of(endpoint.method()));
    for (Map.Entry<String, Set<String>> route : taken.entrySet())
      for (String method : List.of("OPTIONS", "PATCH", "TRACE")) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(node.server().url() + route.getKey()))
            .timeout(PATIENCE).method(method, BodyPublishers.noBody()));
        assertEquals(method.equals("OPTIONS") ? 204 : 405, answer.statusCode(), method + " " + route.getKey());
        assertEquals(String.join(", ", route.getValue()), answer.headers().firstValue("Allow").orElse("none"),
            method + " " + route.getKey());
      }
    assertEquals(404, send(request("/nowhere").method("OPTIONS", BodyPublishers.noBody())).statusCode());
  }

  @Test
  void shouldAnswerHeadAsGetWithoutTheBody() throws Exception {
    for (String path : List.of("/nodes", "/jobs", JOB, JOB + "/files/table.txt", "/openapi.json", "/events",
        "/jobs/nope", "/nowhere")) {
      HttpResponse<String> get = send(request(path));
      HttpResponse<String> head = send(request(path).method("HEAD", BodyPublishers.noBody()));
      assertEquals(get.statusCode(), head.statusCode(), path);
      assertEquals("", head.body(), path);
      for (String name : List.of("Content-Type", "Content-Length", "ETag"))
        if (!path.equals("/nodes") || !name.equals("Content-Length")) // it tells the time
          assertEquals(get.headers().firstValue(name), head.headers().firstValue(name), name + " of " + path);
    }
    HttpResponse<String> stream = send(
        request("/events").header("Accept", "text/event-stream").method("HEAD", BodyPublishers.noBody()));
    assertEquals("text/event-stream", stream.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", ""));
  }

  @Test
  void shouldDescribeEveryRouteAndNoOther() throws Exception {
    JsonNode description = ok(200, request("/openapi.json"));
    Set<String> described = new TreeSet<>();
    description.path("paths").properties()
        .forEach(path -> path.getValue().properties().forEach(
            operation -> described.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    Set<String> served = new TreeSet<>();
    for (Endpoint endpoint : node.server().endpoints()) {
      if (!endpoint.path().startsWith(NodeApi.ROOT))
        continue;
      String path = endpoint.path().replace("…}", "}");
      served.add(endpoint.method() + " " + path);
      JsonNode operation = description.path("paths").path(path)
          .path(endpoint.method().toLowerCase(java.util.Locale.ROOT));
      boolean guarded = endpoint.access() == Endpoint.Access.CHANGE || endpoint.access() == Endpoint.Access.CANCEL;
      assertEquals(guarded, operation.has("security"), path);
      assertEquals(endpoint.access() == Endpoint.Access.CANCEL, operation.path("security").has(1), path);
    }
    assertEquals(served, described);
  }

  @Test
  void shouldDescribeWithoutGaps() throws Exception {
    JsonNode description = ok(200, request("/openapi.json"));
    assertTrue(description.path("openapi").asText().startsWith("3.1"));
    assertTrue(
        description.path("info").path("title").isTextual() && description.path("info").path("version").isTextual());
    for (JsonNode reference : description.findValues("$ref"))
      assertTrue(description.at(reference.asText().substring(1)).isObject(), reference::asText);
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties())
      for (JsonNode operation : path.getValue()) {
        Set<String> segments = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
          assertTrue(parameter.path("schema").path("type").isTextual(), parameter::toString);
          if (parameter.path("in").asText().equals("path"))
            segments.add("{" + parameter.path("name").asText() + "}");
          assertEquals(parameter.path("in").asText().equals("path"), parameter.path("required").asBoolean(),
              path::getKey);
        }
        assertEquals(java.util.Arrays.stream(path.getKey().split("/")).filter(part -> part.startsWith("{"))
            .collect(Collectors.toCollection(TreeSet::new)), segments, path::getKey);
        assertTrue(operation.path("summary").asText().endsWith("."), path::getKey);
        for (String status : List.of("400", "403", "405"))
          assertTrue(operation.path("responses").has(status), path::getKey);
        for (JsonNode response : operation.path("responses"))
          assertTrue(response.path("description").isTextual(), path::getKey);
      }
  }

  @Test
  void shouldTellTheBoundsThatItKeeps() throws Exception {
    JsonNode description = ok(200, request("/openapi.json"));
    int bounds = 0;
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties())
      for (JsonNode parameter : path.getValue().path("get").path("parameters")) {
        if (!parameter.path("in").asText().equals("query") || !parameter.path("schema").has("minimum"))
          continue;
        long low = parameter.path("schema").path("minimum").asLong();
        String query = path.getKey().substring(NodeApi.ROOT.length()).replace("{id}", Scene.JOB)
            .replace("{name}", "table.txt") + "?" + parameter.path("name").asText() + "=";
        assertEquals(200, send(request(query + low)).statusCode(), query);
        assertEquals(parameter.path("name"), refused(400, request(query + (low - 1))).path("key"), query);
        if (parameter.path("schema").has("maximum"))
          assertEquals(parameter.path("name"),
              refused(400, request(query + (parameter.path("schema").path("maximum").asLong() + 1))).path("key"),
              query);
        bounds++;
      }
    assertTrue(bounds >= 10, bounds + " bounds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/status", "/nodes", "/actors", "/jobs", "/jobs/" + Scene.JOB,
      "/jobs/" + Scene.JOB + "/files",
      "/jobs/" + Scene.JOB + "/events", "/events", "/jobs/" + Scene.JOB + "/draws", "/session",
      "/proof/0123456789abcdef0123456789abcdef"})
  void shouldAnswerAsDescribed(String path) throws Exception {
    JsonNode description = ok(200, request("/openapi.json"));
    JsonNode operations = description.path("paths");
    String template = NodeApi.ROOT + path.replace(Scene.JOB, "{id}").replaceFirst("/proof/.*", "/proof/{nonce}");
    JsonNode schema = operations.path(template).path("get").path("responses").path("200").path("content")
        .path("application/json").path("schema");
    assertEquals(List.of(), Schema.differences(ok(200, request(path)), schema, description, path));
  }

  /** A job that has one input. */
  private static final class CopyKind implements org.halocline.runtime.job.JobKind {
    @Override
    public String name() {
      return "copy";
    }

    @Override
    public Checked<org.halocline.runtime.job.JobPlan> check(JobFile file) {
      Settings settings = file.settings();
      Optional<Path> input = settings.requiredInputFile("file");
      return settings.finish(() -> new CopyPlan(settings.resolved(), input.orElseThrow()));
    }
  }

  private record CopyPlan(com.typesafe.config.Config resolved,
      Path input) implements org.halocline.runtime.job.JobPlan {
    @Override
    public List<Path> inputs() {
      return List.of(input);
    }

    @Override
    public int chains() {
      return 1;
    }

    @Override
    public org.halocline.runtime.layout.LayoutCost cost(org.halocline.runtime.layout.Layout layout) {
      throw new UnsupportedOperationException("not planned in this test");
    }

    @Override
    public org.apache.pekko.actor.typed.Behavior<org.halocline.runtime.job.JobCommand> start(
        org.halocline.runtime.job.JobContext context) {
      throw new UnsupportedOperationException("not started in this test");
    }
  }
}
