package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as processes: started, used by the commands, ended by a signal. */
@Timeout(240)
class NodeTest {
  private static final int SECONDS = 90;
  private static final String SIMULATE = """
      kind = simulate
      simulation { mesh = [8, 10, 16], box-mpc-h = [400, 450, 2048], light-cone { steps-before = 2, planes = 4 }, seed = 3 }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      """;

  @TempDir
  Path folder;

  private Outcome.Running node() throws Exception {
    Outcome.Running node = Outcome
        .started(Halocline.process(folder, List.of(), "node", "--json", "--lanes", "1", "--state",
            folder.resolve("state").toString(), "--http-port", "0"), folder);
    node.prints("\"event\":\"ready\"", SECONDS);
    return node;
  }

  private static JsonNode ready(Outcome.Running node) throws Exception {
    return new ObjectMapper().readTree(Files.readString(node.out()).lines().findFirst().orElseThrow());
  }

  @Test
  void shouldRunAJobAsRunDoesAndEndByASignal() throws Exception {
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
    Path job = Files.writeString(folder.resolve("job.conf"), SIMULATE);
    Path alone = folder.resolve("alone");
    assertEquals(0, Halocline.inside("run", job.toString(), "--output", alone.toString(), "--lanes", "1").exit());
    try (Outcome.Running first = node(); Outcome.Running second = node()) {
      String address = ready(second).path("address").asText();
      List<String> where = List.of("--address", address, "--state", folder.resolve("state").toString());
      Outcome nodes = ask(where, "nodes");
      assertEquals(3, nodes.out().lines().count(), nodes::toString);
      Outcome submitted = ask(where, "submit", job.toString(), "--wait");
      assertEquals(0, submitted.exit(), submitted::toString);
      Outcome again = ask(where, "submit", job.toString());
      assertTrue(again.out().contains("was submitted before; it is finished"), again::toString);
      String id = again.out().substring(0, again.out().indexOf(' '));
      Path got = folder.resolve("got");
      assertEquals(0, ask(where, "fetch", id, "--output", got.toString()).exit());
      for (String file : List.of("displacement.npy", "momentum.npy", "kappa.npy"))
        assertArrayEquals(Files.readAllBytes(alone.resolve(file)), Files.readAllBytes(got.resolve(file)), file);
      assertTrue(Files.size(Path.of(ready(first).path("log").asText())) > 0);
      for (Outcome.Running node : List.of(second, first)) {
        node.process().destroy();
        assertEquals(143, node.ends(SECONDS).exit());
      }
      Outcome gone = ask(where, "status");
      assertEquals(4, gone.exit(), gone::toString);
    }
  }

  private static Outcome ask(List<String> where, String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(where);
    return Halocline.inside(all.toArray(String[]::new));
  }
}
