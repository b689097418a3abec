package org.halocline.sampler.job.infer;

import com.typesafe.config.Config;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.halocline.cosmology.comm.Collectives;
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
import org.halocline.sampler.job.ModelPrograms;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;

/** {@code kind = infer}: the posterior of parameters and latent fields, by Hamiltonian Monte Carlo. */
public final class InferKind implements JobDriver {
  static final String NAME = "infer";

  private final Forecasts forecasts;

  /** Reckons times by the stored calibration. */
  public InferKind() {
    this(Forecasts.stored());
  }

  private InferKind(Forecasts forecasts) {
    this.forecasts = forecasts;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public JobDriver reckonedBy(Forecasts other) {
    return new InferKind(other);
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return InferPlan.check(file, forecasts);
  }

  /** What a chain must know on a rank. */
  private record Chain(InferSettings infer, ModelPlan model) {

    static Optional<Chain> read(Settings job) {
      return ModelKinds.of(job).flatMap(kind -> InferSettings.read(job, kind.space())
          .flatMap(infer -> kind.read(job, new Reading(Use.SAMPLE, NpyInput.TRUST))
              .map(model -> new Chain(infer, model))));
    }

    RankProgram open(RankContext context) throws IOException, BadJobException {
      Arena arena = Arena.ofShared();
      RankScope scope = new RankScope(context.kernels(), context.decomposition(), context.rank(),
          new Collectives(context.port(), arena));
      RankModel opened;
      try {
        opened = model.open(Use.SAMPLE, infer.priors(), scope);
      } catch (IOException | RuntimeException failed) {
        arena.close();
        throw failed;
      }
      try {
        return new ChainProgram(opened, scope, infer.sampler(), infer.seed(), context.chain(), model.arrays(), () -> {
          opened.close();
          arena.close();
        });
      } catch (OutsideSupportException outside) {
        opened.close();
        arena.close();
        throw new BadJobException("at the middle of the priors, " + outside.getMessage() + "; change infer.parameters",
            outside);
      }
    }
  }

  @Override
  public RankPrograms programs(Config job) {
    return new ModelPrograms<>(job, Chain::read, Chain::open);
  }
}
