package org.halocline.sampler.job.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.sampler.job.ModelJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose model is a class in the language. */
@Timeout(600)
class LanguageJobTest {
  private static final int SIDE = 16;
  private static final double SIGMA = 0.5;
  private static final double PIVOT = 2;

  @TempDir
  Path directory;

  private static String gaussian(String more) {
    return """
        model {
          class = org.halocline.sampler.example.GaussianField
          settings { sky { cells = [%d, %d], box = [10, 10] }, sigma = %s, pivot = %s %s }
        }
        """.formatted(SIDE, SIDE, SIGMA, PIVOT, more);
  }

  private Path run(String kind, String more, int x, String result) throws Exception {
    try (InferNode node = InferNode.start(x, OptionalLong.empty())) {
      return node.run("kind = " + kind + "\n" + more + "\nlayout { x = " + x + ", y = 1 }\n", directory,
          directory.resolve(kind + "-" + x), false).finished(result);
    }
  }

  private static double[] values(Path file) throws Exception {
    try (NpyFile npy = NpyFile.open(file)) {
      return npy.readAllDoubles();
    }
  }

  /** Mock data: a draw from the priors, and noise. */
  private double[] mock() throws Exception {
    double[] field = values(run("simulate", gaussian(""), 1, "field.npy"));
    assertEquals(SIDE * SIDE, field.length);
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < field.length; i++)
      field[i] += SIGMA * random.nextGaussian();
    NpyWriter.write(directory.resolve("data.npy"), field, SIDE, SIDE);
    return field;
  }

  @Test
  void shouldSampleThePosteriorOfAFieldsPower() throws Exception {
    double[] data = mock();
    String job = gaussian(", data = data.npy")
        + "infer { chains = 4, warm-up = 300, draws = 500, max-steps = 64, thin { noise = 0 } }\n";
    Path summary = run("infer", job, 1, "summary.json");
    JsonNode parameters = new ObjectMapper().readTree(Files.readString(summary)).get("parameters");
    double[] exact = closedForm(data);
    for (int i = 0; i < 2; i++) {
      JsonNode found = parameters.get(i == 0 ? "log_amplitude" : "tilt");
      double error = exact[2 + i] / Math.sqrt(found.get("ess-bulk").doubleValue());
      double z = (found.get("mean").doubleValue() - exact[i]) / error;
      assertTrue(Math.abs(z) < 4, i + ": z = " + z + ", " + found + " against " + exact[i] + " ± " + exact[2 + i]);
      assertEquals(exact[2 + i], found.get("sd").doubleValue(), 0.25 * exact[2 + i]);
    }
  }

  /** Means of log A and n, then their standard deviations: each mode of the data is normal with a known variance. */
  private static double[] closedForm(double[] data) {
    double[] power = power(data);
    int grid = 161;
    double[] sums = new double[5];
    double[][] logs = new double[grid][grid];
    double largest = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < grid; a++)
      for (int n = 0; n < grid; n++) {
        logs[a][n] = logPosterior(power, -3 + 6.0 * a / (grid - 1), -3 + 4.0 * n / (grid - 1));
        largest = Math.max(largest, logs[a][n]);
      }
    for (int a = 0; a < grid; a++)
      for (int n = 0; n < grid; n++) {
        double weight = Math.exp(logs[a][n] - largest);
        double[] at = {-3 + 6.0 * a / (grid - 1), -3 + 4.0 * n / (grid - 1)};
        sums[4] += weight;
        for (int i = 0; i < 2; i++) {
          sums[i] += weight * at[i];
          sums[2 + i] += weight * at[i] * at[i];
        }
      }
    double[] found = new double[4];
    for (int i = 0; i < 2; i++) {
      found[i] = sums[i] / sums[4];
      found[2 + i] = Math.sqrt(sums[2 + i] / sums[4] - found[i] * found[i]);
    }
    return found;
  }

  private static double logPosterior(double[] power, double logAmplitude, double tilt) {
    double sum = -0.5 * logAmplitude * logAmplitude - 0.5 * (tilt + 1) * (tilt + 1) / 0.25;
    for (int i = 0; i < SIDE; i++)
      for (int j = 0; j < SIDE; j++) {
        if (i == 0 && j == 0)
          continue;
        double k = 2 * Math.PI / 10 * Math.hypot(i <= SIDE / 2 ? i : i - SIDE, j <= SIDE / 2 ? j : j - SIDE);
        double variance = Math.exp(2 * logAmplitude) * Math.pow(k / PIVOT, tilt) + SIGMA * SIGMA;
        sum -= 0.5 * (Math.log(variance) + power[i * SIDE + j] / variance);
      }
    return sum;
  }

  /** |d_k|²/N, by a plain sum. */
  private static double[] power(double[] data) {
    double[] power = new double[data.length];
    for (int i = 0; i < SIDE; i++)
      for (int j = 0; j < SIDE; j++) {
        double re = 0;
        double im = 0;
        for (int x = 0; x < SIDE; x++)
          for (int y = 0; y < SIDE; y++) {
            double angle = 2 * Math.PI * (i * x + j * y) / SIDE;
            re += data[x * SIDE + y] * Math.cos(angle);
            im -= data[x * SIDE + y] * Math.sin(angle);
          }
        power[i * SIDE + j] = (re * re + im * im) / data.length;
      }
    return power;
  }

  @Test
  void shouldGiveTheSameBytesOnEveryLayout() throws Exception {
    mock();
    String job = gaussian(", data = data.npy")
        + "infer { chains = 1, warm-up = 10, draws = 10, max-steps = 16, thin { noise = 5 } }\n";
    Path whole = run("infer", job, 1, ".");
    for (int x : new int[]{2, 3}) {
      Path cut = run("infer", job, x, ".");
      for (String file : new String[]{"mean_z.npy", "sd_z.npy", "chain_1.txt"})
        assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(cut.resolve(file)), file);
    }
    run("gradient", gaussian(", data = data.npy"), 2, "gradient.json");
    run("gradient", gaussian(", data = data.npy"), 1, "gradient.json");
    assertArrayEquals(Files.readAllBytes(directory.resolve("gradient-1/gradient_z.npy")),
        Files.readAllBytes(directory.resolve("gradient-2/gradient_z.npy")));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "org.example.Missing | is not in the class path",
      "java.lang.String | is no model",
      "org.halocline.sampler.support.Models$NoConstructor | has no public constructor that takes a ModelInput",
      "org.halocline.sampler.support.Models$Throws | failed in its constructor: IllegalStateException: no luck",
      "org.halocline.sampler.support.Models$TwoSites | the program has two sites called 'x'",
      "org.halocline.sampler.support.Models$Grids | plus joins a field of 4 × 4 cells and a field of 8 × 8 cells",
      "org.halocline.sampler.support.Models$SlashedName | has a site 'maps/x', which is no name of a file",
      "org.halocline.sampler.support.Models$OtherGrid | but the data are a field of 4 × 8 cells",
      "org.halocline.sampler.support.Models$Asserts | has a program that fails: AssertionError: never",
      "org.halocline.sampler.support.Models$Nothing | has nothing to sample"})
  void shouldSayWhatIsWrongWithAModel(String name, String message) {
    var checked = JobFile.parse("job.conf", directory, "kind = infer\nmodel { class = \"" + name + "\" }\n")
        .then(InferNode.KINDS::check);
    assertTrue(checked.problems().toString().contains(message), checked.problems().toString());
  }

  /** Runs the examples of several fields and grids: the same bytes on one rank and on a grid of ranks. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "PoissonGalaxies | mesh { cells = [4, 4, 6], box = [4, 4, 6] } | delta:counts | 2 | 2",
      "LognormalMaps | sky { cells = [8, 6], box = [4, 3] }, shift = [1, 0.5] | kappa1:first, kappa2:second | 3 | 1",
      "JointMaps | mesh { cells = [4, 6, 4], box = [4, 6, 4] } | delta:density, delta:mask, smooth:map | 2 | 2"})
  void shouldRunTheExamplesAlikeOnEveryLayout(String name, String settings, String data, int x, int y)
      throws Exception {
    String model = "model { class = org.halocline.sampler.example." + name + ", settings { " + settings;
    run("simulate", model + " } }", 1, ".");
    StringBuilder files = new StringBuilder();
    for (String pair : data.split(", ")) {
      String[] named = pair.split(":");
      double[] values = values(directory.resolve("simulate-1/" + named[0] + ".npy"));
      for (int i = 0; i < values.length && !named[1].equals("density"); i++)
        values[i] = named[1].equals("counts")
            ? Math.rint(Math.exp(values[i]))
            : named[1].equals("mask")
                ? i % 2
                : values[i];
      int[] shape = shape(directory.resolve("simulate-1/" + named[0] + ".npy"));
      NpyWriter.write(directory.resolve(named[1] + ".npy"), values, shape);
      files.append(", ").append(named[1]).append(" = ").append(named[1]).append(".npy");
    }
    String job = "kind = infer\n" + model + files
        + " } }\ninfer { chains = 1, warm-up = 6, draws = 6, max-steps = 8, thin { noise = 0 } }\n";
    try (InferNode node = InferNode.start(4, OptionalLong.empty())) {
      Path whole = node.run(job + "layout { x = 1, y = 1 }", directory, directory.resolve("whole"), false)
          .finished(".");
      Path cut = node.run(job + "layout { x = " + x + ", y = " + y + " }", directory, directory.resolve("cut"), false)
          .finished(".");
      assertArrayEquals(Files.readAllBytes(whole.resolve("chain_1.txt")),
          Files.readAllBytes(cut.resolve("chain_1.txt")));
    }
  }

  private static int[] shape(Path file) throws Exception {
    try (NpyFile npy = NpyFile.open(file)) {
      return npy.shape();
    }
  }

  /** The value is that of the function whose gradient is written, at the point that simulate draws. */
  @Test
  void shouldDifferentiateAtADrawFromThePriors() throws Exception {
    mock();
    Path gradient = run("gradient", gaussian(", data = data.npy"), 1, "gradient.json");
    JsonNode found = new ObjectMapper().readTree(Files.readString(gradient));
    JsonNode drawn = new ObjectMapper().readTree(Files.readString(directory.resolve("simulate-1/values.json")));
    double[] field = values(directory.resolve("simulate-1/field.npy"));
    double[] data = values(directory.resolve("data.npy"));
    double expected = 0;
    for (int i = 0; i < field.length; i++)
      expected += 0.5 * Math.pow((field[i] - data[i]) / SIGMA, 2) + Math.log(SIGMA) + 0.5 * Math.log(2 * Math.PI);
    double u = drawn.get("log_amplitude").doubleValue();
    double v = (drawn.get("tilt").doubleValue() + 1) / 0.5;
    expected += 0.5 * (u * u + v * v) + Math.log(2 * Math.PI);
    assertEquals(expected, found.get("value").doubleValue(), 1e-4 * expected);
    assertEquals(2, found.get("parameters").size());
  }

  @Test
  void shouldObserveAFieldTwice() throws Exception {
    NpyWriter.write(directory.resolve("data.npy"), new double[16], 4, 4);
    run("infer", """
        model { class = "org.halocline.sampler.support.Models$Twice", settings { data = data.npy } }
        infer { chains = 1, warm-up = 10, draws = 10, max-steps = 8, thin { noise = 0 } }
        """, 2, "summary.json");
  }

  /** A sky needs a row for each rank: layouts that it cannot follow are no layouts of the job. */
  @Test
  void shouldRefuseLayoutsThatASecondGridCannotFollow() throws Exception {
    var job = JobFile.parse("job.conf", directory, """
        kind = simulate
        model {
          class = org.halocline.sampler.example.JointMaps
          settings { mesh { cells = [4, 4, 4], box = [1, 1, 1] } }
        }
        """).then(InferNode.KINDS::check).orThrow();
    var plan = (ModelJob) job.plan();
    assertTrue(plan.cost(new Layout(1, 2, 2)) instanceof LayoutCost.Bytes);
    assertTrue(plan.cost(new Layout(1, 4, 2)).toString().contains("row of cells"));
  }

  @Test
  void shouldFindEveryProblemOfTheSettings() {
    var checked = JobFile.parse("job.conf", directory,
        "kind = infer\n" + gaussian(", data = nowhere.npy, sigmas = 3").replace("[10, 10]", "[10, -10]"))
        .then(InferNode.KINDS::check);
    String problems = checked.problems().toString();
    assertTrue(problems.contains("model.settings.data") && problems.contains("does not exist"), problems);
    assertTrue(problems.contains("model.settings.sky.box"), problems);
    problems = JobFile.parse("job.conf", directory,
        "kind = infer\n" + gaussian(", data = nowhere.npy").replace("[16, 16]", "[1, 1]"))
        .then(InferNode.KINDS::check).problems().toString();
    assertTrue(problems.contains("must hold more than one cell") && problems.contains("does not exist"), problems);
  }

  @Test
  void shouldRefuseCountsThatAreNotWhole() throws Exception {
    for (double wrong : new double[]{0.5, -1, Double.NaN}) {
      double[] counts = new double[27];
      counts[4] = wrong;
      NpyWriter.write(directory.resolve("counts.npy"), counts, 3, 3, 3);
      var checked = JobFile.parse("job.conf", directory, """
          kind = infer
          model {
            class = org.halocline.sampler.example.PoissonGalaxies
            settings { mesh { cells = [3, 3, 3], box = [1, 1, 1] }, counts = counts.npy }
          }
          """).then(InferNode.KINDS::check);
      String problems = checked.problems().toString();
      assertTrue(problems.contains("at (0, 1, 1), which cannot be in counts, which are whole numbers from 0 on"),
          problems);
    }
  }
}
