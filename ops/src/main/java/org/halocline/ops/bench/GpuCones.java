package org.halocline.ops.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.halocline.domain.program.LaneUse;
import org.halocline.ops.timing.JobRunner;
import org.halocline.ops.timing.LightConeModel;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.PassBench;
import org.halocline.runtime.node.NodeParts;

/**
 * Whole light cones and their gradients on one GPU, those that it can hold, each beside its roofline: ten steps of
 * which each moves no more than it must at the rate of the device's memory. Initial conditions and projections are in
 * the time, and not in the roofline.
 *
 * @param cells along x and y of the first, which is twice as long; the second is a cube of that length
 * @param updates particles times steps that a timed job makes up to at least, its repeats together
 */
public record GpuCones(int cells, long updates) {
  private static final int LEAST_REPEATS = 3;

  /** Ten seconds of a GPU of this decade. */
  public static GpuCones full(int cells) {
    return new GpuCones(cells, 4_000_000_000L);
  }

  List<LightConeModel> models() {
    return List.of(new LightConeModel(cells, cells, 2 * cells), new LightConeModel(2 * cells, 2 * cells, 2 * cells));
  }

  /** Those that a lane with so much memory of its device holds. */
  List<LightConeModel> models(long deviceBytes) {
    return models().stream().filter(model -> model.fits(deviceBytes)).toList();
  }

  /**
   * Times them, telling each figure as it is found.
   *
   * @param parts of a node that has GPUs
   * @param deviceBytes that a lane may take of its device
   * @param bytesANs the rate of the device's memory
   * @return what was left out, in words
   */
  public List<String> measure(NodeParts parts, long deviceBytes, double bytesANs, Consumer<Measurement> found)
      throws IOException, InterruptedException {
    List<String> left = new ArrayList<>();
    List<LightConeModel> fit = models(deviceBytes);
    for (LightConeModel model : models())
      if (!fit.contains(model))
        left.add(String.format(Locale.ROOT, "a light cone of %d×%d×%d cells is left out: it does not fit %.1f GiB",
            model.nx(), model.ny(), model.nz(), deviceBytes / 0x1p30));
    try (JobRunner jobs = JobRunner.start(parts, Runtime.getRuntime().availableProcessors())) {
      for (LightConeModel model : fit) {
        int repeat = (int) Math.max(LEAST_REPEATS, updates / (model.particles() * LightConeModel.STEPS));
        PassBench.Passes passes = new PassBench(jobs).lightCone(model, repeat);
        found.accept(whole("light-cone", model, passes.forward(), GpuBytes.LIGHT_CONE, bytesANs));
        found.accept(whole("light-cone-gradient", model, passes.both(), GpuBytes.LIGHT_CONE_GRADIENT, bytesANs));
      }
    }
    return left;
  }

  private static Measurement whole(String name, LightConeModel model, LaneUse use, GpuBytes bytes, double bytesANs) {
    double ms = 1e3 * use.seconds();
    return Measurement.of(name, model.mesh(), 1, Measurement.Unit.MS, ms, ms).beside("roofline",
        1e-6 * bytes.count() * model.particles() * LightConeModel.STEPS / bytesANs);
  }
}
