package org.halocline.sampler.survey;

import java.util.List;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Parameter;

/**
 * Which cosmological parameters a program passes to the simulation, in which order; the others keep their values.
 *
 * @param fixed values of all parameters, used for those not passed
 */
public record Parameters(List<Parameter> passed, Cosmology fixed) {

  public Parameters {
    passed = List.copyOf(passed);
  }

  Cosmology at(double[] values) {
    Cosmology cosmology = fixed;
    for (int i = 0; i < values.length; i++)
      cosmology = cosmology.with(passed.get(i), values[i]);
    return cosmology;
  }

  /** Of the gradient by all parameters, those passed. */
  double[] select(double[] gradient) {
    return passed.stream().mapToDouble(parameter -> gradient[parameter.ordinal()]).toArray();
  }

  /** The name of a parameter's site: its key with underscores, as CmdStan and ArviZ like it. */
  public static String siteName(Parameter parameter) {
    return parameter.key().replace('-', '_');
  }
}
