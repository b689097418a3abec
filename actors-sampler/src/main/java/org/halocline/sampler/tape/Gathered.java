package org.halocline.sampler.tape;

/**
 * A small array that lives on rank 0, such as a convergence map or lens planes; on other ranks its length is 0. Used by
 * the chain's own thread only.
 */
public final class Gathered implements Value {
  private final double[] values;
  private final double[] cotangent;
  private final boolean wanted;

  private Gathered(double[] values, double[] cotangent, boolean wanted) {
    this.values = values;
    this.cotangent = cotangent;
    this.wanted = wanted;
  }

  /** An array without derivatives: data, or what an operation hands to the tape. */
  public static Gathered constant(double[] values) {
    return new Gathered(values, new double[0], false);
  }

  Gathered asResult() {
    return new Gathered(values, new double[values.length], true);
  }

  /** The values on rank 0; length 0 elsewhere. Not to be changed. */
  public double[] values() {
    return values;
  }

  /** Whether anything wants the derivative by the array; the same on every rank. */
  boolean wanted() {
    return wanted;
  }

  double[] cotangent() {
    return cotangent;
  }
}
