package org.halocline.ops.timing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.nbody.NbodyKind;
import org.halocline.sampler.model.nbody.NbodyPlan;
import org.halocline.sampler.model.snapshot.SnapshotKind;
import org.halocline.sampler.model.survey.SurveyKind;

/**
 * The simulations that are timed, from a = 0.1 to today, of cells that are cubes.
 *
 * @param mesh cells by axis
 * @param planes of the light cone, which the last steps cut; 0 for a snapshot
 * @param cellMpcH side of a cell
 */
public record BenchModel(List<Integer> mesh, int steps, int planes, double cellMpcH) {
  private static final int CONE_STEPS = 10;
  private static final int CONE_PLANES = 8;
  private static final double CONE_MPC_H = 4096;
  /** Particles of a snapshot go 1.5 such cells as a rule and six at most. */
  private static final double CELL_MPC_H = 4;

  /** A snapshot of a cube. */
  public BenchModel(int cells, int steps) {
    this(List.of(cells, cells, cells), steps, 0, CELL_MPC_H);
  }

  /** A light cone of 4096 Mpc/h in ten steps, eight of which cut a plane, that is timed on one GPU. */
  public static BenchModel lightCone(int nx, int ny, int nz) {
    return new BenchModel(List.of(nx, ny, nz), CONE_STEPS, CONE_PLANES, CONE_MPC_H / nz);
  }

  /** Along the first axis. */
  public int cells() {
    return mesh.getFirst();
  }

  public long particles() {
    return (long) mesh.get(0) * mesh.get(1) * mesh.get(2);
  }

  /** How often a job repeats its passes, so that particles times steps come to so many updates. */
  public int repeats(long updates, int least, int most) {
    return Math.clamp(updates / (particles() * steps), least, most);
  }

  /** The block {@code simulation} of a job. */
  String simulation(int repeat) {
    return String.format(Locale.ROOT, "simulation { mesh = %s, box-mpc-h = %s, a-initial = 0.1, %s, seed = 1, repeat = "
        + "%d }%n", mesh, mesh.stream().map(cells -> cells * cellMpcH).toList(),
        planes == 0
            ? "snapshot { steps = " + steps + ", spacing = log-a }"
            : "light-cone { steps-before = " + (steps - planes) + ", planes = " + planes + " }",
        repeat);
  }

  public NbodyPlan settings() {
    return settings(LayoutDevice.CORE);
  }

  public NbodyPlan settings(LayoutDevice device) {
    JobFile file = JobFile.parse("bench.conf", Path.of("").toAbsolutePath(),
        "kind = simulate\n" + simulation(1) + "layout { device = " + Settings.dashed(device) + " }\n").orThrow();
    NbodyKind kind = planes == 0 ? new SnapshotKind() : new SurveyKind();
    return kind.plan(file.settings(), new Reading(Use.SIMULATE, NpyInput.TRUST)).orElseThrow();
  }

  /** Whether one lane with so much memory of its device can hold its gradient. */
  public boolean fits(long deviceBytes) {
    return particles() <= LayoutDevice.GPU.mostCells() && gpuMemory().deviceBytes() <= deviceBytes;
  }

  /** What a gradient on one GPU takes. */
  public RankMemory gpuMemory() {
    NbodyPlan settings = settings(LayoutDevice.GPU);
    Decomposition whole = Decomposition.even(settings.plan().mesh(), 1, 1);
    return settings.memory(Use.EVALUATE, whole, 0)
        .and(LayoutDevice.GPU.fields("noise", 4 * particles()));
  }
}
