package org.halocline.sampler.model.nbody;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.ModelKind;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.tape.RankScope;

/** A kind of model that observes an N-body simulation. */
public abstract class NbodyKind implements ModelKind {

  /** Opens the model on a rank. */
  protected abstract RankModel open(ModelSettings settings, Use use, Map<Parameter, ScalarDistribution> priors,
      RankScope scope) throws IOException;

  /** Whether the job's simulation ends in a snapshot. */
  protected static boolean isSnapshot(Settings job) {
    Settings simulation = job.block("simulation");
    return simulation.has("snapshot") && !simulation.has("light-cone");
  }

  @Override
  public final ParameterSpace space() {
    return Cosmology.SPACE;
  }

  @Override
  public final Optional<ModelPlan> read(Settings job, Reading reading) {
    if (!fits(job))
      job.refuse("model", "does not fit simulation." + (isSnapshot(job) ? "snapshot" : "light-cone"),
          "leave model out, or write survey for a light cone and snapshot for a snapshot");
    ModelSettings.DataUse data = reading.use() == Use.SIMULATE
        ? ModelSettings.DataUse.OPTIONAL
        : ModelSettings.DataUse.REQUIRED;
    return ModelSettings.read(job, data, reading.inputs(), theta -> Corners.of(theta, reading.ends()))
        .map(settings -> new NbodyPlan(settings, this));
  }
}
