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

  /** As papers write it, for axes. */
  public static String latex(Parameter parameter) {
    return switch (parameter) {
      case OMEGA_M -> "\\Omega_\\mathrm{m}";
      case OMEGA_B -> "\\Omega_\\mathrm{b}";
      case H -> "h";
      case N_S -> "n_\\mathrm{s}";
      case SIGMA8 -> "\\sigma_8";
      case W0 -> "w_0";
      case WA -> "w_a";
      case OMEGA_K -> "\\Omega_k";
    };
  }
}
