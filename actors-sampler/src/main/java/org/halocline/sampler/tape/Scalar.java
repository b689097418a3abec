package org.halocline.sampler.tape;

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

  public Scalar pow(double exponent) {
    return unary(StrictMath.pow(value, exponent), exponent * StrictMath.pow(value, exponent - 1));
  }

  public Scalar pow(Scalar exponent) {
    double power = StrictMath.pow(value, exponent.value);
    return binary(power, exponent, exponent.value * StrictMath.pow(value, exponent.value - 1),
        power * StrictMath.log(value));
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
