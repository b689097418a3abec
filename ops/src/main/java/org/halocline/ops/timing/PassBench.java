package org.halocline.ops.timing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.halocline.cosmology.npy.NpyType;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.LayoutDevice;

/** Times whole passes by running {@code gradient} jobs. */
public record PassBench(JobRunner jobs) {

  /** The fastest passes of a job, averaged over its lanes. */
  public record Passes(LaneUse forward, LaneUse reverse) {
    public double seconds() {
      return forward.seconds() + reverse.seconds();
    }

    public LaneUse both() {
      return new LaneUse(forward.computing() + reverse.computing(), forward.waiting() + reverse.waiting(),
          forward.copying() + reverse.copying());
    }
  }

  /** The gradient of a density's likelihood on cores side by side. */
  public Passes density(BenchModel model, int subdomains, int repeat) throws IOException, InterruptedException {
    return density(model, LayoutDevice.CORE, subdomains, repeat);
  }

  /** The gradient of a density's likelihood on subdomains side by side. */
  public Passes density(BenchModel model, LayoutDevice device, int subdomains, int repeat)
      throws IOException, InterruptedException {
    Path density = jobs.folder().resolve("density-" + model.cells() + ".npy");
    if (!density.toFile().exists())
      writeOnes(density, model.cells());
    return passes(
        jobs.run("kind = gradient\n" + model.simulation(repeat) + "data { density = \"" + density.getFileName()
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
    double[] sums = new double[3];
    for (JsonNode lane : lanes) {
      sums[0] += lane.get("computing").asDouble();
      sums[1] += lane.get("waiting").asDouble();
      sums[2] += lane.get("copying").asDouble();
    }
    return new LaneUse(sums[0] / lanes.size(), sums[1] / lanes.size(), sums[2] / lanes.size());
  }

  private void writeSurvey() throws IOException {
    Files.writeString(jobs.folder().resolve("nz.csv"),
        "z,bin0,bin1\n0,0,0\n0.2,1,0.1\n0.4,0.5,1\n0.6,0,0.4\n0.8,0,0\n");
    NpyWriter.write(jobs.folder().resolve("map.npy"), new float[2 * 16 * 16], 2, 16, 16);
  }

  /** The gradient of a small map's likelihood on one GPU. */
  public Passes lightCone(LightConeModel model, int repeat) throws IOException, InterruptedException {
    writeSurvey();
    return passes(jobs.run("kind = gradient\n" + model.simulation(repeat) + """
        lensing { field-of-view-deg = 10, pixels = 16, sources = "nz.csv", allow-truncated-sources = true }
        data { map = "map.npy", sigma-pixel = 0.006 }
        layout { device = gpu, x = 1, y = 1 }
        """));
  }

  /** What a sampler does at each step of a trajectory on a small survey: seconds. */
  public double surveySeconds(int repeat) throws IOException, InterruptedException {
    writeSurvey();
    JsonNode summary = jobs.run("""
        kind = gradient
        simulation { mesh = [16, 16, 32], box-mpc-h = [400, 400, 2048], light-cone { steps-before = 4, planes = 8 }
          seed = 1, repeat = %d }
        lensing { field-of-view-deg = 10, pixels = 16, sources = "nz.csv", allow-truncated-sources = true }
        data { map = "map.npy", sigma-pixel = 0.006 }
        layout { x = 1, y = 1 }
        """.formatted(repeat));
    double seconds = 0;
    for (String part : new String[]{"forward", "likelihood", "reverse"})
      seconds += summary.at("/seconds/" + part).asDouble();
    return seconds;
  }
}
