package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.Scalar;

/**
 * A distribution of one number, with a smooth one-to-one map from the whole real line onto its support. Parameters may lie
 * on a tape. All functions are StrictMath's or Commons Math's own, so that every machine finds the same bits.
 */
public sealed interface ScalarDistribution extends Distribution permits Uniform, Normal, TruncatedNormal, LogNormal {

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

  /** The job file's form, which {@link DistributionParser} reads back. */
  String text();
}
