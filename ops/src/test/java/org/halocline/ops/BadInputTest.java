package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.machine.Machine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of bad input that can be told before anything starts: exit code 2, one line a problem with key or file,
 * value, bound and remedy, all problems at once, and nothing written.
 */
@Timeout(300)
class BadInputTest {

  static final String GRADIENT = """
      kind = gradient
      cosmology { omega-m = 0.3, sigma8 = 0.8 }
      simulation { mesh = [8, 8, 16], box-mpc-h = [400, 400, 2048], a-initial = 0.1
        light-cone { steps-before = 2, planes = 4 }
        noise = "noise.npy" }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "observed.npy", sigma-pixel = 0.006 }
      """;
  static final String INFER = GRADIENT.replace("kind = gradient", "kind = infer").replace("  noise = \"noise.npy\" }",
      "}")
      + "infer { parameters { omega-m = \"uniform(0.1, 0.5)\" }, sampler = hmc, chains = 2, warm-up = 10, draws = "
      + "10, seed = 1 }\n";

  @TempDir
  Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Npy.constant(0.5f, 8, 8, 16).write(folder.resolve("noise.npy"));
    Npy.constant(0.001f, 2, 4, 4).write(folder.resolve("observed.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
  }

  private Outcome run(String job, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("job.conf"), job);
    List<String> arguments = Stream
        .concat(Stream.of("run", file.toString(), "--output", folder.resolve("out").toString()), Stream.of(more))
        .toList();
    return Halocline.inside(arguments.toArray(String[]::new));
  }

