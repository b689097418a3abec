package org.halocline.ops.timing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.nbody.ModelSettings;

/**
 * A light cone of 4096 Mpc/h in ten steps, eight of which cut a plane, that is timed on one GPU. Its cells are cubes.
 */
public record LightConeModel(int nx, int ny, int nz) {
  public static final int STEPS = 10;
  private static final int PLANES = 8;
  private static final double LENGTH_MPC_H = 4096;

  public List<Integer> mesh() {
    return List.of(nx, ny, nz);
  }

  public long particles() {
    return (long) nx * ny * nz;
  }

  /** The block {@code simulation} of a job. */
  String simulation(int repeat) {
    double cell = LENGTH_MPC_H / nz;
    return String.format(Locale.ROOT,
        "simulation { mesh = [%d, %d, %d], box-mpc-h = [%s, %s, %s], a-initial = 0.1,"
            + " light-cone { steps-before = %d, planes = %d }, seed = 1, repeat = %d }%n",
        nx, ny, nz, nx * cell, ny * cell, LENGTH_MPC_H, STEPS - PLANES, PLANES, repeat);
  }

  public ModelSettings settings() {
    JobFile file = JobFile.parse("bench.conf", Path.of("").toAbsolutePath(),
        "kind = simulate\n" + simulation(1) + "layout { device = gpu }\n").orThrow();
    return ModelSettings.read(file.settings(), ModelSettings.DataUse.OPTIONAL, NpyInput.TRUST, _ -> List.of())
        .orElseThrow();
  }

  /** Whether its gradient can be held by one lane with so much memory of its device. */
  public boolean fits(long deviceBytes) {
    return particles() <= LayoutDevice.GPU.mostCells() && memory().deviceBytes() <= deviceBytes;
  }

  /** What a gradient on one GPU takes. */
  public RankMemory memory() {
    ModelSettings settings = settings();
    Decomposition whole = Decomposition.even(settings.plan().mesh(), 1, 1);
    return settings.simulationMemory(settings.plan(), Purpose.GRADIENT, whole, 0)
        .and(LayoutDevice.GPU.fields("noise", 4 * particles()));
  }
}
