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
import org.halocline.runtime.job.JobFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of job drives a model that it has never heard of: not an N-body simulation, and on a grid of two axes. */
@Timeout(600)
class OwnModelTest {
  private static final String MODEL = """
      model = gaussian-sky
      sky { cells = [8, 6], offset = 0.25 }
      data { sigma = 0.5 }
      """;

  @TempDir
  Path directory;

  private Path run(String kind, String more, int x, String result) throws Exception {
    try (InferNode node = InferNode.start(x, OptionalLong.empty())) {
      return node.run("kind = " + kind + "\n" + MODEL + more + "layout { x = " + x + ", y = 1 }\n", directory,
          directory.resolve(kind + "-" + x), false).finished(result);
    }
  }

  private static double[] values(Path file) throws Exception {
    try (NpyFile npy = NpyFile.open(file)) {
      return npy.readAllDoubles();
    }
  }

  @Test
  void shouldBeSimulatedDifferentiatedAndSampled() throws Exception {
    double[] sky = values(run("simulate", "", 1, "sky.npy"));
    assertEquals(8 * 6, sky.length);
    JsonNode gradient = new ObjectMapper().readTree(Files.readString(run("gradient", "", 2, "gradient.json")));
    double[] byNoise = values(directory.resolve("gradient-2/gradient_sky.npy"));
    double halfChiSquare = 0;
    double byOffset = 0;
    double[] expected = new double[sky.length];
    for (int i = 0; i < sky.length; i++) {
      double residual = sky[i] - 1;
      halfChiSquare += 0.5 * residual * residual / 0.25;
      byOffset += residual / 0.25;
      expected[i] = 0.5 * residual / 0.25;
    }
    assertEquals(halfChiSquare, gradient.get("value").doubleValue(), 1e-4);
    assertEquals(byOffset, gradient.get("parameters").get("offset").doubleValue(), 1e-3);
    assertArrayEquals(expected, byNoise, 1e-5);
  }

  @Test
  void shouldSampleItsOwnParameter() throws Exception {
    Path summary = run("infer", """
        infer { parameters { offset = "uniform(-2, 2)" }, chains = 2, warm-up = 30, draws = 30, max-steps = 16 }
        """, 1, "summary.json");
    JsonNode offset = new ObjectMapper().readTree(Files.readString(summary)).get("parameters").get("offset");
    // The mean of 48 pixels, each with the variance 1/4 of z/2 and 1/4 of the noise.
    assertEquals(1, offset.get("mean").doubleValue(), 0.35);
    assertTrue(offset.get("sd").doubleValue() > 0.02 && offset.get("sd").doubleValue() < 0.4, offset.toString());
    assertTrue(Files.exists(directory.resolve("infer-1/mean_sky.npy")));
  }

  @Test
  void shouldNameTheModelsThatThereAre() {
    var checked = JobFile.parse("job.conf", directory, "kind = simulate\nmodel = gaussian-ski\n")
        .then(InferNode.KINDS::check);
    assertTrue(checked.problems().toString().contains("gaussian-sky, snapshot, survey"), checked.problems().toString());
    assertTrue(checked.problems().toString().contains("did you mean gaussian-sky?"), checked.problems().toString());
  }
}
