package org.halocline.sampler.job;

import java.util.List;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.nbody.ModelSettings;

/** {@code kind = gradient}: ½χ² of the data, and its gradient by the noise and by every parameter. */
public final class GradientKind implements JobKind {
  static final String NAME = "gradient";
  private final Forecasts forecasts;

  /** Reckons times by the stored calibration. */
  public GradientKind() {
    this(Forecasts.stored());
  }

  public GradientKind(Forecasts forecasts) {
    this.forecasts = forecasts;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return SinglePlan.check(file, forecasts, ModelSettings.DataUse.REQUIRED,
        _ -> List.of(RunGradient.GRADIENT_NOISE, RunGradient.GRADIENT), RunGradient::new);
  }
}
