package org.halocline.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.halocline.cosmology.npy.NpyWriter;

/** Times whole passes by running {@code gradient} jobs. */
public record PassBench(JobRunner jobs) {

  /**
   * The fastest passes of a job.
   *
   * @param waiting
   *          share of the forward pass in which the lane that waited most did not compute
   * @param copying
   *          share of the forward pass in which the lane that copied most moved numbers to and from staging memory
   */
  public record Passes(double forwardSeconds, double reverseSeconds, double waiting, double copying) {}

  /** The gradient of a density's likelihood on subdomains side by side. */
  Passes density(BenchModel model, int subdomains, int repeat) throws IOException, InterruptedException {
    Path density = jobs.folder().resolve("density-" + model.cells() + ".npy");
    if (!density.toFile().exists()) {
      float[] ones = new float[Math.toIntExact(model.particles())];
      Arrays.fill(ones, 1);
      NpyWriter.write(density, ones, model.cells(), model.cells(), model.cells());
    }
    return passes(
        jobs.run("kind = gradient\n" + model.simulation(repeat) + "data { density = \"" + density.getFileName()
            + "\", sigma = 1 }\nlayout { x = " + subdomains + ", y = 1 }\n"));
  }

  private static Passes passes(JsonNode summary) {
    double waiting = 0;
    double copying = 0;
    for (JsonNode lane : summary.at("/lanes/forward")) {
      double whole = lane.get("computing").asDouble() + lane.get("waiting").asDouble()
          + lane.get("copying").asDouble();
      waiting = Math.max(waiting, lane.get("waiting").asDouble() / whole);
      copying = Math.max(copying, lane.get("copying").asDouble() / whole);
    }
    return new Passes(summary.at("/seconds/forward").asDouble(), summary.at("/seconds/reverse").asDouble(), waiting,
        copying);
  }

  /** What a sampler does at each step of a trajectory on a small survey: seconds. */
  double surveySeconds(int repeat) throws IOException, InterruptedException {
    java.nio.file.Files.writeString(jobs.folder().resolve("nz.csv"),
        "z,bin0,bin1\n0,0,0\n0.2,1,0.1\n0.4,0.5,1\n0.6,0,0.4\n0.8,0,0\n");
    NpyWriter.write(jobs.folder().resolve("map.npy"), new float[2 * 16 * 16], 2, 16, 16);
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
