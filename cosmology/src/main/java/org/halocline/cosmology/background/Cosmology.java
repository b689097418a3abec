package org.halocline.cosmology.background;

import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.ParameterSpace.Breach;
import org.halocline.cosmology.theta.Theta;

/**
 * The cosmological parameters of one point θ, and their description.
 *
 * @param omegaM matter today, baryons included
 * @param omegaB baryons today
 * @param h H0 in 100 km/s/Mpc
 * @param nS slope of the primordial power
 * @param sigma8 rms of linear density today in spheres of 8 Mpc/h
 * @param w0 dark energy's equation of state, w = w0 + wa (1 − a)
 * @param wa see {@code w0}
 * @param omegaK curvature today; dark energy is 1 − omegaM − omegaK
 */
public record Cosmology(double omegaM, double omegaB, double h, double nS, double sigma8, double w0, double wa,
    double omegaK) {
  public static final Parameter OMEGA_M = parameter("omega-m", 0.01, 1, 0.3, "\\Omega_\\mathrm{m}");
  public static final Parameter OMEGA_B = parameter("omega-b", 0.001, 1, 0.0486, "\\Omega_\\mathrm{b}");
  public static final Parameter H = parameter("h", 0.2, 2, 0.6774, "h");
  public static final Parameter N_S = parameter("n-s", 0.3, 2, 0.9667, "n_\\mathrm{s}");
  public static final Parameter SIGMA8 = parameter("sigma8", 0.05, 3, 0.8, "\\sigma_8");
  public static final Parameter W0 = parameter("w0", -3, -0.2, -1, "w_0");
  public static final Parameter WA = parameter("wa", -3, 3, 0, "w_a");
  public static final Parameter OMEGA_K = parameter("omega-k", -0.5, 0.5, 0, "\\Omega_k");

  /** All of them, in the order in which jobs and results list them. */
  public static final List<Parameter> PARAMETERS = List.of(OMEGA_M, OMEGA_B, H, N_S, SIGMA8, W0, WA, OMEGA_K);

  private static final List<String> NAMES = PARAMETERS.stream().map(Parameter::name).toList();

  /** Where the model makes sense. */
  public static final ParameterSpace SPACE = new ParameterSpace(PARAMETERS,
      List.of(Cosmology::baryonsWithinMatter, Cosmology::darkEnergyNotNegative));

  private static Parameter parameter(String name, double least, double most, double usual, String latex) {
    return new Parameter("cosmology", name, least, most, usual, latex);
  }

  private static Optional<Breach> baryonsWithinMatter(Theta theta) {
    Cosmology c = of(theta);
    return c.omegaB > c.omegaM
        ? Optional.of(new Breach(OMEGA_B, c.omegaB,
            "at most omega-m = " + c.omegaM + ", which includes the baryons", "lower it, or raise omega-m"))
        : Optional.empty();
  }

  private static Optional<Breach> darkEnergyNotNegative(Theta theta) {
    Cosmology c = of(theta);
    return 1 - c.omegaM - c.omegaK < 0
        ? Optional.of(new Breach(OMEGA_K, c.omegaK,
            "at most " + (1 - c.omegaM) + ", since 1 − omega-m − omega-k is dark energy, which is not negative",
            "lower it, or lower omega-m"))
        : Optional.empty();
  }

  /** @throws IllegalArgumentException where θ lacks one of {@link #PARAMETERS} */
  public static Cosmology of(Theta theta) {
    return new Cosmology(theta.value(OMEGA_M.name()), theta.value(OMEGA_B.name()), theta.value(H.name()),
        theta.value(N_S.name()), theta.value(SIGMA8.name()), theta.value(W0.name()), theta.value(WA.name()),
        theta.value(OMEGA_K.name()));
  }

  /** The point of these parameters alone, in the order of {@link #PARAMETERS}. */
  public Theta theta() {
    return Theta.of(NAMES, omegaM, omegaB, h, nS, sigma8, w0, wa, omegaK);
  }
}
