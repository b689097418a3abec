package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.halocline.ops.api.FakeNode;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.plan.Jobs;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a cluster against a node that plays a scene: what they print, and how they end. */
@Timeout(300)
class ClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir
  private static Path folder;
  private static FakeNode node;

  @BeforeAll
  static void start() throws IOException {
    node = FakeNode.start(folder.resolve("state"), HttpSettings.defaults().withEndpoint("127.0.0.1", 0),
        Jobs.kinds(),
        5);
    Files.writeString(node.run().resolve("table.txt"), "a table\n");
    Files.writeString(node.run().resolve("run.log"), "first\nlast\n");
    node.happen(new JobEvent.Progress("chain 0", Done.unknown(), "sampling 3 of 4", Map.of("draw", 3.0)));
    node.happen(new JobEvent.Finished("omega_m 0.3\n", "{}"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Outcome ask(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--address", node.server().url(), "--state", folder.resolve("state").toString()));
    return Halocline.inside(all.toArray(String[]::new));
  }

  private static JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    Outcome outcome = ask(all.toArray(String[]::new));
    assertEquals(0, outcome.exit(), outcome::toString);
    return JSON.readTree(outcome.out());
  }

  @Test
  void shouldShowTheClusterForPeopleAndPrograms() throws IOException {
    for (String command : List.of("status", "list", "nodes", "actors")) {
      Outcome outcome = ask(command);
      assertEquals(0, outcome.exit(), outcome::toString);
      assertTrue(outcome.out().contains("10.0.0.11:25520") || outcome.out().contains(FakeNode.JOB), outcome::toString);
      assertTrue(json(command).isObject(), command);
    }
    assertTrue(ask("status", FakeNode.JOB).out().contains("chain 0"), "one job");
    assertEquals("first\nlast\n", ask("logs", FakeNode.JOB).out());
  }

  @Test
  void shouldSayHowItEndedByItsExitCode() {
    assertEquals(3, ask("status", "nope").exit());
    assertEquals(3, ask("fetch", FakeNode.JOB, "nope.txt").exit());
    assertEquals(2, ask("list", "--most", "0").exit());
    assertEquals(2, ask("submit", folder.resolve("nope.conf").toString()).exit());
    Outcome unanswered = Halocline.inside("status", "--address", "http://127.0.0.1:1");
    assertEquals(4, unanswered.exit(), unanswered::toString);
    assertTrue(unanswered.err().contains("does not answer: no program listens there"), unanswered::toString);
    assertTrue(unanswered.err().contains("halocline node"), unanswered::toString);
    Outcome stranger = Halocline.inside("cancel", FakeNode.JOB, "--address", node.server().url(), "--state",
        folder.resolve("elsewhere").toString());
    assertEquals(5, stranger.exit(), stranger::toString);
    Outcome json = Halocline.inside("status", "--json", "--address", "http://127.0.0.1:1");
    assertTrue(json.out().contains("\"exit-code\":4"), json::toString);
  }

  @Test
  void shouldWatchAJobToItsEnd() {
    Outcome outcome = ask("watch", FakeNode.JOB);
    assertEquals(0, outcome.exit(), outcome::toString);
    assertTrue(outcome.out().contains("sampling 3 of 4") && outcome.out().contains("omega_m 0.3"), outcome::toString);
  }

  @Test
  void shouldBringResultsHere() throws IOException {
    Path there = folder.resolve("got");
    Outcome outcome = ask("fetch", FakeNode.JOB, "--output", there.toString());
    assertEquals(0, outcome.exit(), outcome::toString);
    assertEquals("a table\n", Files.readString(there.resolve("table.txt")));
    assertTrue(ask("fetch", FakeNode.JOB, "--list").out().contains("table.txt"));
  }

  @Test
  void shouldSubmitAJobWithItsInputsOnce() throws IOException {
    Path job = folder.resolve("job.conf");
    Files.writeString(job, Files.readString(Path.of("examples/survey-tiny.conf")).replace("survey-tiny/",
        Path.of("examples/survey-tiny").toAbsolutePath() + "/"));
    JsonNode first = json("submit", job.toString(), "--priority", "7");
    assertFalse(first.path("known").asBoolean(), first::toString);
    assertEquals(7, first.path("job").path("terms").path("priority").asInt());
    assertTrue(json("submit", job.toString()).path("known").asBoolean());
    String id = first.path("job").path("id").asText();
    assertEquals(0, ask("cancel", id).exit());
    assertEquals("cancelled", json("status", id).path("state").asText());
    try (var blobs = Files.list(folder.resolve("state/blobs"))) {
      assertTrue(blobs.count() >= 3, "inputs have travelled");
    }
  }

  @Test
  void shouldNotSendTheTokenToAServerThatDoesNotKnowIt() throws Exception {
    List<String> heard = java.util.Collections.synchronizedList(new ArrayList<>());
    try (java.net.ServerSocket stranger = new java.net.ServerSocket(0, 8, java.net.InetAddress.getLoopbackAddress())) {
      Thread listens = Thread.ofVirtual().start(() -> {
        try {
          while (true)
            try (java.net.Socket caller = stranger.accept()) {
              byte[] part = new byte[1 << 14];
              int read = caller.getInputStream().read(part);
              heard.add(new String(part, 0, Math.max(0, read), java.nio.charset.StandardCharsets.UTF_8));
              String body = heard.getLast().startsWith("GET /api/v1/proof")
                  ? "{\"port\":" + stranger.getLocalPort() + ",\"proof\":\"" + "a".repeat(64) + "\"}"
                  : "{}";
              caller.getOutputStream().write(("HTTP/1.1 " + (heard.getLast().contains("/proof") ? 200 : 401)
                  + " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length()
                  + "\r\n\r\n" + body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException _) {
          // the test is over
        }
      });
      for (String[] command : new String[][]{{"status"}, {"cancel", "x"}, {"page"}}) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--address", "http://127.0.0.1:" + stranger.getLocalPort(), "--state",
            folder.resolve("state").toString()));
        Outcome outcome = Halocline.inside(all.toArray(String[]::new));
        assertEquals(5, outcome.exit(), outcome::toString);
      }
      listens.interrupt();
    }
    String token = Files.readString(folder.resolve("state/token")).strip();
    assertTrue(heard.size() >= 3, heard::toString);
    assertTrue(heard.stream().noneMatch(request -> request.contains(token)), heard::toString);
  }

  @Test
  void shouldPrintNothingThatMovesTheCursor() {
    node.happen(
        new JobEvent.Progress("chain 1", Done.unknown(), "sampling \u001b]52;c;x\u0007 3 of 4", Map.of("draw", 3.0)));
    Outcome outcome = ask("watch", FakeNode.JOB);
    assertFalse(outcome.out().contains("\u001b"), outcome::toString);
  }

  @Test
  void shouldPrintALinkThatIsGoodOnce() {
    Outcome outcome = ask("page");
    assertTrue(outcome.out().matches("http://127\\.0\\.0\\.1:\\d+/#key=[\\w-]{40,}\\s+"), outcome::toString);
  }

  @Test
  void shouldReadANodeFromAFileAndLetOptionsWin() throws IOException {
    Path file = Files.writeString(folder.resolve("node.conf"),
        "lanes = 0, memory = 1073741824, http-prot = 1, seed = \"a:1\", state = there");
    Outcome bad = Halocline.inside("node", "--plan-memory", "--config", file.toString());
    assertEquals(2, bad.exit(), bad::toString);
    for (String part : List.of("lanes = 0", "did you mean http-port?", "seed = \"a:1\": must be a list"))
      assertTrue(bad.err().contains(part), bad::toString);
    Files.writeString(file, "lanes = 7, memory = 900m, seed = [\"127.0.0.1:1\"]");
    Outcome good = Halocline.inside("node", "--plan-memory", "--config", file.toString(), "--lanes", "1");
    assertEquals(0, good.exit(), good::toString);
    assertTrue(good.out().contains("-Dhalocline.lanes=1") && good.out().contains("-Dhalocline.memory=943718400"),
        good::toString);
    assertEquals(2, Halocline.inside("node", "--plan-memory", "--config", folder.resolve("no.conf").toString()).exit());
  }

  @Test
  void shouldReportEveryProblemOfANode() {
    Outcome outcome = Halocline.inside("node", "--plan-memory", "--state", folder.resolve("s").toString(), "--port",
        "70000",
        "--lanes", "0", "--memory", "x", "--seed", "here", "--cluster", "No Good", "--roles", "king");
    assertEquals(2, outcome.exit(), outcome::toString);
    for (String part : List.of("port = 70000", "lanes = 0", "memory = x", "seed = here", "cluster = No Good",
        "roles = king"))
      assertTrue(outcome.err().contains(part), outcome::toString);
    assertEquals(6, outcome.err().lines().count(), outcome::toString);
    Outcome good = Halocline.inside("node", "--plan-memory", "--lanes", "1", "--memory", "1g");
    assertTrue(good.out().startsWith("-X"), good::toString);
  }
}
