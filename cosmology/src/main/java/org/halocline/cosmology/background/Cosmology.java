package org.halocline.cosmology.background;

/**
 * One point θ. Any numbers are allowed here, since a sampler may propose any; {@link ParameterSpace} says where
 * the model makes sense.
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

  /** From the eight values in the order of {@link Parameter}. */
  public static Cosmology of(double[] values) {
    if (values.length != Parameter.COUNT) {
      throw new IllegalArgumentException(values.length + " values for " + Parameter.COUNT + " parameters");
    }
    return new Cosmology(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
  }

  public double value(Parameter parameter) {
    return switch (parameter) {
      case OMEGA_M -> omegaM;
      case OMEGA_B -> omegaB;
      case H -> h;
      case N_S -> nS;
      case SIGMA8 -> sigma8;
      case W0 -> w0;
      case WA -> wa;
      case OMEGA_K -> omegaK;
    };
  }

  /** This point with one value replaced. */
  public Cosmology with(Parameter parameter, double value) {
    double[] values = toArray();
    values[parameter.ordinal()] = value;
    return of(values);
  }

  /** A new array of the eight values in the order of {@link Parameter}. */
  public double[] toArray() {
    return new double[]{omegaM, omegaB, h, nS, sigma8, w0, wa, omegaK};
  }
}
