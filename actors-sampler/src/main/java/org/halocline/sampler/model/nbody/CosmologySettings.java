package org.halocline.sampler.model.nbody;

import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;

/**
 * The block {@code cosmology}: the eight parameters, each with a default and a range in which the model makes sense.
 */
public final class CosmologySettings {
  private CosmologySettings() {}

  /** What a parameter may be. */
  public static Range range(Parameter parameter) {
    return Range.between(parameter.least(), parameter.most());
  }

  /** Reads the block; where a value is bad its default stands in, and the problem is noted. */
  public static Theta read(Settings block) {
    Theta theta = Theta.usual(Cosmology.PARAMETERS);
    for (Parameter parameter : Cosmology.PARAMETERS)
      theta = theta.with(parameter.name(), block.number(parameter.name(), parameter.usual(), range(parameter)));
    for (ParameterSpace.Breach breach : Cosmology.SPACE.breaches(theta))
      block.problem(breach.parameter().name(), Double.toString(breach.value()), "must be " + breach.bound(),
          breach.remedy());
    return theta;
  }
}
