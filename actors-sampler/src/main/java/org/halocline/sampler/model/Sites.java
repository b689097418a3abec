package org.halocline.sampler.model;

import org.halocline.cosmology.theta.Parameter;
import org.halocline.runtime.config.Range;

/** A model's parameters as sites of programs and as settings. */
public final class Sites {
  private Sites() {}

  /** The name of a parameter's site: its key with underscores, as CmdStan and ArviZ like it. */
  public static String name(Parameter parameter) {
    return parameter.name().replace('-', '_');
  }

  /** What a parameter may be. */
  public static Range range(Parameter parameter) {
    return Range.between(parameter.least(), parameter.most());
  }
}
