package org.halocline.sampler.job.infer;

import com.typesafe.config.Config;
import java.util.Optional;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.chain.ChainProgram;
import org.halocline.sampler.job.JobDriver;
import org.halocline.sampler.job.OpenModel;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.tape.OutsideSupportException;

/** {@code kind = infer}: the posterior of parameters and latent fields, by Hamiltonian Monte Carlo. */
public final class InferKind implements JobDriver {
  static final String NAME = "infer";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Checked<JobPlan> check(JobFile file, Forecasts forecasts) {
    return Inference.check(file, forecasts);
  }

  /** What a chain must know on a rank. */
  private record Chain(InferSettings infer, ModelPlan model) {

    static Optional<Chain> read(Settings job) {
      return ModelKinds.of(job).flatMap(kind -> InferSettings.read(job, kind.space())
          .flatMap(infer -> kind.read(job, new Reading(Use.SAMPLE, NpyInput.TRUST))
              .map(model -> new Chain(infer, model))));
    }

    RankProgram open(RankContext context) throws Exception {
      return OpenModel.program(model, Use.SAMPLE, infer.priors(), context, open -> {
        try {
          return new ChainProgram(open.model(), open.scope(), infer.sampler(), infer.seed(), context.chain(),
              model.arrays(), open);
        } catch (OutsideSupportException outside) {
          throw new BadJobException(
              "at the middle of the priors, " + outside.getMessage() + "; change infer.parameters", outside);
        }
      });
    }
  }

  @Override
  public RankPrograms programs(Config job) {
    return OpenModel.programs(job, Chain::read, Chain::open);
  }
}
