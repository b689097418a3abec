package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.tape.RankScope;

/** A model that is open on a rank for one chain. The program that it is opened for closes it. */
public record OpenModel(RankScope scope, RankModel model, Arena arena) implements AutoCloseable {

  /** Makes the program of an open model. */
  @FunctionalInterface
  public interface Making {
    RankProgram of(OpenModel open) throws Exception;
  }

  /** Opens the program of one chain. */
  @FunctionalInterface
  public interface Opening<S> {
    RankProgram open(S settings, RankContext context) throws Exception;
  }

  /**
   * The programs of one rank's chains, of settings that the first of them reads. Thread-safe.
   *
   * @param job checked and resolved before
   * @param reading notes every problem; empty where there was one
   */
  public static <S> RankPrograms programs(Config job, Function<Settings, Optional<S>> reading, Opening<S> opening) {
    FutureTask<S> settings = new FutureTask<>(() -> {
      Settings resolved = Settings.of(job, Path.of("/"));
      return reading.apply(resolved).orElseThrow(() -> new BadInputException(resolved.problems()));
    });
    return context -> {
      settings.run();
      try {
        return opening.open(settings.get(), context);
      } catch (ExecutionException unread) {
        throw unread.getCause() instanceof Exception cause ? cause : unread;
      }
    };
  }

  /** Opens a model and makes its program; where either fails nothing stays open. */
  public static RankProgram program(ModelPlan plan, Use use, Map<Parameter, ScalarDistribution> priors,
      RankContext context, Making making) throws Exception {
    OpenModel open = open(plan, use, priors, context);
    try {
      return making.of(open);
    } catch (Throwable failed) {
      open.close();
      throw failed;
    }
  }

  private static OpenModel open(ModelPlan plan, Use use, Map<Parameter, ScalarDistribution> priors,
      RankContext context) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      RankScope scope = new RankScope(context.kernels(), context.decomposition(), context.rank(),
          new Collectives(context.port(), arena));
      return new OpenModel(scope, plan.open(use, priors, scope), arena);
    } catch (Throwable failed) {
      arena.close();
      throw failed;
    }
  }

  @Override
  public void close() {
    try {
      model.close();
    } finally {
      arena.close();
    }
  }
}
