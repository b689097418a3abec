package org.halocline.ops.timing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.domain.program.LaneUse;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.sampler.model.LayoutDevice;

/**
 * Times whole passes by running {@code gradient} jobs on a node of its own, in a folder that is removed at the end, and
 * reads what they say of themselves.
 */
public final class PassBench implements AutoCloseable {
  private static final String LENSING_AND_DATA = """
      lensing { field-of-view-deg = 10, pixels = 16, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "map.npy", sigma-pixel = 0.006 }
      """;

  private final NodeParts parts;
  private final HaloclineNode node;
  private final Path folder;
  private int runs;

  /** The fastest passes of a job, averaged over its lanes. */
  public record Passes(LaneUse forward, LaneUse reverse) {
    public double seconds() {
      return forward.seconds() + reverse.seconds();
    }
  }

  private PassBench(NodeParts parts, HaloclineNode node, Path folder) {
    this.parts = parts;
    this.node = node;
    this.folder = folder;
  }

  public static PassBench start(NodeParts parts, int lanes) throws IOException {
    Path folder = Files.createTempDirectory("halocline-bench-");
    NodeSettings settings = NodeSettings.defaults().withLanes(lanes,
        Machine.ofThisJvm(OptionalInt.of(lanes)).laneBytes());
    return new PassBench(parts, HaloclineNode.start(settings, parts), folder);
  }

  /**
   * Runs a gradient to its end.
   *
   * @return its summary
   * @throws NodeException when it does not finish
   */
  private JsonNode run(String text) throws IOException {
    JobFile file = JobFile.parse("bench-" + runs + ".conf", folder, "kind = gradient\n" + text).orThrow();
    Path output = folder.resolve("run-" + runs++);
    JobOrder order = JobOrder.of(parts.kinds().check(file).orThrow().spec().orThrow(), file).in(output, false);
    JobEvent last = node.client().run(order, _ -> {}).toCompletableFuture().join();
    if (!(last instanceof JobEvent.Finished(String _, String summary)))
      throw failed("did not finish: " + last, new IllegalStateException("not finished"));
    AtomicFiles.deleteTree(output);
    try {
      return Json.MAPPER.readTree(summary);
    } catch (JsonProcessingException notJson) {
      throw failed("has no summary in JSON: " + notJson.getMessage(), notJson);
    }
  }

  private static NodeException failed(String how, Exception cause) {
    return new NodeException(Problem.of("bench", "a job of the benchmark " + how, "look at the log of the node"),
        cause);
  }

  /** The gradient of a density's likelihood on subdomains side by side. */
  public Passes density(BenchModel model, LayoutDevice device, int subdomains, int repeat) throws IOException {
    Path density = folder.resolve("density-" + model.cells() + ".npy");
    if (!Files.exists(density))
      writeOnes(density, model.cells());
    return passes(run(model.simulation(repeat) + "data { density = \"" + density.getFileName()
        + "\", sigma = 1 }\nlayout { device = " + Settings.dashed(device) + ", x = " + subdomains + ", y = 1 }\n"));
  }

  /** Plane by plane: a cube for a GPU may be larger than the heap. */
  private static void writeOnes(Path file, int cells) throws IOException {
    float[] plane = new float[cells * cells];
    Arrays.fill(plane, 1);
    try (NpyWriter writer = NpyWriter.create(file, NpyType.FLOAT32, cells, cells, cells)) {
      for (int i = 0; i < cells; i++)
        writer.writeBlock(new int[]{i, 0, 0}, new int[]{1, cells, cells}, plane);
      writer.commit();
    }
  }

  private static Passes passes(JsonNode summary) {
    return new Passes(mean(summary.at("/lanes/forward")), mean(summary.at("/lanes/reverse")));
  }

  private static LaneUse mean(JsonNode lanes) {
    return new LaneUse(mean(lanes, "computing"), mean(lanes, "waiting"), mean(lanes, "copying"));
  }

  private static double mean(JsonNode lanes, String part) {
    double sum = 0;
    for (JsonNode lane : lanes)
      sum += lane.get(part).asDouble();
    return sum / lanes.size();
  }

  private void writeSurvey() throws IOException {
    Files.writeString(folder.resolve("nz.csv"),
        "z,bin0,bin1\n0,0,0\n0.2,1,0.1\n0.4,0.5,1\n0.6,0,0.4\n0.8,0,0\n");
    NpyWriter.write(folder.resolve("map.npy"), new float[2 * 16 * 16], 2, 16, 16);
  }

  /** The gradient of a small map's likelihood on one GPU. */
  public Passes lightCone(BenchModel model, int repeat) throws IOException {
    writeSurvey();
    return passes(run(model.simulation(repeat) + LENSING_AND_DATA + "layout { device = gpu, x = 1, y = 1 }\n"));
  }

  /** What a sampler does at each step of a trajectory on a small survey: seconds. */
  public double surveySeconds(int repeat) throws IOException {
    writeSurvey();
    JsonNode seconds = run("""
        simulation { mesh = [16, 16, 32], box-mpc-h = [400, 400, 2048], light-cone { steps-before = 4, planes = 8 }
          seed = 1, repeat = %d }
        layout { x = 1, y = 1 }
        """.formatted(repeat) + LENSING_AND_DATA).path("seconds");
    return seconds.path("forward").asDouble() + seconds.path("likelihood").asDouble()
        + seconds.path("reverse").asDouble();
  }

  @Override
  public void close() throws IOException {
    node.close();
    AtomicFiles.deleteTree(folder);
  }
}
