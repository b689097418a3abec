package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.halocline.runtime.layout.Sharing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan foresees against what a run does. */
@Timeout(600)
class ForecastTest {
  private static final List<String> HALOS_AND_PENCILS = List.of("halo-fill", "halo-add", "pencil");
  private static JobNode node;

  @TempDir
  Path directory;

  @BeforeAll
  static void start() {
    node = JobNode.start(6, OptionalLong.empty());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static JobPlan plan(String text, Path inputs) {
    return new JobKinds(List.of(new SimulateKind(), new GradientKind())).check(
        JobFile.parse("job.conf", inputs, text).orThrow()).orThrow().plan();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "1,3", "2,2", "2,3"})
  void shouldForeseeTheBytesOfAGradient(int x, int y) throws Exception {
    Path inputs = Fixtures.directory("snapshot");
    String job = "kind = gradient\n"
        + Fixtures.model("snapshot", "cosmology", inputs.resolve("noise.npy").toString())
        + "data { density = \"" + inputs.resolve("density_final.npy") + "\", sigma = 1 }\n" + Fixtures.layout(x, y);
    Traffic traffic = traffic(job, inputs, x, y);
    for (String phase : HALOS_AND_PENCILS) {
      assertEquals(traffic.foreseen(phase), traffic.moved(phase), tolerance(phase, 0) * traffic.foreseen(phase), phase);
      assertEquals(x * y > 1, traffic.foreseen(phase) > 0, phase);
    }
  }

  /** The step nearest to the observer has no momentum to pull back, and a last density is painted for the results. */
  @ParameterizedTest
  @CsvSource({"gradient,2,1", "gradient,2,2", "simulate,2,3"})
  void shouldForeseeAboutTheBytesOfALightCone(String kind, int x, int y) throws Exception {
    Path inputs = Fixtures.directory("lightcone");
    String job = "kind = " + kind + "\n" + Fixtures.model("lightcone", "gradient_point", "noise_gradient_point.npy")
        + Fixtures.lensing() + Fixtures.layout(x, y);
    Traffic traffic = traffic(job, inputs, x, y);
    for (String phase : HALOS_AND_PENCILS)
      assertEquals(traffic.foreseen(phase), traffic.moved(phase), tolerance(phase, 0.2) * traffic.foreseen(phase),
          phase);
  }

  /** Halos are as wide as particles go, which is only known roughly beforehand. */
  private static double tolerance(String phase, double otherwise) {
    return phase.startsWith("halo") ? 0.5 : otherwise;
  }

  private record Traffic(Forecast forecast, JsonNode summary) {
    long foreseen(String phase) {
      return forecast.ranks().stream().mapToLong(rank -> rank.bytes().getOrDefault(phase, 0L)).sum();
    }

    long moved(String phase) {
      return summary.at("/bytes-moved-by-phase/" + phase).asLong();
    }
  }

  private Traffic traffic(String job, Path inputs, int x, int y) throws Exception {
    Forecast forecast = plan(job, inputs).forecast(new Layout(1, x, y), new Sharing(x * y, 1)).orElseThrow();
    JsonNode summary = new ObjectMapper()
        .readTree(node.run(job, inputs, directory.resolve("run")).finished("summary.json").toFile());
    assertEquals(x * y, forecast.ranks().size());
    return new Traffic(forecast, summary);
  }

  /** Cells by axis, lanes on each of some nodes of a host, its cores: how the mesh is cut along x. */
  @ParameterizedTest(name = "{0}×{0}×{0} on {2} nodes of {1} lanes, {3} cores")
  @CsvSource({"16, 2, 1, 2, 1", "16, 1, 3, 2, 1", "24, 8, 1, 8, 1", "128, 2, 1, 2, 2", "128, 1, 3, 2, 2",
      "64, 4, 1, 1, 1"})
  void shouldCutAMeshWhereThatIsQuicker(int cells, int lanes, int nodes, int cores, int x) {
    JobPlan plan = plan("kind = simulate\nsimulation { mesh = [" + cells + ", " + cells + ", " + cells
        + "], box-mpc-h = [400, 400, 400], snapshot { steps = 6 } }", directory);
    List<LaneOffer> offers = IntStream.range(0, nodes).boxed().flatMap(node -> IntStream.range(0, lanes)
        .mapToObj(lane -> new LaneOffer("host:" + node, lane,
            LaneTraits.core("core-" + lane, "core/test", 1L << 30, cores))))
        .toList();
    PlannedLayout planned = Planner.plan(plan, offers).orThrow();
    assertEquals(new Layout(1, x, 1), planned.layout(), planned.explanation());
    assertEquals(x < lanes * nodes, planned.explanation().contains("idle"), planned.explanation());
  }

  @Test
  void shouldReportWhatEachLaneDid() throws Exception {
    Path inputs = Fixtures.directory("lightcone");
    String job = "kind = gradient\n" + Fixtures.model("lightcone", "gradient_point", "noise_gradient_point.npy")
        + Fixtures.lensing() + Fixtures.layout(2, 1);
    long start = System.nanoTime();
    JobNode.Ended ended = node.run(job, inputs, directory.resolve("run"));
    double wholeSeconds = (System.nanoTime() - start) * 1e-9;
    JsonNode summary = new ObjectMapper().readTree(ended.finished("summary.json").toFile());
    for (String part : List.of("forward", "reverse")) {
      JsonNode lanes = summary.at("/lanes/" + part);
      assertEquals(2, lanes.size(), part);
      for (JsonNode lane : lanes) {
        double sum = lane.get("computing").asDouble() + lane.get("waiting").asDouble() + lane.get("copying").asDouble();
        assertTrue(lane.get("computing").asDouble() > 0 && lane.get("copying").asDouble() > 0, lane::toString);
        assertTrue(sum < wholeSeconds, () -> part + " of a run of " + wholeSeconds + " s: " + lane);
      }
      assertEquals(summary.at("/seconds/" + part).asDouble(), lanes.get(0).get("computing").asDouble()
          + lanes.get(0).get("waiting").asDouble() + lanes.get(0).get("copying").asDouble(), 1e-9, part);
    }
    String table = java.nio.file.Files.readString(ended.directory().resolve("table.txt"));
    assertTrue(table.contains("lane 1") && table.contains("waiting"), table);
  }

  @Test
  void shouldScaleMeshesThatWouldFit() throws Exception {
    Path inputs = Fixtures.directory("lightcone");
    String job = "kind = simulate\n" + Fixtures.model("lightcone", "gradient_point", "noise_gradient_point.npy")
        + Fixtures.lensing();
    JobPlan whole = plan(job, inputs);
    List<String> meshes = whole.smaller().map(smaller -> smaller.mesh()).toList();
    System.out.println("meshes " + meshes);
    assertTrue(!meshes.isEmpty());
    assertEquals(meshes.size(), meshes.stream().distinct().count());
  }
}
