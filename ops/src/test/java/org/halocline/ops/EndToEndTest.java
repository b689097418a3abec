package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.halocline.ops.cli.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of small jobs, from the command line to the files. */
@Timeout(600)
class EndToEndTest {

  private static final int SECONDS = 280;
  private static final String SIMULATE = """
      kind = simulate
      simulation { mesh = [8, 10, 16], box-mpc-h = [400, 450, 2048], light-cone { steps-before = 2, planes = 4 }, seed = 3 }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      """;

  @TempDir
  Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Npy.constant(0.5f, 8, 8, 16).write(folder.resolve("noise.npy"));
    Npy.constant(0.001f, 2, 4, 4).write(folder.resolve("observed.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
  }

  private Path job(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void shouldSimulateTheSameBitsOnEveryLayout() throws Exception {
    List<Path> outputs = new ArrayList<>();
    for (String layout : List.of("x = 1, y = 1", "x = 2, y = 1", "x = 2, y = 2")) {
      Path output = folder.resolve("out-" + outputs.size());
      Path job = job("job" + outputs.size() + ".conf", SIMULATE + "layout { " + layout + " }");
      Outcome outcome = Halocline.inside("run", job.toString(), "--output", output.toString(), "--lanes", "4",
          "--oversubscribe");
      assertEquals(0, outcome.exit(), outcome::toString);
      assertTrue(outcome.out().contains("results are in " + output), outcome::toString);
      outputs.add(output);
    }
    for (String file : List.of("displacement.npy", "momentum.npy", "density.npy", "planes.npy", "kappa.npy",
        "power.csv")) {
      byte[] first = Files.readAllBytes(outputs.getFirst().resolve(file));
      for (Path output : outputs)
        assertArrayEquals(first, Files.readAllBytes(output.resolve(file)), file + " of " + output);
    }
  }

  @Test
  void shouldRunAsAProcessThatSpeaksJson() throws Exception {
    Path job = job("job.conf", BadInputTest.GRADIENT);
    Outcome outcome = Outcome.of(Halocline.process(folder, List.of(), "run", job.toString(), "--json"), folder,
        SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : outcome.out().lines().toList())
      lines.add(json.readTree(line));
    assertEquals("starts", lines.getFirst().at("/event").textValue());
    assertEquals("finished", lines.getLast().at("/event").textValue());
    Path output = folder.resolve("runs/job-1");
    JsonNode gradient = json.readTree(output.resolve("gradient.json").toFile());
    assertTrue(gradient.at("/value").doubleValue() > 0, gradient::toString);
    assertTrue(gradient.at("/parameters").has("omega-m"), gradient::toString);
    assertTrue(Files.exists(output.resolve("gradient_noise.npy")));
    JsonNode manifest = json.readTree(output.resolve("manifest.json").toFile());
    assertTrue(manifest.toString().contains("finished"), manifest::toString);
  }

  @Test
  void shouldRefuseADirectoryThatHoldsARunAndSayHowToResume() throws Exception {
    Path job = job("job.conf", SIMULATE);
    String output = folder.resolve("out").toString();
    assertEquals(0, Halocline.inside("run", job.toString(), "--output", output).exit());
    Outcome again = Halocline.inside("run", job.toString(), "--output", output);
    assertEquals(ExitCode.BAD_INPUT, again.exit(), again::toString);
    assertTrue(again.err().contains("--resume"), again::toString);
    Outcome resumed = Halocline.inside("run", job.toString(), "--output", output, "--resume");
    assertEquals(0, resumed.exit(), resumed::toString);
    assertTrue(resumed.out().contains("nothing was computed"), resumed::toString);
    Path other = job("other.conf", SIMULATE.replace("seed = 3", "seed = 4"));
    Outcome refused = Halocline.inside("run", other.toString(), "--output", output, "--resume");
    assertEquals(ExitCode.BAD_INPUT, refused.exit(), refused::toString);
    assertTrue(refused.err().contains("seed"), refused::toString);
  }

  /** Each trajectory diverges, since the noise of the map is far too small for the first step. */
  @Test
  void shouldEndWithACodeOfItsOwnWhereNoChainMoved() throws Exception {
    Path job = job("job.conf", BadInputTest.INFER.replace("sigma-pixel = 0.006", "sigma-pixel = 1e-8")
        .replace("warm-up = 10, draws = 10", "warm-up = 0, draws = 4"));
    String output = folder.resolve("out").toString();
    Outcome outcome = Halocline.inside("run", job.toString(), "--output", output);
    assertEquals(ExitCode.NOT_BELIEVED, outcome.exit(), outcome::toString);
    assertTrue(outcome.out().contains("not to be believed: chain 1 never moved: its 4 draws are one point")
        && outcome.out().contains("finished, but the results are not to be believed"), outcome::toString);
    Outcome again = Halocline.inside("run", job.toString(), "--output", output, "--resume");
    assertEquals(ExitCode.NOT_BELIEVED, again.exit(), again::toString);
    String summary = Files.readString(Path.of(output, "summary.json"));
    JsonNode read = new ObjectMapper().readTree(summary);
    assertTrue(read.at("/doubts/0").textValue().startsWith("chain 0 never moved"), summary);
    assertTrue(read.at("/parameters/omega_m/r-hat").isNull(), summary);
    assertFalse(summary.toLowerCase(java.util.Locale.ROOT).contains("nan"), summary);
  }

  @Test
  void shouldStopAtADisplacementBeyondItsMaximum() throws Exception {
    Path output = folder.resolve("out");
    Path job = job("job.conf", SIMULATE.replace("seed = 3", "seed = 3, max-displacement = 0.05"));
    Outcome outcome = Halocline.inside("run", job.toString(), "--output", output.toString());
    assertTrue(outcome.exit() == ExitCode.BAD_INPUT || outcome.exit() == ExitCode.FAILURE, outcome::toString);
    assertTrue(outcome.err().contains("max-displacement") && outcome.err().contains("0.05"), outcome::toString);
    assertFalse(outcome.err().contains("\tat "), outcome::toString);
    for (String file : List.of("displacement.npy", "momentum.npy", "density.npy", "planes.npy", "kappa.npy",
        "power.csv"))
      assertFalse(Files.exists(output.resolve(file)), file);
  }

  @Test
  void shouldSayThatTheDiskIsFull() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Path job = job("job.conf", SIMULATE);
    Outcome outcome = Outcome.of(withSmallDisks(List.of(disk), "64k", List.of(), "run", job.toString(), "--output",
        disk.resolve("out").toString()), folder, SECONDS);
    assumeMounted(outcome);
    assertTrue(outcome.exit() == ExitCode.BAD_INPUT || outcome.exit() == ExitCode.FAILURE, outcome::toString);
    assertTrue(outcome.err().contains(disk.toString()) && outcome.err().contains("space"), outcome::toString);
    assertFalse(outcome.err().contains("\tat "), outcome::toString);
    assertFalse(outcome.out().contains(".npy"), outcome::toString);
  }

  @Test
  void shouldSayThatSharedMemoryIsTooSmall() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    Path job = job("job.conf", SIMULATE + "layout { x = 2, y = 1 }");
    Outcome outcome = Outcome.of(withSmallDisks(List.of(Path.of("/dev/shm"), temporary), "1m",
        List.of("-Djava.io.tmpdir=" + temporary), "run", job.toString(),
        "--output", folder.resolve("out").toString(), "--lanes", "2", "--oversubscribe"), folder, SECONDS);
    assumeMounted(outcome);
    assertTrue(outcome.exit() == ExitCode.BAD_INPUT || outcome.exit() == ExitCode.FAILURE, outcome::toString);
    assertTrue(outcome.err().contains("/dev/shm") && outcome.err().contains("free"), outcome::toString);
    assertFalse(outcome.err().contains("\tat "), outcome::toString);
    assertFalse(Files.exists(folder.resolve("out/density.npy")));
  }

  /** A process that sees a small memory disk at each of the folders, which end with it. Lists the disks at its end. */
  private ProcessBuilder withSmallDisks(List<Path> disks, String size, List<String> options, String... arguments) {
    StringBuilder script = new StringBuilder();
    for (Path disk : disks)
      script.append("mount -t tmpfs -o size=").append(size).append(" small '").append(disk).append("' || exit 99\n");
    script.append("\"$@\"\ncode=$?\n");
    for (Path disk : disks)
      script.append("ls -R '").append(disk).append("'\n");
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script + "exit $code", "sh"));
    command.addAll(Halocline.command(options));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  private static void assumeMounted(Outcome outcome) {
    assumeTrue(outcome.exit() != 99 && !outcome.err().contains("unshare"),
        () -> "this user may not mount a small disk: " + outcome.err());
  }
}
