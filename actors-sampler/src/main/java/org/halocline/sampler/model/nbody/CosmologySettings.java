package org.halocline.sampler.model.nbody;

import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Parameter;
import org.halocline.cosmology.background.ParameterSpace;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;

/** The block {@code cosmology}: the eight parameters, each with a default and a range in which the model makes sense. */
public final class CosmologySettings {
  private CosmologySettings() {}

  /** The value a parameter has when the job does not say. */
  public static double fallback(Parameter parameter) {
    return switch (parameter) {
      case OMEGA_M -> 0.3;
      case OMEGA_B -> 0.0486;
      case H -> 0.6774;
      case N_S -> 0.9667;
      case SIGMA8 -> 0.8;
      case W0 -> -1;
      case WA, OMEGA_K -> 0;
    };
  }

  /** What a parameter may be. */
  public static Range range(Parameter parameter) {
    return Range.between(parameter.least(), parameter.most());
  }

  /** Reads the block; where a value is bad its default stands in, and the problem is noted. */
  public static Cosmology read(Settings block) {
    double[] values = new double[Parameter.COUNT];
    for (Parameter parameter : Parameter.values())
      values[parameter.ordinal()] = block.number(parameter.key(), fallback(parameter), range(parameter));
    Cosmology cosmology = Cosmology.of(values);
    for (ParameterSpace.Breach breach : ParameterSpace.breaches(cosmology))
      block.problem(breach.parameter().key(), Double.toString(breach.value()), "must be " + breach.bound(),
          breach.remedy());
    return cosmology;
  }
}
