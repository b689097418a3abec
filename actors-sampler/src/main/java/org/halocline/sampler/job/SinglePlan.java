package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;

/**
 * A job that gives one command to one chain on one domain.
 *
 * @param results names of the files it writes
 */
record SinglePlan(Config resolved, ModelPlan model, Use use, Forecasts forecasts, OptionalLong shakeSeed,
    List<String> results) implements ModelJob {
  private static final long SMALL_FILES = 1 << 20;

  static Checked<JobPlan> check(JobFile file, Forecasts forecasts, Use use,
      Function<ModelPlan, List<String>> results) {
    Settings job = file.settings();
    Optional<ModelPlan> model = ModelKinds.read(job, new Reading(use, NpyInput.EXAMINE));
    OptionalLong shake = TransportSettings.shakeSeed(job);
    job.ignore("infer");
    return job.finish(() -> new SinglePlan(job.resolved(), model.orElseThrow(), use, forecasts, shake,
        results.apply(model.orElseThrow())));
  }

  @Override
  public ModelJob with(ModelPlan other) {
    return new SinglePlan(resolved, other, use, forecasts, shakeSeed, results);
  }

  @Override
  public int chains() {
    return 1;
  }

  @Override
  public RankMemory memory(Decomposition decomposition, int rank) {
    return withoutData(model, use, decomposition, rank)
        .and(model.dataMemory(use, decomposition, rank).toArray(MemoryPart[]::new));
  }

  /** What the chain keeps on a rank, but for its data. */
  static RankMemory withoutData(ModelPlan model, Use use, Decomposition decomposition, int rank) {
    RankMemory memory = model.memory(use, decomposition, rank);
    for (ModelPlan.LatentGrid field : model.fields())
      memory = memory.and(model.layout().device().fields(field.word(),
          4L * field.over(decomposition).block(rank).size()));
    return memory.and(MemoryPart.heap("file buffers", BlockGather.bufferBytes(decomposition, rank)));
  }

  @Override
  public Optional<Forecast> forecast(Layout layout, Sharing sharing) {
    return model.forecast(known(), decomposition(layout), sharing, use == Use.EVALUATE, model.repeat(), "");
  }

  @Override
  public long outputBytes() {
    return 4 * model.mesh().size() * 8 + 4 * numbersOfArrays() + SMALL_FILES;
  }

  @Override
  public Behavior<JobCommand> start(JobContext context) {
    return SingleJob.create(context, this);
  }
}
