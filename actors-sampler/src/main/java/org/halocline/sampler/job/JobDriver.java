package org.halocline.sampler.job;

import java.util.List;
import java.util.ServiceLoader;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.model.cost.Forecasts;

/**
 * A kind of job that drives a model: its checks, its plan, and what each rank runs. Drivers are found by
 * {@link ServiceLoader}: a kind adds its class and a line in {@code META-INF/services}.
 */
public interface JobDriver extends JobKind, RankProgramFactory {

  /**
   * Checks the whole job, as {@link #check(JobFile)} does.
   *
   * @param forecasts by which times are reckoned
   */
  Checked<JobPlan> check(JobFile file, Forecasts forecasts);

  /** Reckons times by the stored calibration. */
  @Override
  default Checked<JobPlan> check(JobFile file) {
    return check(file, Forecasts.stored());
  }

  @Override
  default String kind() {
    return name();
  }

  /** The same kind, with times that are reckoned by other forecasts. */
  default JobKind reckonedBy(Forecasts forecasts) {
    JobDriver driver = this;
    return new JobKind() {
      @Override
      public String name() {
        return driver.name();
      }

      @Override
      public Checked<JobPlan> check(JobFile file) {
        return driver.check(file, forecasts);
      }
    };
  }

  /** Every driver on the class path. */
  static List<JobDriver> all() {
    return ServiceLoader.load(JobDriver.class).stream().map(ServiceLoader.Provider::get).toList();
  }
}
