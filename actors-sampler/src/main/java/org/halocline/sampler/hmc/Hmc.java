package org.halocline.sampler.hmc;

import java.util.Map;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.kernel.Move;
import org.halocline.sampler.kernel.Sampler;
import org.halocline.sampler.kernel.SamplerSettings;

/** {@code infer.sampler = hmc}: Hamiltonian Monte Carlo with trajectories of a fixed mean length. */
public final class Hmc implements Sampler {
  static final String NAME = "hmc";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SamplerSettings read(Settings infer, int warmUp) {
    return HmcSettings.read(infer, warmUp);
  }

  @Override
  public Map<String, Class<? extends Move>> moves() {
    return Map.of("hmc", HmcMove.class);
  }
}
