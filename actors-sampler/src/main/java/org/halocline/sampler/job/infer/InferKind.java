package org.halocline.sampler.job.infer;

import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.model.cost.Forecasts;

/** {@code kind = infer}: the posterior of parameters and initial conditions, by Hamiltonian Monte Carlo. */
public final class InferKind implements JobKind {
  static final String NAME = "infer";

  private final Forecasts forecasts;

  /** Reckons times by the stored calibration. */
  public InferKind() {
    this(Forecasts.stored());
  }

  public InferKind(Forecasts forecasts) {
    this.forecasts = forecasts;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return InferPlan.check(file, forecasts);
  }
}
