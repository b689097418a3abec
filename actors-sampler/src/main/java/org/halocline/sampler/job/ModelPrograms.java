package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Settings;

/**
 * The programs of one rank's chains, of settings that the first of them reads. Thread-safe.
 *
 * @param <S> the settings of a job
 */
public final class ModelPrograms<S> implements RankPrograms {

  /** Opens the program of one chain. */
  @FunctionalInterface
  public interface Opening<S> {
    RankProgram open(S settings, RankContext context) throws Exception;
  }

  private final Config job;
  private final Function<Settings, Optional<S>> reading;
  private final Opening<S> opening;
  private Optional<S> settings = Optional.empty();

  /** @param reading notes every problem; empty where there was one */
  public ModelPrograms(Config job, Function<Settings, Optional<S>> reading, Opening<S> opening) {
    this.job = job;
    this.reading = reading;
    this.opening = opening;
  }

  @Override
  public RankProgram create(RankContext context) throws Exception {
    return opening.open(settings(), context);
  }

  /** @throws BadInputException where the job was not checked and resolved before */
  private synchronized S settings() {
    if (settings.isEmpty()) {
      Settings resolved = Settings.of(job, Path.of("/"));
      settings = Optional.of(reading.apply(resolved).orElseThrow(() -> new BadInputException(resolved.problems())));
    }
    return settings.get();
  }
}
