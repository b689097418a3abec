package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;

/**
 * The work of a job that gives one command to one chain on one domain.
 *
 * @param results names of the files it writes
 */
record SingleWork(Use use, List<String> results) implements ModelJob.Work {
  private static final long SMALL_FILES = 1 << 20;

  /** Opens the program of a rank. */
  interface Opening {
    SingleProgram of(ModelPlan plan, OpenModel open, RankContext context);
  }

  static Checked<JobPlan> check(JobFile file, Forecasts forecasts, Use use,
      Function<ModelPlan, List<String>> results) {
    Settings job = file.settings();
    Optional<ModelPlan> model = ModelKinds.read(job, new Reading(use, NpyInput.EXAMINE));
    job.ignore("infer");
    return ModelJob.of(job, forecasts, model, () -> new SingleWork(use, results.apply(model.orElseThrow())));
  }

  static RankPrograms programs(Config job, Use use, Function<ModelPlan, Map<Parameter, ScalarDistribution>> priors,
      Opening opening) {
    return OpenModel.programs(job, settings -> ModelKinds.read(settings, new Reading(use, NpyInput.TRUST)),
        (plan, context) -> OpenModel.program(plan, use, priors.apply(plan), context,
            open -> opening.of(plan, open, context)));
  }

  @Override
  public RankMemory memory(ModelPlan model, Decomposition decomposition, int rank) {
    return withoutData(model, decomposition, rank).and(model.dataMemory(use, decomposition, rank));
  }

  /** What the chain keeps on a rank, but for its data. */
  RankMemory withoutData(ModelPlan model, Decomposition decomposition, int rank) {
    RankMemory memory = model.memory(use, decomposition, rank);
    for (ModelPlan.LatentGrid field : model.fields())
      memory = memory.and(model.layout().device().fields(field.word(),
          4L * field.over(decomposition).block(rank).size()));
    return memory.and(MemoryPart.heap("file buffers", BlockGather.bufferBytes(decomposition, rank)));
  }

  @Override
  public double passes(ModelPlan model, int chains) {
    return model.repeat();
  }

  @Override
  public long outputBytes(ModelPlan model) {
    return 4 * model.mesh().size() * 8 + 4 * model.numbersOfArrays() + SMALL_FILES;
  }

  @Override
  public Behavior<JobCommand> start(JobContext context, ModelJob job) {
    return SingleJob.create(context, job, this);
  }
}
