package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.halocline.ops.api.Waiting;
import org.halocline.ops.plan.Jobs;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.state.StateDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes as processes: a cluster of a node that sees the state directory and of one that does not. Commands use it,
 * nodes with the token join it, nodes without are refused, and a signal ends a node.
 */
@Timeout(600)
class NodeTest {
  private static final int SECONDS = 280;
  private static final String SIMULATE = """
      kind = simulate
      simulation { mesh = [8, 10, 16], box-mpc-h = [400, 450, 2048], light-cone { steps-before = 2, planes = 4 }, seed = 3 }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      """;

  @TempDir
  static Path folder;
  private static Outcome.Running sees;
  private static Outcome.Running blind;
  private static String seed;

  private static Path state() {
    return folder.resolve("state");
  }

  private static String token() throws Exception {
    return StateDirectory.open(state(), "tea").token();
  }

  @BeforeAll
  static void start() throws Exception {
    sees = node(Map.of(), "--state", state().toString());
    seed = ready(sees).path("node").asText();
    blind = node(Map.of("HALOCLINE_TOKEN", token()), "--state", folder.resolve("elsewhere").toString(), "--roles",
        "computes", "--seed", seed);
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
    Files.writeString(folder.resolve("job.conf"), SIMULATE);
    Waiting.until("the node that does not see the state directory", () -> nodes().out().contains("does not see"));
  }

  @AfterAll
  static void stop() {
    if (blind != null)
      blind.close();
    if (sees != null)
      sees.close();
  }

  private static Outcome.Running node(Map<String, String> environment, String... options) throws Exception {
    List<String> all = new ArrayList<>(
        List.of("node", "--json", "--cluster", "tea", "--lanes", "1", "--http-port", "0"));
    all.addAll(List.of(options));
    ProcessBuilder process = Halocline.process(folder, List.of(), all.toArray(String[]::new));
    process.environment().putAll(environment);
    Outcome.Running node = Outcome.started(process, folder);
    node.prints("\"event\":\"ready\"", SECONDS);
    return node;
  }

  private static JsonNode ready(Outcome.Running node) throws IOException {
    return new ObjectMapper().readTree(Files.readString(node.out()).lines().findFirst().orElseThrow());
  }

