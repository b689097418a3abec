package org.halocline.cosmology.background;

/** The cosmological parameters θ. The ordinal is the index in every gradient and Jacobian row. */
public enum Parameter {
  OMEGA_M("omega-m", 0.01, 1), OMEGA_B("omega-b", 0.001, 1), H("h", 0.2, 2), N_S("n-s", 0.3, 2), SIGMA8("sigma8", 0.05,
      3),
  W0("w0", -3, -0.2), WA("wa", -3, 3), OMEGA_K("omega-k", -0.5, 0.5);

  /** How many there are, the length of a gradient by θ. */
  public static final int COUNT = 8;

  private final String key;
  private final double least;
  private final double most;

  Parameter(String key, double least, double most) {
    this.key = key;
    this.least = least;
    this.most = most;
  }

  /** Key in a job file, under {@code cosmology}. */
  public String key() {
    return key;
  }

  /** The least value at which the model makes sense; it belongs to the range. */
  public double least() {
    return least;
  }

  /** The largest value at which the model makes sense; it belongs to the range. */
  public double most() {
    return most;
  }
}
