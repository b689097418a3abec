package org.halocline.domain.job;

import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Parameter;
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
    return switch (parameter) {
      case OMEGA_M -> Range.between(0.01, 1);
      case OMEGA_B -> Range.between(0.001, 1);
      case H -> Range.between(0.2, 2);
      case N_S -> Range.between(0.3, 2);
      case SIGMA8 -> Range.between(0.05, 3);
      case W0 -> Range.between(-3, -0.2);
      case WA -> Range.between(-3, 3);
      case OMEGA_K -> Range.between(-0.5, 0.5);
    };
  }

  /** Reads the block; where a value is bad its default stands in, and the problem is noted. */
  public static Cosmology read(Settings block) {
    double[] values = new double[Parameter.COUNT];
    for (Parameter parameter : Parameter.values())
      values[parameter.ordinal()] = block.number(parameter.key(), fallback(parameter), range(parameter));
    Cosmology cosmology = Cosmology.of(values);
    if (cosmology.omegaB() > cosmology.omegaM())
      block.problem(Parameter.OMEGA_B.key(), Double.toString(cosmology.omegaB()),
          "must be at most omega-m = " + cosmology.omegaM() + ", which includes the baryons",
          "lower it, or raise omega-m");
    double darkEnergy = 1 - cosmology.omegaM() - cosmology.omegaK();
    if (darkEnergy < 0)
      block.problem(Parameter.OMEGA_K.key(), Double.toString(cosmology.omegaK()),
          "must leave dark energy 1 − omega-m − omega-k ≥ 0, which is " + darkEnergy, "lower it, or lower omega-m");
    return cosmology;
  }
}