  private void assertRefused(Outcome outcome, String... words) {
    assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
    assertEquals("", outcome.out(), outcome::toString);
    for (String word : words)
      assertTrue(outcome.err().contains(word), () -> "'" + word + "' is not in\n" + outcome);
    outcome.err().lines().skip(1)
        .forEach(line -> assertTrue(line.startsWith("  ") && line.contains(": ") && line.contains("; "),
            () -> "no remedy in: " + line));
    assertFalse(outcome.err().contains("Exception"), outcome::toString);
    assertFalse(Files.exists(folder.resolve("out")), "something was written");
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        settings("an unknown key", "pixels = 4", "pixles = 4", "lensing.pixles", "did you mean lensing.pixels?"),
        settings("a missing key", "pixels = 4,", "", "lensing.pixels", "missing"),
        settings("a text for a number", "field-of-view-deg = 10", "field-of-view-deg = wide",
            "lensing.field-of-view-deg", "wide", "must be a number"),
        settings("a list for a number", "field-of-view-deg = 10", "field-of-view-deg = [10]",
            "lensing.field-of-view-deg", "must be a number"),
        settings("a negative box", "[400, 400, 2048]", "[400, -400, 2048]", "simulation.box-mpc-h[1] = -400",
            "greater than 0"),
        settings("an infinite box", "[400, 400, 2048]", "[400, 1e999, 2048]", "simulation.box-mpc-h[1]"),
        settings("a mesh of another shape than the noise", "[8, 8, 16]", "[8, 12, 16]", "noise.npy", "8", "12"),
        settings("more pixels than the map", "pixels = 4", "pixels = 5", "observed.npy", "5"),
        settings("planes that do not divide the mesh", "planes = 4", "planes = 5", "simulation.light-cone.planes = 5",
            "divide", "16"),
        settings("steps so long that alpha is too small",
            "a-initial = 0.1\n  light-cone { steps-before = 2, planes = 4 }",
            "a-initial = 0.01\n snapshot { steps = 1 }", "0.05"),
        settings("no such kind", "kind = gradient", "kind = explain", "kind", "explain", "gradient"),
        settings("no such file", "observed.npy", "nothing.npy", "nothing.npy"),
        settings("a sky that looks nowhere", "field-of-view-deg = 10", "field-of-view-deg = 0",
            "lensing.field-of-view-deg = 0"),
        settings("noise and seed together", "noise = \"noise.npy\"", "noise = \"noise.npy\", seed = 3",
            "simulation.seed"),
        settings("syntax", "kind = gradient", "kind = gradient {{", "job.conf"));
  }

  private static Arguments settings(String what, String old, String changed, String... words) {
    return Arguments.of(what, (UnaryOperator<String>) job -> {
      assertTrue(job.contains(old), old);
      return job.replace(old, changed);
    }, words);
  }

  @Test
  void shouldNameWhatIsWrongWithSet() throws IOException {
    assertRefused(run(GRADIENT, "--set", "lensing.pixles=4"), "--set lensing.pixles = 4",
        "did you mean lensing.pixels?");
    assertRefused(run(GRADIENT, "--set", "lensing.pixels=many"), "--set lensing.pixels", "must be a whole number");
    assertRefused(run(GRADIENT, "--set", "pixels"), "must be key=value");
    assertRefused(run(GRADIENT + "infer.seed = ${?NO_SUCH_VARIABLE}"), "infer.seed = ${?NO_SUCH_VARIABLE}",
        "finds nothing", "--set infer.seed=VALUE");
    assertRefused(run(GRADIENT + "include file(\"/etc/hosts\")"), "an include, which is not allowed");
  }

  @Test
  void shouldQuoteNothingOfAFileThatIsNotOfItsKind() throws IOException {
    Files.writeString(folder.resolve("shadow"), "root:secret:19000:0:99999:7:::\nz,secret,3\nsecret 4 5\n");
    for (String name : List.of("noise.npy", "observed.npy", "nz.csv")) {
      Outcome outcome = run(GRADIENT.replace(name, "shadow"));
      assertRefused(outcome, "shadow");
      assertFalse(outcome.err().contains("secret"), outcome::toString);
    }
    Outcome truth = run(GRADIENT.replace("map = ", "truth = shadow, map = "));
    assertFalse(truth.err().contains("secret"), truth::toString);
    Outcome job = Halocline.inside("run", folder.resolve("shadow").toString());
    assertEquals(ExitCode.BAD_INPUT, job.exit(), job::toString);
  }

  @Test
  void shouldRefuseAPriorWhoseMiddleCannotBeSimulatedAndSayWhereMuchOfItCannot() throws IOException {
    String prior = "omega-m = \"uniform(0.1, 0.5)\"";
    assertRefused(run(INFER.replace(prior, "w0 = \"normal(0.5, 0.05)\"")), "infer.parameters.w0", "normal(0.5, 0.05)",
        "0.5, but w0 must be from -3 to -0.2");
    assertRefused(run(INFER.replace(prior, "h = \"log-normal(700, 100)\"")), "infer.parameters.h", "from 0.2 to 2",
        "logarithm");
    assertRefused(run(INFER.replace(prior, prior.replace("0.1, 0.5", "0.8, 1") + ", omega-k = \"normal(0.4, 0.01)\"")),
        "infer.parameters", "omega-k = 0.4 at the middle of the priors", "dark energy");
    Path file = Files.writeString(folder.resolve("job.conf"), INFER.replace(prior, "w0 = \"normal(-0.5, 1)\""));
    Outcome plan = Halocline.inside("plan", file.toString());
    assertEquals(0, plan.exit(), plan::toString);
    assertTrue(plan.out().contains("of the draws from infer.parameters") && plan.out().contains("w0 = "),
        plan::toString);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void shouldRefuseSettings(String what, UnaryOperator<String> change, String[] words) throws IOException {
    assertRefused(run(change.apply(GRADIENT)), words);
  }

  static Stream<Arguments> inference() {
    return Stream.of(
        settings("a parameter of no cosmology", "omega-m = \"uniform", "omega-mm = \"uniform",
            "infer.parameters.omega-mm", "did you mean"),
        settings("a prior of no known form", "uniform(0.1, 0.5)", "unifrom(0.1, 0.5)", "infer.parameters.omega-m",
            "unifrom"),
        settings("a prior that is upside down", "uniform(0.1, 0.5)", "uniform(0.5, 0.1)", "infer.parameters.omega-m"),
        settings("a prior beyond the model", "uniform(0.1, 0.5)", "uniform(-0.1, 0.5)", "infer.parameters.omega-m"),
        settings("no chains", "chains = 2", "chains = 0", "infer.chains = 0", "from 1 to"),
        settings("a fraction of a draw", "draws = 10", "draws = 10.5", "infer.draws = 10.5"),
        settings("no such sampler", "sampler = hmc", "sampler = gibbs", "infer.sampler", "gibbs", "hmc"),
        settings("no parameters", "parameters { omega-m = \"uniform(0.1, 0.5)\" }, ", "", "infer.parameters",
            "missing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inference")
  void shouldRefuseInference(String what, UnaryOperator<String> change, String[] words) throws IOException {
    assertRefused(run(change.apply(INFER)), words);
  }

  @Test
  void shouldReportEveryProblemAtOnce() throws IOException {
    Outcome outcome = run(GRADIENT.replace("pixels = 4", "pixels = four")
        .replace("[400, 400, 2048]", "[-400, 400, 2048]").replace("sigma-pixel = 0.006", "sigma = 1"));
    assertRefused(outcome, "lensing.pixels", "simulation.box-mpc-h[0]", "data.sigma", "data.sigma-pixel");
    assertTrue(outcome.err().startsWith("halocline: " + folder.resolve("job.conf") + " cannot run: "),
        outcome::toString);
  }

  @Test
  void shouldRefuseAMapWithNaN() throws IOException {
    Npy.constant(0.001f, 2, 4, 4).with(17, Float.NaN).write(folder.resolve("observed.npy"));
    assertRefused(run(GRADIENT), "data.map", "observed.npy", "NaN");
  }

  @Test
  void shouldRefuseInfiniteNoise() throws IOException {
    Npy.constant(0.5f, 8, 8, 16).with(1000, Float.NEGATIVE_INFINITY).write(folder.resolve("noise.npy"));
    assertRefused(run(GRADIENT), "simulation.noise", "noise.npy", "nfinit");
  }

  @Test
  void shouldRefuseATruncatedNpy() throws IOException {
    Npy.constant(0.001f, 2, 4, 4).writeTruncated(folder.resolve("observed.npy"));
    assertRefused(run(GRADIENT), "data.map", "observed.npy", "bytes");
  }

  @Test
  void shouldRefuseAFileThatIsNoNpy() throws IOException {
    Files.writeString(folder.resolve("observed.npy"), "not an array at all");
    assertRefused(run(GRADIENT), "observed.npy");
  }

  @Test
  void shouldRefuseSourcesThatAreNoTable() throws IOException {
    Files.writeString(folder.resolve("nz.csv"), "z,bin0\n0,one\n");
    assertRefused(run(GRADIENT), "nz.csv");
  }

  @Test
  void shouldRefuseAJobFileThatIsNotThere() {
    Outcome outcome = Halocline.inside("run", folder.resolve("none.conf").toString());
    assertRefused(outcome, "none.conf", "does not exist");
  }

  @Test
  void shouldRefuseSourcesBeyondTheBoxUnlessAllowed() throws IOException {
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n1,0.3,1\n3,0,1\n");
    assertRefused(run(GRADIENT.replace("allow-truncated-sources = true", "allow-truncated-sources = false")), "lensing",
        "allow-truncated-sources", "%");
  }

  @Test
  void shouldRefuseALayoutForMoreLanesThanThereAre() throws IOException {
    assertRefused(run(GRADIENT + "layout { x = 2, y = 2 }", "--lanes", "3", "--oversubscribe"), "layout",
        "needs 4 lanes", "3 are free");
  }

  @Test
  void shouldRefuseAJobThatMemoryCannotHoldAndSayWhatWouldFit() throws IOException {
    String large = GRADIENT.replace("mesh = [8, 8, 16]", "mesh = [512, 512, 1024]").replace("noise = \"noise.npy\"",
        "seed = 1");
    for (String command : List.of("run", "plan")) {
      Path file = Files.writeString(folder.resolve("job.conf"), large);
      System.setProperty(Machine.MEMORY, Long.toString(8L << 30));
      try {
        Outcome outcome = command.equals("run")
            ? run(large, "--lanes", "2", "--oversubscribe")
            : Halocline.inside("plan", file.toString(), "--lanes", "2", "--memory", "8g");
        assertRefused(outcome, "1 problem", "memory: the job needs ", " GiB of heap", "there are 8192.0 MiB",
            "what would fit: a mesh of ", "nodes like this one");
        String mesh = outcome.err().replaceFirst("(?s).*a mesh of (\\d+)×(\\d+)×(\\d+).*", "[$1, $2, $3]");
        Path smaller = Files.writeString(folder.resolve("smaller.conf"), large.replace("[512, 512, 1024]", mesh));
        Outcome fits = Halocline.inside("plan", smaller.toString(), "--lanes", "2", "--memory", "8g");
        assertEquals(0, fits.exit(), () -> mesh + ": " + fits);
      } finally {
        System.clearProperty(Machine.MEMORY);
      }
    }
  }

  @Test
  void shouldSayHowManyNodesHoldAMeshThatIsTooLargeForOne() throws IOException {
    Path file = Files.writeString(folder.resolve("job.conf"),
        GRADIENT.replace("mesh = [8, 8, 16]", "mesh = [1024, 1024, 2048]").replace("noise = \"noise.npy\"",
            "seed = 1"));
    assertRefused(Halocline.inside("plan", file.toString(), "--lanes", "2", "--memory", "64g"), "536870912",
        "what would fit: a mesh of", "nodes like this one");
  }

  @Test
  void shouldRefuseAnAmountOfMemoryThatIsNone() {
    for (String amount : List.of("0", "much", "-3g", "3x"))
      assertEquals(ExitCode.BAD_INPUT, Halocline.inside("plan", "job.conf", "--memory=" + amount).exit(), amount);
  }

  @Test
  void shouldRefuseASplitThatIsNotTheMesh() throws IOException {
    assertRefused(run(GRADIENT + "layout { x-cells = [3, 6] }", "--lanes", "2", "--oversubscribe"), "layout.x-cells",
        "8");
  }

  @Test
  void shouldRefuseAnOutputThatHoldsSomethingElse() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("thesis.tex"), "precious");
    Path file = Files.writeString(folder.resolve("job.conf"), GRADIENT);
    assertRefused(Halocline.inside("run", file.toString(), "--output", other.toString()), other.toString());
    assertEquals("precious", Files.readString(other.resolve("thesis.tex")));
  }

  @Test
  void shouldRefuseAnOutputThatCannotBeAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("job.conf"), GRADIENT);
    Outcome outcome = Halocline.inside("run", file.toString(), "--output", folder.resolve("job.conf/out").toString());
    assertTrue(outcome.exit() == ExitCode.BAD_INPUT || outcome.exit() == ExitCode.FAILURE, outcome::toString);
    assertTrue(outcome.err().contains(folder.resolve("job.conf").toString()), outcome::toString);
    assertFalse(outcome.err().contains("Exception"), outcome::toString);
  }

  @Test
  void shouldRefuseToResumeWhatIsNotThere() throws IOException {
    assertRefused(run(GRADIENT, "--resume"), "out");
  }

  @Test
  void shouldRefuseOptionsItDoesNotKnow() {
    Outcome outcome = Halocline.inside("run", "job.conf", "--ouput", "x");
    assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("--ouput"), outcome::toString);
    assertEquals(ExitCode.BAD_INPUT, Halocline.inside("run", "job.conf", "--lanes", "0").exit());
    assertEquals(ExitCode.BAD_INPUT, Halocline.inside("fly").exit());
  }

  @Test
  void shouldRefuseMoreLanesThanCores() throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    String[] words = {"lanes = " + (cores + 1), "at most " + cores, "--oversubscribe"};
    assertRefused(run(GRADIENT, "--lanes", Integer.toString(cores + 1)), words);
    assertRefused(run(GRADIENT, "--plan-memory", "--lanes", Integer.toString(cores + 1)), words);
    Outcome bench = Halocline.inside("bench", "--lanes", Integer.toString(cores + 1));
    assertEquals(ExitCode.BAD_INPUT, bench.exit(), bench::toString);
    assertTrue(bench.err().contains(words[0]) && bench.err().contains(words[1]), bench::toString);
    assertRefused(Halocline.inside("node", "--plan-memory", "--lanes", Integer.toString(cores + 1)), words);
    Path file = Files.writeString(folder.resolve("job.conf"), GRADIENT);
    Outcome planned = Halocline.inside("plan", file.toString(), "--lanes", Integer.toString(cores + 1));
    assertEquals(0, planned.exit(), planned::toString);
    assertTrue(
        planned.out().contains("this machine has " + cores + " cores") && planned.out().contains("--oversubscribe"),
        planned::toString);
  }

  @Test
  void shouldTellProblemsToProgramsToo() throws IOException {
    Outcome outcome = run(GRADIENT.replace("planes = 4", "planes = 5"), "--json");
    assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
    assertTrue(outcome.out().startsWith("{\"event\":\"refused\"")
        && outcome.out().contains("\"key\":\"simulation.light-cone.planes\",\"value\":\"5\""), outcome::toString);
  }
}
