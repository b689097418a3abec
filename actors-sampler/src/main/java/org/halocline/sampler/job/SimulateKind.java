package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.Map;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;

/** {@code kind = simulate}: the model forward once. */
public final class SimulateKind implements JobDriver {

  @Override
  public String name() {
    return "simulate";
  }

  @Override
  public Checked<JobPlan> check(JobFile file, Forecasts forecasts) {
    return SingleWork.check(file, forecasts, Use.SIMULATE, ModelPlan::products);
  }

  @Override
  public RankPrograms programs(Config job) {
    return SingleWork.programs(job, Use.SIMULATE, _ -> Map.of(), Simulate::new);
  }

  private static final class Simulate extends SingleProgram {
    Simulate(ModelPlan plan, OpenModel open, RankContext context) {
      super(plan, open, context);
    }

    @Override
    void run() throws IOException {
      for (int run = 0; run < plan.repeat(); run++)
        open.model().simulate();
    }

    @Override
    void write(Results results) throws IOException {
      open.model().write(results);
    }

    @Override
    Map<String, Double> numbers() {
      return Map.of();
    }
  }
}
