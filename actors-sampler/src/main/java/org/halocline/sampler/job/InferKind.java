package org.halocline.sampler.job;

import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;

/** {@code kind = infer}: the posterior of parameters and initial conditions, by Hamiltonian Monte Carlo. */
public final class InferKind implements JobKind {
  static final String NAME = "infer";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return InferPlan.check(file);
  }
}
