package org.halocline.ops.timing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.nbody.ModelSettings;

/**
 * The simulations that are timed: a cube of cells of 4 Mpc/h, so that particles go 1.5 cells as a rule and six at most,
 * from a = 0.1 to today.
 */
public record BenchModel(int cells, int steps) {
  private static final double CELL_MPC_H = 4;

  public List<Integer> mesh() {
    return List.of(cells, cells, cells);
  }

  public long particles() {
    return (long) cells * cells * cells;
  }

  /** The block {@code simulation} of a job. */
  String simulation(int repeat) {
    return String.format(Locale.ROOT,
        "simulation { mesh = [%d, %d, %d], box-mpc-h = [%s, %s, %s], a-initial = 0.1,"
            + " snapshot { steps = %d, spacing = log-a }, seed = 1, repeat = %d }%n",
        cells, cells, cells, cells * CELL_MPC_H, cells * CELL_MPC_H, cells * CELL_MPC_H, steps, repeat);
  }

  public ModelSettings settings() {
    return settings(LayoutDevice.CORE);
  }

  public ModelSettings settings(LayoutDevice device) {
    JobFile file = JobFile.parse("bench.conf", Path.of("").toAbsolutePath(),
        "kind = simulate\n" + simulation(1) + "layout { device = " + Settings.dashed(device) + " }\n").orThrow();
    return ModelSettings.read(file.settings(), ModelSettings.DataUse.OPTIONAL, NpyInput.TRUST, _ -> List.of())
        .orElseThrow();
  }
}
