package org.halocline.sampler.model.snapshot;

import java.io.IOException;
import java.util.Map;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.nbody.NbodyModel;
import org.halocline.sampler.model.nbody.NbodyPlan;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.RankScope;

/** The end of a simulation with a Gaussian likelihood of its density. */
final class SnapshotModel extends NbodyModel {

  SnapshotModel(NbodyPlan plan, Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope)
      throws IOException {
    super(plan, use, priors, scope);
  }

  @Override
  public void run(Program p) {
    observeDensity(p, latents(p));
  }

  @Override
  protected Observable simulated() {
    return Observable.NONE;
  }

  /** The density is written of every simulation. */
  @Override
  protected void writeObserved(Results results) {}
}
