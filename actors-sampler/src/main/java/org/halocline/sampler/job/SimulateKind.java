package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.Map;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;

/** {@code kind = simulate}: the model forward once. */
public final class SimulateKind implements JobDriver {
  private final Forecasts forecasts;

  /** Reckons times by the stored calibration. */
  public SimulateKind() {
    this(Forecasts.stored());
  }

  private SimulateKind(Forecasts forecasts) {
    this.forecasts = forecasts;
  }

  @Override
  public String name() {
    return "simulate";
  }

  @Override
  public JobDriver reckonedBy(Forecasts other) {
    return new SimulateKind(other);
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return SinglePlan.check(file, forecasts, Use.SIMULATE, ModelPlan::products);
  }

  @Override
  public RankPrograms programs(Config job) {
    return new ModelPrograms<>(job, settings -> ModelKinds.read(settings, new Reading(Use.SIMULATE, NpyInput.TRUST)),
        Simulate::new);
  }

  private static final class Simulate extends SingleProgram {
    Simulate(ModelPlan plan, RankContext context) throws IOException {
      super(plan, Use.SIMULATE, Map.of(), context);
    }

    @Override
    void run(Stopwatch watch) throws IOException {
      for (int run = 0; run < plan.repeat(); run++)
        model.simulate();
    }

    @Override
    void write(Results results) throws IOException {
      model.write(results);
    }

    @Override
    Map<String, Double> numbers() {
      return Map.of();
    }
  }
}
