package org.halocline.sampler.job;

import java.util.ArrayList;
import java.util.List;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.nbody.ModelSettings;

/** {@code kind = simulate}: the forward model once. */
public final class SimulateKind implements JobKind {
  static final String NAME = "simulate";
  private final Forecasts forecasts;

  /** Reckons times by the stored calibration. */
  public SimulateKind() {
    this(Forecasts.stored());
  }

  public SimulateKind(Forecasts forecasts) {
    this.forecasts = forecasts;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return SinglePlan.check(file, forecasts, ModelSettings.DataUse.OPTIONAL, this::results, RunSimulate::new);
  }

  private List<String> results(ModelSettings settings) {
    List<String> results = new ArrayList<>(
        List.of(RunSimulate.DISPLACEMENT, RunSimulate.MOMENTUM, RunSimulate.DENSITY, RunSimulate.POWER));
    if (settings.plan().planes() > 0)
      results.add(RunSimulate.PLANES);
    if (settings.lensing().isPresent())
      results.add(RunSimulate.KAPPA);
    return results;
  }
}
