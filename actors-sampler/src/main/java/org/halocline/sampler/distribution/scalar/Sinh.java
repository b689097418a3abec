package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.tape.Scalar;

/**
 * The map x = sinh u, which gives heavy tails a coordinate with exponential ones: near 0 it is the identity, far out x
 * grows as e^|u|/2.
 */
final class Sinh {
  private static final double LOG_TWO = StrictMath.log(2);
  /** From here on e^−2|u| is below a rounding error. */
  private static final double FAR = 20;

  private Sinh() {}

  static Scalar of(Scalar u) {
    return u.function(StrictMath.sinh(u.value()), StrictMath.cosh(u.value()));
  }

  /** The u of an x. */
  static double inverse(double x) {
    double size = Math.abs(x);
    double u = size > 1e100
        ? StrictMath.log(size) + LOG_TWO
        : StrictMath.log1p(size + size * size / (1 + Math.sqrt(1 + size * size)));
    return Math.copySign(u, x);
  }

  /** log cosh u = log |dx/du|. */
  static Scalar logJacobian(Scalar u) {
    double size = Math.abs(u.value());
    return u.function(size + StrictMath.log1p(StrictMath.exp(-2 * size)) - LOG_TWO, StrictMath.tanh(u.value()));
  }

  /** log(1 + sinh² u/n). */
  static Scalar logOnePlusSquare(Scalar u, Scalar n) {
    double size = Math.abs(u.value());
    if (size < FAR)
      return logOnePlusSquareOf(of(u), n);
    double log = 2 * (size - LOG_TWO) - StrictMath.log(n.value());
    double share = Scalar.sigmoid(log);
    return u.function(-Scalar.logSigmoid(-log), n, Math.copySign(2 * share, u.value()), -share / n.value());
  }

  /** log(1 + x²/n). */
  static Scalar logOnePlusSquareOf(Scalar x, Scalar n) {
    double size = Math.abs(x.value());
    if (size < 1e100) {
      double sum = n.value() + size * size;
      return x.function(StrictMath.log1p(size * size / n.value()), n, 2 * x.value() / sum,
          -size * size / (n.value() * sum));
    }
    return x.function(2 * StrictMath.log(size) - StrictMath.log(n.value()), n, 2 / x.value(), -1 / n.value());
  }
}
