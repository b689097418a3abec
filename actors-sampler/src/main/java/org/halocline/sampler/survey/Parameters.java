package org.halocline.sampler.survey;

import java.util.List;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;

/**
 * Which parameters a program passes to the simulation, in which order; the others keep their values.
 *
 * @param fixed values of all parameters, used for those not passed
 */
public record Parameters(List<Parameter> passed, Theta fixed) {

  public Parameters {
    passed = List.copyOf(passed);
  }

  Theta at(double[] values) {
    Theta theta = fixed;
    for (int i = 0; i < values.length; i++)
      theta = theta.with(passed.get(i).name(), values[i]);
    return theta;
  }

  /** Of the gradient by all parameters, those passed. */
  double[] select(double[] gradient) {
    return passed.stream().mapToDouble(parameter -> gradient[fixed.index(parameter.name())]).toArray();
  }

  /** The name of a parameter's site: its key with underscores, as CmdStan and ArviZ like it. */
  public static String siteName(Parameter parameter) {
    return parameter.name().replace('-', '_');
  }
}
