package org.halocline.sampler.job.infer;

import com.typesafe.config.Config;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.chain.ChainProgram;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.sampler.survey.SurveyModel;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;

/** Makes the ranks' programs of {@code infer} jobs. */
public final class InferPrograms implements RankProgramFactory {

  @Override
  public String kind() {
    return InferKind.NAME;
  }

  @Override
  public RankPrograms programs(Config job) {
    return InferPrograms::create;
  }

  private static RankProgram create(RankContext context) throws IOException, BadJobException {
    Settings job = Settings.of(context.job(), Path.of("/"));
    InferSettings infer = InferSettings.read(job).orElseThrow(() -> new BadInputException(job.problems()));
    ModelSettings settings = ModelSettings.resolved(context.job());
    Arena arena = Arena.ofShared();
    RankScope scope = new RankScope(context.kernels(), context.decomposition(), context.rank(),
        new Collectives(context.port(), arena));
    SurveyModel model;
    try {
      model = SurveyModel.open(settings, infer.priors(), scope);
    } catch (IOException | RuntimeException failed) {
      arena.close();
      throw failed;
    }
    try {
      Map<String, int[]> shapes = settings.lensing().map(lens -> Map.of(SurveyModel.CONVERGENCE, lens.mapShape()))
          .orElse(Map.of());
      return new ChainProgram(model, scope, infer.sampler(), infer.seed(), context.chain(), shapes, () -> {
        model.close();
        arena.close();
      });
    } catch (OutsideSupportException outside) {
      model.close();
      arena.close();
      throw new BadJobException("at the middle of the priors, " + outside.getMessage() + "; change infer.parameters",
          outside);
    }
  }
}
