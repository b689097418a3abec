package org.halocline.sampler.tape;

import org.apache.commons.math3.special.Gamma;

/**
 * A replicated number with its place on a tape; every rank holds the same bits. Arithmetic records itself on the tape
 * of its operands, and on none if all of them are constants. All functions are StrictMath's. Used by the chain's own
 * thread only.
 */
public final class Scalar implements Value {
  private final Tape tape;
  private final double value;
  double cotangent;

  Scalar(Tape tape, double value) {
    this.tape = tape;
    this.value = value;
  }

  /** A number without derivatives. */
  public static Scalar constant(double value) {
    return new Scalar(Tape.NONE, value);
  }

  Tape tape() {
    return tape;
  }

  public double value() {
    return value;
  }

  /** Whether nothing on a tape depends on it. */
  public boolean isConstant() {
    return tape == Tape.NONE;
  }

  /** The derivative of the root by this number, after {@link Tape#reverse}. */
  public double cotangent() {
    return cotangent;
  }

  /** Adds to the cotangent; a constant, which several ranks may share, has none. */
  void add(double more) {
    if (tape != Tape.NONE)
      cotangent += more;
  }

  public Scalar plus(Scalar other) {
    return binary(value + other.value, other, 1, 1);
  }

  public Scalar plus(double other) {
    return unary(value + other, 1);
  }

  public Scalar minus(Scalar other) {
    return binary(value - other.value, other, 1, -1);
  }

  public Scalar minus(double other) {
    return unary(value - other, 1);
  }

  public Scalar times(Scalar other) {
    return binary(value * other.value, other, other.value, value);
  }

  public Scalar times(double other) {
    return unary(value * other, other);
  }

  public Scalar dividedBy(Scalar other) {
    double quotient = value / other.value;
    return binary(quotient, other, 1 / other.value, -quotient / other.value);
  }

  public Scalar dividedBy(double other) {
    return unary(value / other, 1 / other);
  }

  public Scalar negate() {
    return unary(-value, -1);
  }

  public Scalar square() {
    return unary(value * value, 2 * value);
  }

  public Scalar sqrt() {
    double root = Math.sqrt(value);
    return unary(root, 0.5 / root);
  }

  public Scalar exp() {
    double e = StrictMath.exp(value);
    return unary(e, e);
  }

  public Scalar log() {
    return unary(StrictMath.log(value), 1 / value);
  }

  /** log(1 + x). */
  public Scalar log1p() {
    return unary(StrictMath.log1p(value), 1 / (1 + value));
  }

  public Scalar pow(double exponent) {
    return unary(StrictMath.pow(value, exponent), powerSlope(value, exponent));
  }

  public Scalar pow(Scalar exponent) {
    return binary(StrictMath.pow(value, exponent.value), exponent, powerSlope(value, exponent.value),
        exponentSlope(value, exponent.value));
  }

  public Scalar tanh() {
    return unary(StrictMath.tanh(value), tanhSlope(value));
  }

  /** |x|; its derivative at 0 is taken as 0. */
  public Scalar abs() {
    return unary(Math.abs(value), Math.signum(value));
  }

  /** The larger of two; of equals the derivative goes to this one. */
  public Scalar max(Scalar other) {
    boolean own = value >= other.value;
    return binary(Math.max(value, other.value), other, own ? 1 : 0, own ? 0 : 1);
  }

  public Scalar max(double other) {
    return unary(Math.max(value, other), value >= other ? 1 : 0);
  }

  /** log Γ(x) of x > 0; NaN elsewhere. */
  public Scalar logGamma() {
    return unary(Gamma.logGamma(value), digamma(value));
  }

  /** 1/(1 + e^−x), without overflow. */
  public Scalar sigmoid() {
    double s = sigmoid(value);
    return unary(s, s * sigmoid(-value));
  }

  /** log of {@link #sigmoid()}, accurate in both tails. */
  public Scalar logSigmoid() {
    return unary(logSigmoid(value), sigmoid(-value));
  }

  /** A function of this number, given its value and its derivative. */
  public Scalar function(double result, double slope) {
    return unary(result, slope);
  }

  /** A function of this and another number, given its value and its two partial derivatives. */
  public Scalar function(double result, Scalar other, double byThis, double byOther) {
    return binary(result, other, byThis, byOther);
  }

  /** 1/(1 + e^−x). */
  public static double sigmoid(double x) {
    if (x >= 0)
      return 1 / (1 + StrictMath.exp(-x));
    double e = StrictMath.exp(x);
    return e / (1 + e);
  }

  /** −log(1 + e^−x). */
  public static double logSigmoid(double x) {
    return x >= 0 ? -StrictMath.log1p(StrictMath.exp(-x)) : x - StrictMath.log1p(StrictMath.exp(x));
  }

  /**
   * ψ(x) = d log Γ/dx of x > 0; NaN elsewhere. By ψ(x) = ψ(x + 1) − 1/x and Stirling's series (Abramowitz and Stegun
   * 6.3.5, 6.3.18); that of Commons Math errs by 3e-9.
   */
  public static double digamma(double x) {
    if (!(x > 0))
      return Double.NaN;
    double sum = 0;
    double y = x;
    for (; y < 10; y++)
      sum -= 1 / y;
    double inverse = 1 / (y * y);
    double series = inverse * (1.0 / 12 - inverse * (1.0 / 120 - inverse * (1.0 / 252 - inverse * (1.0 / 240
        - inverse * (1.0 / 132 - inverse * (691.0 / 32760 - inverse / 12))))));
    return sum + StrictMath.log(y) - 0.5 / y - series;
  }

  /** ∂(xᵉ)/∂x. */
  static double powerSlope(double x, double exponent) {
    return exponent == 0 ? 0 : exponent * StrictMath.pow(x, exponent - 1);
  }

  /** ∂(xᵉ)/∂e; at x = 0 its limit from above, where that is finite. */
  static double exponentSlope(double x, double exponent) {
    return x == 0 && exponent > 0 ? 0 : StrictMath.pow(x, exponent) * StrictMath.log(x);
  }

  /** 1 − tanh² x, accurate in the tails. */
  static double tanhSlope(double x) {
    return 4 * sigmoid(2 * x) * sigmoid(-2 * x);
  }

  private Scalar unary(double result, double partial) {
    return tape.node(result, new Scalar[]{this}, new double[]{partial});
  }

  private Scalar binary(double result, Scalar other, double byThis, double byOther) {
    Tape common = tape == Tape.NONE ? other.tape : tape;
    return common.node(result, new Scalar[]{this, other}, new double[]{byThis, byOther});
  }

  @Override
  public String toString() {
    return Double.toString(value);
  }
}
