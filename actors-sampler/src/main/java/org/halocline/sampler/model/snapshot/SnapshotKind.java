package org.halocline.sampler.model.snapshot;

import java.io.IOException;
import java.util.Map;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.sampler.model.nbody.NbodyKind;
import org.halocline.sampler.tape.RankScope;

/** {@code model = snapshot}: the density at the end of a simulation. */
public final class SnapshotKind extends NbodyKind {

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public boolean fits(Settings job) {
    return isSnapshot(job);
  }

  @Override
  protected RankModel open(ModelSettings settings, Use use, Map<Parameter, ScalarDistribution> priors,
      RankScope scope) throws IOException {
    return new SnapshotModel(settings, use, priors, scope);
  }
}
