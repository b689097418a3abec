package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference's fixtures as jobs, through actors, data plane and files, on several layouts of lanes of some kind. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReferenceJobs {
  private final TestLanes lanes;
  private JobNode node;

  @TempDir
  Path directory;

  ReferenceJobs(TestLanes lanes) {
    this.lanes = lanes;
  }

  @BeforeAll
  void start() {
    node = JobNode.start(4, OptionalLong.empty(), lanes);
  }

  @AfterAll
  void stop() {
    if (node != null)
      node.close();
  }

  private String layout(int x, int y) {
    return Fixtures.layout(lanes.device(), x, y);
  }

  @ParameterizedTest
  @CsvSource({"snapshot,1,1", "snapshot,2,1", "snapshot,1,3", "snapshot,2,2", "snapshot_fastpm,1,1",
      "snapshot_fastpm,2,1", "snapshot_fastpm,1,3", "snapshot_fastpm,2,2"})
  void shouldSimulateSnapshots(String name, int x, int y) throws Exception {
    Path inputs = Fixtures.directory(name);
    var ended = node.run("kind = simulate\n" + Fixtures.model(name, "cosmology", "noise.npy") + layout(x, y),
        inputs, directory.resolve("run"));
    float[] displacement = Fixtures.array(ended.finished("displacement.npy"));
    assertAtMost(1e-5, Fixtures.rms(displacement, Fixtures.array(inputs.resolve("x_final.npy"))), "displacement");
    float[] momentum = Fixtures.array(ended.finished("momentum.npy"));
    assertAtMost(1e-4, Fixtures.rms(momentum, Fixtures.array(inputs.resolve("p_final.npy"))), "momentum");
    float[] density = Fixtures.array(ended.finished("density.npy"));
    assertAtMost(1e-5, Fixtures.rms(density, Fixtures.array(inputs.resolve("density_final.npy"))), "density");
    JsonNode mesh = Fixtures.settings(name).get("mesh");
    try (NpyFile file = NpyFile.open(ended.finished("displacement.npy"))) {
      assertArrayEquals(new int[]{3, mesh.get(0).asInt(), mesh.get(1).asInt(), mesh.get(2).asInt()}, file.shape());
    }
    JsonNode summary = new ObjectMapper().readTree(ended.finished("summary.json").toFile());
    assertEquals(x * y > 1, summary.get("bytes-moved").asLong() > 0, "bytes moved on " + x + "×" + y);
    assertTrue(summary.get("seconds").get("forward").asDouble() > 0);
  }

  @ParameterizedTest
  @CsvSource({"snapshot,1,1", "snapshot,2,1", "snapshot,1,3", "snapshot,2,2", "snapshot_fastpm,1,1",
      "snapshot_fastpm,2,1", "snapshot_fastpm,1,3", "snapshot_fastpm,2,2"})
  void shouldDifferentiateSnapshots(String name, int x, int y) throws Exception {
    Path inputs = Fixtures.directory(name);
    String job = "kind = gradient\n" + Fixtures.model(name, "cosmology", inputs.resolve("noise.npy").toString())
        + "data { density = \"target.npy\", sigma = 1 }\n" + layout(x, y);
    writeTarget(inputs, directory.resolve("target.npy"));
    var ended = node.run(job, directory, directory.resolve("run"));
    checkGradient(name, inputs, ended);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "1,3", "2,2"})
  void shouldSimulateLightCone(int x, int y) throws Exception {
    Path inputs = Fixtures.directory("lightcone");
    var ended = node
        .run("kind = simulate\n" + Fixtures.model("lightcone", "cosmology", "noise.npy") + Fixtures.lensing()
            + layout(x, y), inputs, directory.resolve("run"));
    float[] displacement = Fixtures.array(ended.finished("displacement.npy"));
    assertAtMost(1e-5, Fixtures.rms(displacement, Fixtures.array(inputs.resolve("x_final.npy"))), "displacement");
    float[] kappa = Fixtures.array(inputs.resolve("kappa.npy"));
    assertAtMost(1e-5, Fixtures.rms(Fixtures.array(ended.finished("kappa.npy")), kappa) / Fixtures.rms(kappa), "kappa");
    float[] planes = Fixtures.array(inputs.resolve("planes.npy"));
    assertAtMost(1e-5, Fixtures.rms(Fixtures.array(ended.finished("planes.npy")), planes), "planes");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "1,3", "2,2"})
  void shouldDifferentiateLightCone(int x, int y) throws Exception {
    Path inputs = Fixtures.directory("lightcone");
    var ended = node.run("kind = gradient\n" + Fixtures.model("lightcone", "gradient_point", "noise_gradient_point.npy")
        + Fixtures.lensing() + layout(x, y), inputs, directory.resolve("run"));
    checkGradient("lightcone", inputs, ended);
  }

  private static void checkGradient(String name, Path inputs, JobNode.Ended ended) throws IOException {
    JsonNode settings = Fixtures.settings(name);
    JsonNode found = new ObjectMapper().readTree(ended.finished("gradient.json").toFile());
    double value = settings.get("loss_value").asDouble();
    assertAtMost(2e-4, Math.abs(found.get("value").asDouble() / value - 1), "value");
    float[] expected = Fixtures.array(inputs.resolve("gradient_noise.npy"));
    float[] gradient = Fixtures.array(ended.finished("gradient_noise.npy"));
    assertAtMost(2e-4, Fixtures.rms(gradient, expected) / Fixtures.rms(expected), "gradient by noise");
    double difference = 0;
    double norm = 0;
    for (Map.Entry<String, JsonNode> entry : settings.get("gradient_parameters").properties()) {
      double by = entry.getValue().asDouble();
      double mine = found.get("parameters").get(entry.getKey().replace('_', '-')).asDouble();
      difference += (mine - by) * (mine - by);
      norm += by * by;
    }
    assertAtMost(2e-4, Math.sqrt(difference / norm), "gradient by parameters");
  }

  /** The data of the fixtures' loss: 0.9 ρ + 0.105. */
  private static void writeTarget(Path inputs, Path target) throws IOException {
    try (NpyFile density = NpyFile.open(inputs.resolve("density_final.npy"))) {
      float[] values = Fixtures.array(density.path());
      for (int i = 0; i < values.length; i++)
        values[i] = (float) (0.9 * values[i] + 0.105);
      NpyWriter.write(target, values, density.shape());
    }
  }

  private static void assertAtMost(double bound, double found, String what) {
    System.out.printf("%-24s %.3g (at most %.3g)%n", what, found, bound);
    assertTrue(found <= bound, what + " is off by " + found + ", more than " + bound);
  }
}
