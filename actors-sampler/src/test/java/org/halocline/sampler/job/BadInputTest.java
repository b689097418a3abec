package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every job file gives a plan, or problems that name key, value, bound and remedy. */
@Timeout(300)
class BadInputTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new SimulateKind(), new GradientKind()));

  @TempDir
  static Path directory;

  @BeforeAll
  static void writeFiles() throws Exception {
    Jobs.writeFiles(directory);
  }

  private static Checked<JobKinds.CheckedJob> check(String text) {
    return JobFile.parse("job.conf", directory, text).then(KINDS::check);
  }

  @Test
  void shouldAcceptTheRightJob() {
    assertEquals(List.of(), check(Jobs.RIGHT).problems());
    assertEquals(List.of(), check(Jobs.with("kind = gradient", "kind = simulate")).problems());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|',
      textBlock = """
          scheme = bullfrog      | scheme = bulfrog            | simulation.scheme         | bulfrog       | bullfrog
          a-initial = 0.1        | a-inital = 0.1              | simulation.a-inital       | 0.1           | did you mean simulation.a-initial?
          a-initial = 0.1        | a-initial = 0.95            | simulation.a-initial      | 0.95          | 0.9
          a-initial = 0.1        | a-initial = "early"         | simulation.a-initial      | early         | a number
          a-initial = 0.1        | a-initial = 0.8             | a where chi               | 0.            | above a-initial
          [200, 200, 1024]       | [200, -200, 1024]           | simulation.box-mpc-h[1]   | -200          | greater than 0
          [200, 200, 1024]       | [200, 200, 9000]            | a where chi               | 0.006         | above a-initial
          [200, 200, 1024]       | [200, 200]                  | simulation.box-mpc-h      | [200,200]     | list of 3
          mesh = [8, 8, 16]      | mesh = [8, 8, 16.5]         | simulation.mesh[2]        | 16.5          | whole number
          mesh = [8, 8, 16]      | mesh = [8, 16, 8]           | simulation.noise          | noise.npy     | (8, 8, 16)
          planes = 4             | planes = 5                  | simulation.light-cone.planes | 5          | divide
          planes = 4             | plans = 4                   | simulation.light-cone.planes |            | is missing
          light-cone { steps-before = 4, planes = 4 } | snapshot { steps = 1, spacing = a } | alpha of step | -0.39 | at least 0.05
          light-cone { steps-before = 4, planes = 4 } | snapshot { steps = 4, spacing = growth } | lensing | | light-cone
          noise = "noise.npy"    | noise = "nowhere.npy"       | simulation.noise          | nowhere.npy   | does not exist
          noise = "noise.npy"    | noise = "wrong-shape.npy"   | simulation.noise          | wrong-shape   | (8, 16, 8)
          noise = "noise.npy"    | noise = "text.npy"          | simulation.noise          | text.npy      | npy
          noise = "noise.npy"    | noise = "noise.npy", seed = 4 | simulation.seed         | 4             | beside noise
          map = "map.npy"        | map = "nan.npy"             | data.map                  | nan.npy       | NaN
          map = "map.npy"        | map = "truncated.npy"       | data.map                  | truncated.npy | expected
          map = "map.npy"        | map = "noise.npy"           | data.map                  | noise.npy     | (2, 6, 6)
          map = "map.npy"        | truth = "nz.csv"            | data.map                  |               | is missing
          sigma-pixel = 0.006    | sigma-pixel = 0             | data.sigma-pixel          | 0             | from 1.0E-8
          sigma-pixel = 0.006    | sigma-e = 0.26              | data.galaxies-per-arcmin2 |               | is missing
          sources = "nz.csv"     | sources = "bad-nz.csv"      | lensing.sources           | bad-nz.csv    | line 3
          sources = "nz.csv"     | sources = "nz.csv", distance = proper | lensing.distance | proper      | one of transverse
          , allow-truncated-sources = true | ''                | lensing.sources           | bin           | 1%
          omega-b = 0.0486       | omega-b = 0.4               | cosmology.omega-b         | 0.4           | at most omega-m
          omega-m = 0.3          | omega-m = -0.3              | cosmology.omega-m         | -0.3          | 0.01
          omega-k = 0            | omega-k = NaN               | cosmology.omega-k         | NaN           | number
          layout { x = 1, y = 1 } | layout { x-cells = [3, 4] } | layout.x-cells           | [3,4]         | 8 cells
          layout { x = 1, y = 1 } | layout { x = 9 }           | layout.x                  | 9             | at most
          kind = gradient        | kind = gradiant             | kind                      | gradiant      | did you mean gradient?
          """)
  void shouldNameKeyValueBoundAndRemedy(String from, String to, String key, String value, String words) {
    List<Problem> problems = check(Jobs.with(from, to)).problems();
    assertTrue(problems.stream().anyMatch(problem -> problem.key().contains(key)
        && (problem + "").contains(value == null ? "" : value) && (problem + "").contains(words == null ? "" : words)
        && !problem.remedy().isBlank()), "problems of " + to + ": " + problems);
  }

  @Test
  void shouldReportEveryProblemAtOnce() {
    String text = Jobs.RIGHT.replace("a-initial = 0.1", "a-initial = 2").replace("planes = 4", "planes = 3")
        .replace("sigma8 = 0.8", "sigma8 = 80").replace("sigma-pixel", "sigma-pixl").replace("pixels = 6", "pixels = 7")
        .replace("{ x = 1, y = 1 }", "{ z = 1 }");
    List<String> keys = check(text).problems().stream().map(Problem::key).toList();
    for (String key : List.of("simulation.a-initial", "simulation.light-cone.planes", "cosmology.sigma8",
        "data.sigma-pixel", "data.sigma-pixl", "data.map", "layout.z"))
      assertTrue(keys.contains(key), key + " is missing among " + keys);
  }

  @Test
  void shouldResolveToAJobThatChecksToItself() {
    var plan = check(Jobs.RIGHT).orThrow().plan();
    String resolved = JobFile.canonical(plan.resolved());
    var again = JobFile.parse("again.json", Path.of("/"), resolved).then(KINDS::check).orThrow().plan();
    assertEquals(resolved, JobFile.canonical(again.resolved()));
  }

  @Test
  void shouldTakeOneDisplacementForAllAxes() {
    var one = (ModelJob) check(Jobs.with("a-initial", "max-displacement = 3, a-initial")).orThrow().plan();
    assertEquals(List.of(3.0, 3.0, 3.0), one.model().facts().get("max-displacement"));
    var three = (ModelJob) check(Jobs.with("a-initial", "max-displacement = [3, 2, 1.5], a-initial")).orThrow()
        .plan();
    assertEquals(List.of(3.0, 2.0, 1.5), three.model().facts().get("max-displacement"));
    assertFalse(check(Jobs.with("a-initial", "max-displacement = [3, 2], a-initial")).isValid());
  }

  @Test
  void shouldTakePixelNoiseFromGalaxies() {
    var plan = (ModelJob) check(Jobs.with("sigma-pixel = 0.006", "galaxies-per-arcmin2 = 27, sigma-e = 0.26"))
        .orThrow()
        .plan();
    assertEquals(0.26 / Math.sqrt(27.0 / 2 * 100 * 100), plan.resolved().getDouble("data.sigma-pixel-of-each-bin"),
        1e-12);
  }

  /** Random edits of a right job: characters changed, lines and words doubled, swapped or dropped. */
  @Test
  void shouldNeverThrowAtRandomJobs() {
    long seed = 20260;
    Random random = new Random(seed);
    System.out.println("seed " + seed);
    int refused = 0;
    int rounds = 1500;
    for (int round = 0; round < rounds; round++) {
      String text = mutate(random, Jobs.RIGHT, 1 + random.nextInt(2));
      try {
        Checked<JobKinds.CheckedJob> checked = check(text);
        for (Problem problem : checked.problems())
          assertFalse(problem.key().isBlank() || problem.bound().isBlank(), "an empty problem for\n" + text);
        refused += checked.isValid() ? 0 : 1;
      } catch (RuntimeException | Error thrown) {
        throw new AssertionError("round " + round + " threw at\n" + text, thrown);
      }
    }
    System.out.println(refused + " of " + rounds + " refused");
    assertTrue(refused > rounds / 2 && refused < rounds);
  }

  private static String mutate(Random random, String text, int edits) {
    String[] values = {"-1", "0", "1e300", "NaN", "\"x\"", "[]", "{}", "null", "true", "1e-300", "[1, 2, 3]",
        "2147483648",
        "\"\\u0000\"", "99999999999999999999", "-0.0", "7", "\"noise.npy\"", "\"nan.npy\"", "\"/\"", "0.5"};
    String edited = text;
    for (int edit = 0; edit < edits; edit++) {
      StringBuilder builder = new StringBuilder(edited);
      int at = random.nextInt(builder.length());
      switch (random.nextInt(4)) {
        case 0 -> builder.setCharAt(at, (char) (32 + random.nextInt(95)));
        case 1 -> builder.delete(at, Math.min(builder.length(), at + 1 + random.nextInt(12)));
        case 2 -> builder.insert(at, edited.substring(at, Math.min(edited.length(), at + random.nextInt(30))));
        default -> {
          int equals = builder.indexOf("= ", at);
          if (equals > 0) {
            int end = equals + 2;
            while (end < builder.length() && " ,\n}".indexOf(builder.charAt(end)) < 0)
              end++;
            builder.replace(equals + 2, end, values[random.nextInt(values.length)]);
          }
        }
      }
      edited = builder.toString();
    }
    return edited;
  }
}
