package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No collection falls into the steps of a run: a JVM as it is planned, many steps of two subdomains that talk over the
 * data plane. Its kernels are the ones without vectors, which make no objects before they are compiled, so all that is
 * collected is the program's own garbage. Only the first compiler runs, which removes none of it.
 */
@Timeout(600)
class CollectionsTest {
  private static final int SECONDS = 280;
  private static final int STEPS = 200;
  /** Of both ranks in a step there or back: transfers, lists of parcels, tables of a transform. */
  private static final long MOST_BYTES_A_STEP = 300 << 10;

  @TempDir
  Path folder;

  private Path job(int repeat) throws IOException {
    Npy.constant(1f, 16, 16, 16).write(folder.resolve("density.npy"));
    return Files.writeString(folder.resolve("job.conf"), """
        kind = gradient
        simulation { mesh = [16, 16, 16], box-mpc-h = [64, 64, 64], a-initial = 0.1
          snapshot { steps = %d, spacing = log-a }, seed = 1, repeat = %d }
        data { density = "density.npy", sigma = 1 }
        layout { x = 2, y = 1 }
        """.formatted(STEPS, repeat));
  }

  @Test
  void shouldCollectNothingInManySteps() throws Exception {
    String job = job(2).toString();
    Outcome planned = Halocline.inside("run", "--plan-memory", job, "--lanes", "2", "--oversubscribe");
    assertEquals(0, planned.exit(), planned::toString);
    // Room for the garbage of all steps together, which is limited below: so a collection would be a step's own doing.
    List<String> options = Stream.concat(Stream.of(planned.out().trim().split(" ")),
        Stream.of("-Xmn512m", "-Xms768m", "-Xmx768m", "-XX:TieredStopAtLevel=1")).toList();
    Path output = folder.resolve("out");
    Outcome run = Outcome
        .of(Halocline.process(folder, options, "run", job, "--lanes", "2", "--oversubscribe", "--output",
            output.toString()), folder, SECONDS);
    assertEquals(0, run.exit(), run::toString);
    JsonNode summary = new ObjectMapper().readTree(output.resolve("summary.json").toFile());
    System.out.println("collections " + summary.at("/collections"));
    for (String part : List.of("forward", "reverse")) {
      JsonNode collected = summary.at("/collections/" + part);
      assertEquals(0, collected.at("/count").intValue(), () -> part + ": " + summary.at("/collections"));
      long bytes = collected.at("/garbage-bytes").longValue() / (2 * STEPS);
      assertTrue(bytes < MOST_BYTES_A_STEP, () -> part + " makes " + bytes + " bytes of garbage a step");
    }
    assertFalse(run.out().contains("collections"), run::toString);
  }

  @Test
  void shouldSayHowManyCollectionsFellIntoTheSteps() throws Exception {
    String job = job(1).toString();
    Path output = folder.resolve("out");
    Outcome run = Outcome.of(Halocline.process(folder, List.of("-Xmn1m", "-Xms512m", "-Xmx512m"), "run", job,
        "--lanes", "2", "--oversubscribe", "--output", output.toString()), folder, SECONDS);
    assertEquals(0, run.exit(), run::toString);
    JsonNode summary = new ObjectMapper().readTree(output.resolve("summary.json").toFile());
    long count = summary.at("/collections/forward/count").longValue();
    assertTrue(count > 0, () -> "none in a young generation of 1 MiB: " + summary.at("/collections"));
    assertTrue(run.out().contains("collections  forward " + count + " in "), run::toString);
  }
}
