package org.halocline.sampler.tape;

/**
 * A small array that lives on rank 0, such as a convergence map or lens planes; on other ranks its length is 0. Used by
 * the chain's own thread only.
 */
public final class Gathered implements Value {
  private final double[] values;
  private final double[] cotangent;

  private Gathered(double[] values, double[] cotangent) {
    this.values = values;
    this.cotangent = cotangent;
  }

  /** An array without derivatives: data, or what an operation hands to the tape. */
  public static Gathered constant(double[] values) {
    return new Gathered(values, new double[0]);
  }

  Gathered asResult() {
    return new Gathered(values, new double[values.length]);
  }

  /** The values on rank 0; length 0 elsewhere. Not to be changed. */
  public double[] values() {
    return values;
  }

  double[] cotangent() {
    return cotangent;
  }
}
