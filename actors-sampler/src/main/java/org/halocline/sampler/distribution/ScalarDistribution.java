package org.halocline.sampler.distribution;

import java.util.Optional;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;

/**
 * A distribution of one number, with a smooth one-to-one map from the whole real line onto its support. Parameters may
 * lie on a tape. All functions are StrictMath's or Commons Math's own, so that every machine finds the same bits.
 */
public interface ScalarDistribution extends Latent<Scalar> {

  /** The number x(u) in the support that belongs to a point of the real line. */
  Scalar constrain(Scalar u);

  /** The point u of the real line that belongs to a number inside the support. */
  double unconstrain(double x);

  /** log p(x); −∞ outside the support. */
  Scalar logDensity(Scalar x);

  /** log p(x(u)) + log |dx/du|, accurate however far out u lies. */
  Scalar logDensityUnconstrained(Scalar u);

  /** A draw, as a point of the real line. */
  double drawUnconstrained(RandomNumbers numbers);

  /**
   * Where u = 0 lies on the natural scale of the numbers, which is x itself or what the map takes of it, such as log x.
   */
  default Scalar origin() {
    return Scalar.constant(0);
  }

  /** The size of a unit of u on the natural scale. */
  default Scalar unit() {
    return Scalar.constant(1);
  }

  /**
   * The coordinate of the distribution as it is does not depend on its place and width, as x = mean + sd·u: it is
   * non-centred. That of share 1 lies on the natural scale.
   */
  @Override
  default ScalarDistribution centred(double share) {
    return new Centred(this, share);
  }

  /** The job file's form, which the parser of priors reads back. */
  String text();

  /** The two hard ends of the support; empty if it has none. */
  default Optional<double[]> bounds() {
    return Optional.empty();
  }

  /** Two numbers between which practically all of its mass lies: the hard ends, or three standard deviations. */
  double[] ends();

  /** What to know of its numbers, for messages; empty if they need no words. */
  default String advice() {
    return "";
  }

  @Override
  default Class<Scalar> type() {
    return Scalar.class;
  }

  @Override
  default Scalar misfit(Scalar value, Tape tape) {
    return logDensity(value).negate();
  }

  @Override
  default Scalar sample(Coordinates coordinates) {
    return coordinates.number(this);
  }
}