  private static Outcome ask(Outcome.Running node, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--address", ready(node).path("address").asText(), "--token-file",
        state().resolve("token").toString()));
    return Halocline.inside(all.toArray(String[]::new));
  }

  private static Outcome nodes() {
    try {
      return ask(sees, "nodes");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void awaitLogged(Outcome.Running node, String words) throws Exception {
    Waiting.until(words + " in " + ready(node).path("log"), () -> log(node).contains(words));
  }

  private static String log(Outcome.Running node) throws IOException {
    return Files.readString(Path.of(ready(node).path("log").asText()));
  }

  @Test
  void shouldRunAJobAsRunDoesAndBringItsResultsThroughAnyNode() throws Exception {
    Path job = folder.resolve("job.conf");
    Path alone = folder.resolve("alone");
    assertEquals(0, Halocline.inside("run", job.toString(), "--output", alone.toString(), "--lanes", "1").exit());
    Outcome submitted = ask(blind, "submit", job.toString(), "--wait");
    assertEquals(0, submitted.exit(), submitted::toString);
    Outcome again = ask(sees, "submit", job.toString());
    assertTrue(again.out().contains("was submitted before; it is finished"), again::toString);
    assertTrue(again.err().contains("does not see the cluster's state directory"), again::toString);
    String id = again.out().substring(0, again.out().indexOf(' '));
    for (Outcome.Running node : List.of(sees, blind)) {
      Path got = folder.resolve("got-" + node.process().pid());
      Outcome fetched = ask(node, "fetch", id, "--output", got.toString());
      assertEquals(0, fetched.exit(), fetched::toString);
      for (String file : List.of("displacement.npy", "momentum.npy", "kappa.npy"))
        assertArrayEquals(Files.readAllBytes(alone.resolve(file)), Files.readAllBytes(got.resolve(file)), file);
      assertEquals(3, ask(node, "fetch", id, "nope.npy", "--output", got.toString()).exit());
      assertTrue(ask(node, "logs", id).out().contains(id), "the job's log");
    }
    try (var blobs = Files.list(folder.resolve("elsewhere/blobs"))) {
      assertEquals(0, blobs.count(), "inputs are kept where they are used");
    }
  }

  @Test
  void shouldRunAJobUnderTheIdThatItsUserChose() throws Exception {
    String job = folder.resolve("job.conf").toString();
    Outcome submitted = ask(sees, "submit", job, "--id", "my.run-1", "--wait");
    assertEquals(0, submitted.exit(), submitted::toString);
    assertTrue(ask(blind, "status", "my.run-1").out().contains("finished"));
    assertEquals(2, ask(sees, "submit", job, "--id", "../run").exit());
    Path other = Files.writeString(folder.resolve("other.conf"), SIMULATE.replace("seed = 3", "seed = 4"));
    Outcome taken = ask(sees, "submit", other.toString(), "--id", "my.run-1");
    assertEquals(2, taken.exit(), taken::toString);
    assertTrue(taken.err().contains("another job"), taken::toString);
  }

  @Test
  void shouldSayOnItsReadyLineWhatItTook() throws IOException {
    JsonNode line = ready(sees);
    assertEquals(1, line.path("lanes").asInt());
    assertTrue(line.path("memory-bytes").asLong() > 0 && line.path("page").asText().startsWith("http://127.0.0.1:"),
        line::toString);
    assertTrue(ready(blind).path("note").asText().contains("nodes"), () -> "it shares its host");
    assertTrue(log(sees).contains("is up with 1 lane"), "its log");
  }

  @Test
  void shouldRefuseANodeOfAnotherClusterInWordsOnBothSides() throws Exception {
    Outcome outcome = join("--cluster", "coffee", "--state", folder.resolve("coffee").toString(), "--seed", seed);
    assertEquals(2, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("\"tea\"") && outcome.err().contains("\"coffee\""), outcome::toString);
    awaitLogged(sees, "does not know this cluster's token; it is of cluster \"coffee\"");
  }

  @Test
  void shouldRefuseANodeWithAnotherStateDirectoryInWordsOnBothSides() throws Exception {
    Outcome outcome = join("--cluster", "tea", "--state", folder.resolve("third").toString(), "--seed", seed);
    assertEquals(2, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("not the same files"), outcome::toString);
    awaitLogged(sees, "not the same files");
    Outcome foreign = join("--cluster", "coffee", "--state", state().toString());
    assertEquals(2, foreign.exit(), foreign::toString);
    assertTrue(foreign.err().contains("is the state directory of cluster tea"), foreign::toString);
  }

  @Test
  void shouldRefuseANodeOfAnotherProtocolInWordsOnBothSides() throws Exception {
    int protocol = com.typesafe.config.ConfigFactory.load().getInt("halocline.cluster.protocol");
    NodeSettings later = NodeSettings.defaults().withLanes(1, 256L << 20)
        .withOverrides(com.typesafe.config.ConfigFactory
            .parseMap(Map.of("halocline.cluster.protocol", protocol + 1)))
        .withCluster(ClusterSettings.of("tea", folder.resolve("later"))).withToken(token());
    try (HaloclineNode node = HaloclineNode.start(later, Jobs.parts())) {
      Path now = Files.createDirectory(folder.resolve("now"));
      Files.copy(state().resolve("token"), now.resolve("token"), StandardCopyOption.COPY_ATTRIBUTES);
      Outcome outcome = join("--cluster", "tea", "--state", now.toString(), "--seed", node.address());
      assertEquals(2, outcome.exit(), outcome::toString);
      assertTrue(
          outcome.err().contains("it speaks protocol " + (protocol + 1)
              + " and is of cluster \"tea\", and this node speaks protocol " + protocol),
          outcome::toString);
    }
    NodeException refused = Assertions.assertThrows(NodeException.class,
        () -> HaloclineNode.start(later.withSeeds(List.of(seed)), Jobs.parts()).close());
    assertTrue(refused.getMessage().contains("it speaks protocol " + protocol), refused.getMessage());
    awaitLogged(sees, "speaks protocol " + (protocol + 1));
  }

  /** What refuses ends at once, so this JVM may be the node. */
  private static Outcome join(String... options) {
    List<String> all = new ArrayList<>(List.of("node", "--lanes", "1", "--http-port", "0"));
    all.addAll(List.of(options));
    return Halocline.inside(all.toArray(String[]::new));
  }

  @Test
  void shouldEndWithZeroByASignalAndLeaveInOrder() throws Exception {
    try (Outcome.Running third = node(Map.of(), "--state", state().toString())) {
      String name = ready(third).path("node").asText();
      Waiting.until(name + " in the list", () -> ask(third, "nodes").out().contains(name));
      long began = System.nanoTime();
      third.process().destroy();
      Outcome end = third.ends(SECONDS);
      System.out.printf("a node left in %.1f s%n", (System.nanoTime() - began) / 1e9);
      assertEquals(0, end.exit(), end::toString);
      // It said goodbye, so that no failure detector had to find out; the cluster's leader notes it.
      Waiting.until("the leave of " + name,
          () -> (log(sees) + log(blind) + log(third)).contains(name + "] to [Exiting]"));
      Waiting.until(name + " in the list no more", () -> !nodes().out().contains(name));
      assertEquals(4, ask(third, "status").exit());
    }
  }

  @Test
  void shouldRunTheExampleThatSubmitsByMessage() throws Exception {
    Path source = Path.of("examples/messages/SubmitByMessage.java").toAbsolutePath();
    Path classes = Files.createDirectories(folder.resolve("classes"));
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), "-cp",
        System.getProperty("java.class.path"), "-Xlint:all", "-Werror", source.toString()));
    List<String> command = Halocline.command(List.of());
    command.set(command.indexOf("-cp") + 1, classes + ":" + System.getProperty("java.class.path"));
    command.set(command.size() - 1, "SubmitByMessage");
    command.addAll(List.of(seed, Files.readString(state().resolve("token")).strip(),
        folder.resolve("job.conf").toString()));
    Outcome outcome = Outcome.of(new ProcessBuilder(command), folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    assertTrue(outcome.out().contains("the end: Finished"), outcome::toString);
  }
}
