package org.halocline.sampler.model.own;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.ModelKind;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.ppl.Model;

/** A model that a user writes: a class that implements {@link org.halocline.sampler.ppl.Model}. */
public final class OwnKind implements ModelKind {
  @Override
  public String name() {
    return "own";
  }

  @Override
  public boolean isNamed() {
    return false;
  }

  @Override
  public boolean fits(Settings job) {
    return true;
  }

  /** The priors stand in the program. */
  @Override
  public ParameterSpace space() {
    return new ParameterSpace(List.of(), List.of());
  }

  @Override
  public Optional<ModelPlan> read(Settings job, Reading reading) {
    int before = job.problems().size();
    Settings block = job.block(ModelKinds.KEY);
    if (!block.has("class"))
      block.refuse("class", "is missing", "name a class that implements " + Model.class.getName());
    Optional<String> name = block.text("class");
    Optional<Path> jar = block.inputFile("jar");
    long seed = block.longInteger("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
    Settings settings = block.block("settings");
    LayoutSettings layout = LayoutSettings.read(job, Optional.empty());
    if (name.isEmpty() || job.problems().size() > before)
      return Optional.empty();
    try {
      ModelClass maker = ModelClass.of(name.get(), jar);
      Optional<Discovery> found = Discovery.of(maker, settings, reading);
      if (found.isEmpty() || job.problems().size() > before)
        return Optional.empty();
      return Optional
          .of(new OwnPlan(name.get(), jar, maker, settings.resolved(), reading.use(), seed, layout, found.get(),
              new ConcurrentHashMap<>()));
    } catch (ModelClass.UnusableException unusable) {
      settings.keys().forEach(settings::ignore);
      block.refuse("class", unusable.getMessage(), unusable.remedy());
      return Optional.empty();
    }
  }
}
