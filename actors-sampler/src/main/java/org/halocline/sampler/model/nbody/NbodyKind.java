package org.halocline.sampler.model.nbody;

import java.util.Optional;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.ModelKind;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;

/** A kind of model that observes an N-body simulation. */
public abstract class NbodyKind implements ModelKind {
  private final boolean ofSnapshots;
  private final NbodyPlan.Opening opening;

  /** @param ofSnapshots whether its simulations end in a snapshot */
  protected NbodyKind(boolean ofSnapshots, NbodyPlan.Opening opening) {
    this.ofSnapshots = ofSnapshots;
    this.opening = opening;
  }

  @Override
  public final boolean fits(Settings job) {
    Settings simulation = job.block("simulation");
    return ofSnapshots == (simulation.has("snapshot") && !simulation.has("light-cone"));
  }

  @Override
  public final ParameterSpace space() {
    return Cosmology.SPACE;
  }

  @Override
  public final Optional<ModelPlan> read(Settings job, Reading reading) {
    return plan(job, reading).map(plan -> plan);
  }

  /** As {@link #read}. */
  public final Optional<NbodyPlan> plan(Settings job, Reading reading) {
    if (!fits(job))
      job.refuse("model", "does not fit simulation." + (ofSnapshots ? "light-cone" : "snapshot"),
          "leave model out, or write survey for a light cone and snapshot for a snapshot");
    return NbodyReading.read(job, reading, opening);
  }
}
