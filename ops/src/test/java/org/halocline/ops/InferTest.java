package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.halocline.ops.cli.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inference from the command line: what it leaves behind, and that a run which is killed and resumed leaves the same
 * bytes.
 */
@Timeout(600)
class InferTest {

  private static final int SECONDS = 280;
  private static final String JOB = BadInputTest.INFER.replace("warm-up = 10, draws = 10",
      "warm-up = 12, draws = 80, max-steps = 6, thin { noise = 10, kappa = 6 }")
      + "checkpoint { seconds = 0, draws = 3 }\n";

  @TempDir
  Path folder;
  private Path job;

  @BeforeEach
  void writeInputs() throws IOException {
    float[] map = new float[32];
    for (int pixel = 0; pixel < map.length; pixel++)
      map[pixel] = 0.004f * (float) Math.sin(pixel * 1.7);
    new Npy(new int[]{2, 4, 4}, map).write(folder.resolve("observed.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
    job = Files.writeString(folder.resolve("job.conf"), JOB);
  }

  private Outcome.Running start(Path output, String... more) throws IOException {
    List<String> arguments = Stream
        .concat(Stream.of("run", job.toString(), "--output", output.toString()), Stream.of(more)).toList();
    return Outcome.started(Halocline.process(folder, List.of(), arguments.toArray(String[]::new)), folder);
  }

  @Test
  void shouldGiveTheSameDrawsAfterAKillATerminationAndOnOtherLanes() throws Exception {
    Path calm = folder.resolve("calm");
    Outcome undisturbed = Halocline.inside("run", job.toString(), "--output", calm.toString(), "--lanes", "2",
        "--oversubscribe");
    assertEquals(0, undisturbed.exit(), undisturbed::toString);
    assertTrue(undisturbed.out().contains("omega_m") && undisturbed.out().contains("ESS"), undisturbed::toString);
    List<Path> results = results(calm);
    assertTrue(results.contains(Path.of("chain-1.csv")) && results.contains(Path.of("mean_noise.npy")),
        results::toString);

    Path disturbed = folder.resolve("disturbed");
    try (Outcome.Running run = start(disturbed, "--lanes", "2", "--oversubscribe")) {
      awaitDraws(run, disturbed, 1);
      run.process().destroyForcibly();
      assertEquals(137, run.ends(SECONDS).exit(), "the run had ended before it could be killed");
    }
    int before = draws(disturbed);
    try (Outcome.Running run = start(disturbed, "--lanes", "4", "--oversubscribe", "--resume")) {
      awaitDraws(run, disturbed, before + 6);
      run.process().destroy();
      Outcome stopped = run.ends(SECONDS);
      assertEquals(143, stopped.exit(), stopped::toString);
      assertTrue(stopped.err().contains("halocline: stopping") && stopped.err().contains("--resume"),
          stopped::toString);
    }
    assertEquals("cancelled",
        new ObjectMapper().readTree(disturbed.resolve("manifest.json").toFile()).at("/state").asText().toLowerCase());
    Outcome resumed = Halocline.inside("run", job.toString(), "--output", disturbed.toString(), "--lanes", "1",
        "--resume");
    assertEquals(0, resumed.exit(), resumed::toString);
    assertEquals(results, results(disturbed));
    for (Path result : results)
      assertArrayEquals(Files.readAllBytes(calm.resolve(result)), Files.readAllBytes(disturbed.resolve(result)),
          result.toString());
  }

  @Test
  void shouldNotRunTwiceInOneDirectoryAtOnce() throws Exception {
    Path output = folder.resolve("out");
    Files.writeString(job, JOB.replace("draws = 80", "draws = 100000"));
    try (Outcome.Running run = start(output)) {
      awaitDraws(run, output, 1);
      Outcome second = Halocline.inside("run", job.toString(), "--output", output.toString(), "--resume");
      assertEquals(ExitCode.BAD_INPUT, second.exit(), second::toString);
      assertTrue(second.err().contains(output.toString()), second::toString);
      assertFalse(second.err().contains("Exception"), second::toString);
    }
  }

  /** Waits until all chains together have written so many draws. */
  private void awaitDraws(Outcome.Running run, Path output, int wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (draws(output) < wanted)
      if (run.process().waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > end)
        throw new AssertionError("no " + wanted + " draws were seen\n" + run.ends(1));
  }

  private static int draws(Path output) throws IOException {
    int draws = 0;
    for (Path file : results(output))
      if (file.toString().startsWith("chain-") && file.toString().endsWith(".csv"))
        draws += (int) Files.readAllLines(output.resolve(file)).stream()
            .filter(line -> !line.isEmpty() && (Character.isDigit(line.charAt(0)) || line.charAt(0) == '-')).count();
    return draws;
  }

  /** Tables and arrays that the run leaves, by name. */
  private static List<Path> results(Path output) throws IOException {
    if (!Files.isDirectory(output))
      return List.of();
    try (Stream<Path> files = Files.list(output)) {
      return files.map(Path::getFileName)
          .filter(file -> file.toString().endsWith(".csv") || file.toString().endsWith(".npy")).sorted().toList();
    }
  }
}
