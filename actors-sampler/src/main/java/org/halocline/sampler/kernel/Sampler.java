package org.halocline.sampler.kernel;

import java.util.Map;
import org.halocline.runtime.config.Settings;

/** A way to sample, one package. Found by {@link java.util.ServiceLoader}; see {@link Samplers}. */
public interface Sampler {

  /** The value of {@code infer.sampler} that chooses it. */
  String name();

  /**
   * Reads the sampler's own keys and notes what is wrong with them.
   *
   * @param infer the block {@code infer}
   * @param warmUp draws
   */
  SamplerSettings read(Settings infer, int warmUp);

  /** The classes of its moves by their names on the wire. */
  Map<String, Class<? extends Move>> moves();
}
