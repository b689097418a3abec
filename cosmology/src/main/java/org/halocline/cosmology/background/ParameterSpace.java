package org.halocline.cosmology.background;

import java.util.ArrayList;
import java.util.List;

/**
 * Where θ may lie: the range of each parameter, and what the parameters must meet together. A job's settings and every
 * forward pass ask here, so that a point which {@code simulate} refuses has log density −∞ in a sampler. What depends on the
 * steps and on the box too is found by {@link Coefficients}.
 */
public final class ParameterSpace {
  private ParameterSpace() {}

  /**
   * One condition that a point breaks.
   *
   * @param parameter that is to blame, or one of several
   * @param bound what follows "must be"
   * @param joint whether other parameters take part in the condition
   * @param remedy what to do, for the parameter's key
   */
  public record Breach(Parameter parameter, double value, String bound, boolean joint, String remedy) {}

  /** Every condition that a point breaks; the joint ones only where each parameter is in its range. */
  public static List<Breach> breaches(Cosmology theta) {
    List<Breach> breaches = new ArrayList<>();
    for (Parameter parameter : Parameter.values()) {
      double value = theta.value(parameter);
      if (!(value >= parameter.least() && value <= parameter.most()))
        breaches.add(new Breach(parameter, value, "from " + parameter.least() + " to " + parameter.most(), false,
            "choose a value in that range"));
    }
    if (!breaches.isEmpty())
      return breaches;
    if (theta.omegaB() > theta.omegaM())
      breaches.add(new Breach(Parameter.OMEGA_B, theta.omegaB(),
          "at most omega-m = " + theta.omegaM() + ", which includes the baryons", true, "lower it, or raise omega-m"));
    if (1 - theta.omegaM() - theta.omegaK() < 0)
      breaches.add(new Breach(Parameter.OMEGA_K, theta.omegaK(),
          "at most " + (1 - theta.omegaM()) + ", since 1 − omega-m − omega-k is dark energy, which is not negative",
          true,
          "lower it, or lower omega-m"));
    return breaches;
  }

  /** @throws LimitException for the first condition that a point breaks */
  static void require(Cosmology theta) throws LimitException {
    for (Breach breach : breaches(theta))
      throw new LimitException(breach.parameter().key(), breach.value(), breach.bound(),
          "cosmology." + breach.parameter().key() + " (" + breach.remedy() + ")");
  }
}
