package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.halocline.ops.Halocline;
import org.halocline.ops.Outcome;

/**
 * Nodes in processes of their own that share a state directory, asked over HTTP and by the commands of a user. Any node
 * that lives is asked. One thread.
 */
final class LaunchedCluster implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ONE_ANSWER = Duration.ofSeconds(20);
  private static final Duration ANY_ANSWER = Duration.ofSeconds(100);
  private static final long BETWEEN_LOOKS_NS = 50_000_000;
  /** States of jobs, and the last events of such. */
  private static final List<String> ENDS = List.of("finished", "already-finished", "failed", "cancelled");

  private final Path folder;
  private final Path state;
  private Path tokens;
  private final List<LaunchedNode> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  LaunchedCluster(Path folder) {
    this(folder, folder.resolve("state"));
  }

  /** @param state the state directory as nodes see it */
  LaunchedCluster(Path folder, Path state) {
    this.folder = folder;
    this.state = state;
    this.tokens = state;
  }

  /** The state directory as this process sees it, where that is another. */
  void tokensIn(Path seen) {
    tokens = seen;
  }

  /** The run directory of a job that names none. */
  Path run(String id) {
    return state.resolve("runs").resolve(id);
  }

  Path state() {
    return state;
  }

  /** Started; not ready yet. */
  LaunchedNode launch(int lanes) throws IOException {
    return launch(lanes, List.of());
  }

  /**
   * @param before what runs it
   * @param more options
   */
  LaunchedNode launch(int lanes, List<String> before, String... more) throws IOException {
    LaunchedNode node = LaunchedNode.launch(folder, state, lanes, before, List.of(more));
    nodes.add(node);
    return node;
  }

  /** So many nodes at once, which share nothing but the state directory; returns when all are members. */
  List<LaunchedNode> start(int count, int lanes) throws IOException, InterruptedException {
    List<LaunchedNode> started = new ArrayList<>();
    for (int i = 0; i < count; i++)
      started.add(launch(lanes));
    for (LaunchedNode node : started)
      node.ready();
    awaitNodes((int) nodes.stream().filter(LaunchedCluster::answers).count());
    return started;
  }

  private static boolean answers(LaunchedNode node) {
    try {
      return node.answers();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  List<LaunchedNode> living() {
    return nodes.stream().filter(LaunchedCluster::answers).toList();
  }

  LaunchedNode named(String name) throws IOException {
    for (LaunchedNode node : living())
      if (node.name().equals(name))
        return node;
    throw new AssertionError("no living process is node " + name);
  }

  /** The node that coordinates now. */
  LaunchedNode coordinator() throws IOException, InterruptedException {
    return named(status().path("coordinator").asText());
  }

  JsonNode status() throws InterruptedException {
    return get("/status");
  }

  JsonNode job(String id) throws InterruptedException {
    return get("/jobs/" + id);
  }

  /** What has happened to a job that has ended. */
  private List<JsonNode> events(String id) throws InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    JsonNode batch = get("/jobs/" + id + "/events");
    while (!batch.path("events").isEmpty()) {
      batch.path("events").forEach(all::add);
      if (ENDS.contains(all.getLast().path("event").path("type").asText()))
        break;
      batch = get("/jobs/" + id + "/events?from=" + batch.path("next").asLong());
    }
    return all;
  }

  /**
   * One history of a job that has finished: events numbered in order, each start that was told after the one before,
   * one end, and no start that was not counted. A coordinator may die between counting a start and making it, or
   * between making and telling it.
   */
  void assertOneHistory(JsonNode job) throws IOException, InterruptedException {
    String id = job.path("id").asText();
    long number = -1;
    int start = 0;
    int ends = 0;
    for (JsonNode record : events(id)) {
      assertTrue(record.path("number").asLong() > number, record::toString);
      number = record.path("number").asLong();
      JsonNode event = record.path("event");
      assertEquals(0, ends, "after its end: " + record);
      switch (event.path("type").asText()) {
        case "accepted" -> {
          assertTrue(event.path("incarnation").asInt() > start, record::toString);
          start = event.path("incarnation").asInt();
        }
        case "finished", "already-finished" -> ends++;
        default -> {
        }
      }
    }
    assertEquals(1, ends);
    try (Stream<Path> files = Files.list(run(id).resolve("incarnations"))) {
      assertEquals(start, files.count(), "the last start is the one that ended");
    }
    assertTrue(start <= job.path("restarts").asInt() + 1, "every start was counted: " + job);
  }

  /** From the first node that answers; a node that is cut off in the middle is asked again. */
  JsonNode get(String path) throws InterruptedException {
    long until = System.nanoTime() + ANY_ANSWER.toNanos();
    String last = "no node lives";
    while (System.nanoTime() < until) {
      for (LaunchedNode node : living())
        try {
          HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(node.url() + "/api/v1" + path))
              .header("Authorization", "Bearer " + Files.readString(tokens.resolve("token")).strip())
              .timeout(ONE_ANSWER).build(), HttpResponse.BodyHandlers.ofString());
          if (answer.statusCode() == 200)
            return JSON.readTree(answer.body());
          last = answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
          last = e.toString();
        }
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
    throw new AssertionError("no answer to " + path + ": " + last);
  }

  /** A user's command, put to a node that lives. */
  Outcome ask(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--address", living().getFirst().url(), "--state", tokens.toString()));
    return Halocline.inside(all.toArray(String[]::new));
  }

  /** Whether a job can be laid out on so many lanes. */
  Outcome plan(Path job, int lanes) {
    return Halocline.inside("plan", job.toString(), "--lanes", Integer.toString(lanes));
  }

  /** @return what {@code submit --json} prints */
  JsonNode submit(Path job, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("submit", job.toString(), "--json"));
    arguments.addAll(List.of(more));
    Outcome outcome = ask(arguments.toArray(String[]::new));
    assertEquals(0, outcome.exit(), outcome::toString);
    return JSON.readTree(outcome.out());
  }

  /** A submission to a node that may be wrong to ask. */
  Outcome submitTo(LaunchedNode node, Path job) throws IOException {
    return Halocline.inside("submit", job.toString(), "--json", "--address", node.url(), "--state", tokens.toString());
  }

  String submitted(Path job, String... more) throws IOException {
    return submit(job, more).path("job").path("id").asText();
  }

  /** Something that can be seen in a job's status. */
  interface Sight {
    boolean in(JsonNode job) throws Exception;
  }

  /** Looks until it is seen; fails after so many seconds, or when the job has ended and it was not. */
  JsonNode until(String id, String what, int seconds, Sight wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      JsonNode job = job(id);
      if (wanted.in(job))
        return job;
      if (System.nanoTime() > end || isOver(job))
        throw new AssertionError("not seen within " + seconds + " s: " + what + "\n" + job.toPrettyString() + "\n"
            + logs());
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
    }
  }

  JsonNode untilFinished(String id, int seconds) throws Exception {
    JsonNode job = until(id, "its end", seconds, LaunchedCluster::isOver);
    assertEquals("finished", job.path("state").asText(), () -> job.toPrettyString() + "\n" + logs());
    return job;
  }

  static boolean isOver(JsonNode job) {
    return ENDS.contains(job.path("state").asText());
  }

  /** Draws and warm-up steps of all chains together. */
  static int draws(JsonNode job) {
    int draws = 0;
    for (JsonNode source : job.path("sources"))
      draws += source.path("draw").asInt();
    return draws;
  }

  /** Until so many nodes report. */
  void awaitNodes(int count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    long up = 0;
    while (up != count) {
      if (System.nanoTime() > end)
        throw new AssertionError(count + " nodes are not up, but " + up + "\n" + logs());
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
      up = 0;
      for (JsonNode node : status().path("nodes"))
        if (node.path("state").asText().equals("up"))
          up++;
    }
  }

  /** The last lines of every node's log, for a failure's message. */
  private String logs() {
    StringBuilder text = new StringBuilder();
    try (var files = Files.list(state.resolve("logs"))) {
      for (Path log : files.sorted().toList()) {
        List<String> lines = Files.readAllLines(log);
        text.append("--- ").append(log.getFileName()).append('\n');
        lines.subList(Math.max(0, lines.size() - 25), lines.size()).forEach(line -> text.append(line).append('\n'));
      }
    } catch (IOException e) {
      text.append(e);
    }
    return text.toString();
  }

  @Override
  public void close() {
    nodes.forEach(LaunchedNode::close);
    http.shutdownNow();
  }
}
