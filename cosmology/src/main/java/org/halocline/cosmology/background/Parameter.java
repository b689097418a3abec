package org.halocline.cosmology.background;

/** The cosmological parameters θ. The ordinal is the index in every gradient and Jacobian row. */
public enum Parameter {
  OMEGA_M("omega-m"), OMEGA_B("omega-b"), H("h"), N_S("n-s"), SIGMA8("sigma8"), W0("w0"), WA("wa"), OMEGA_K("omega-k");

  /** How many there are, the length of a gradient by θ. */
  public static final int COUNT = 8;

  private final String key;

  Parameter(String key) {
    this.key = key;
  }

  /** Key in a job file, under {@code cosmology}. */
  public String key() {
    return key;
  }
}
