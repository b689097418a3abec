package org.halocline.sampler.job;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.runtime.job.JobKind;
import org.halocline.sampler.model.cost.Forecasts;

/**
 * A kind of job that drives a model: its checks, its plan, and what each rank runs. Drivers are found by
 * {@link java.util.ServiceLoader}: a kind adds its class and a line in {@code META-INF/services}.
 */
public interface JobDriver extends JobKind, RankProgramFactory {

  /** The same kind with times that are reckoned by other forecasts. */
  JobDriver reckonedBy(Forecasts forecasts);

  @Override
  default String kind() {
    return name();
  }

  /** Every driver on the class path. */
  static List<JobDriver> all(Forecasts forecasts) {
    List<JobDriver> drivers = new ArrayList<>();
    for (JobDriver driver : ServiceLoader.load(JobDriver.class))
      drivers.add(driver.reckonedBy(forecasts));
    return drivers;
  }
}
