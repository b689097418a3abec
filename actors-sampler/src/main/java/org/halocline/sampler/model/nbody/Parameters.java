package org.halocline.sampler.model.nbody;

import java.util.List;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;

/**
 * Which parameters a program passes to the simulation, in which order; the others keep their values.
 *
 * @param fixed values of all parameters, used for those not passed
 */
record Parameters(List<Parameter> passed, Theta fixed) {

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
}
