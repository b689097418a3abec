package org.halocline.cosmology.core.pointwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Elementary}, several numbers at a time: the same operations in the same order.
 *
 * <p>
 * The compiler inlines calls of ours only while a loop's code is small, those of the JDK always; a vector that a call
 * returns costs an object. So what is called here comes first and the JDK's operations last, and a logarithm and an
 * exponential are not in one loop.
 */
final class VectorElementary {
  private VectorElementary() {}

  private static DoubleVector clamp(DoubleVector x) {
    DoubleVector below = x.blend(Elementary.FARTHEST, x.compare(GT, Elementary.FARTHEST));
    return below.blend(-Elementary.FARTHEST, below.compare(LT, -Elementary.FARTHEST));
  }

  private static DoubleVector small(DoubleVector r) {
    DoubleVector sum = r.mul(Elementary.E11).add(Elementary.E10);
    sum = sum.mul(r).add(Elementary.E9);
    sum = sum.mul(r).add(Elementary.E8);
    sum = sum.mul(r).add(Elementary.E7);
    sum = sum.mul(r).add(Elementary.E6);
    sum = sum.mul(r).add(Elementary.E5);
    sum = sum.mul(r).add(Elementary.E4);
    sum = sum.mul(r).add(Elementary.E3);
    sum = sum.mul(r).add(Elementary.E2);
    return r.mul(r).mul(sum).add(r);
  }

  private static DoubleVector power(DoubleVector rounded) {
    LongVector biased = rounded.reinterpretAsLongs().add(Elementary.BIAS);
    return biased.lanewise(LSHL, Elementary.MANTISSA).reinterpretAsDoubles();
  }

  private static DoubleVector rest(DoubleVector clamped, DoubleVector rounded) {
    DoubleVector k = rounded.sub(Elementary.ROUND);
    return clamped.sub(k.mul(Elementary.LN2_HIGH)).sub(k.mul(Elementary.LN2_LOW));
  }

  static DoubleVector exp(DoubleVector x) {
    DoubleVector clamped = clamp(x);
    DoubleVector rounded = clamped.mul(Elementary.PER_LN2).add(Elementary.ROUND);
    DoubleVector scale = power(rounded);
    return scale.mul(small(rest(clamped, rounded))).add(scale);
  }

  private static DoubleVector expm1(DoubleVector x) {
    DoubleVector clamped = clamp(x);
    DoubleVector rounded = clamped.mul(Elementary.PER_LN2).add(Elementary.ROUND);
    DoubleVector scale = power(rounded);
    return scale.mul(small(rest(clamped, rounded))).add(scale.sub(1));
  }

  private static VectorMask<Double> normal(DoubleVector x) {
    return x.compare(GT, 0.0).and(x.compare(LT, Double.POSITIVE_INFINITY));
  }

  /** The logarithm of what is not normal. */
  private static DoubleVector atEnds(DoubleVector x) {
    DoubleVector negative = DoubleVector.broadcast(x.species(), Double.NaN);
    return negative.blend(x, x.compare(GT, 0.0)).blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0.0));
  }

  static DoubleVector log(DoubleVector x) {
    VectorMask<Double> normal = normal(x);
    DoubleVector ends = atEnds(x);
    LongVector bits = x.reinterpretAsLongs();
    LongVector exponent = bits.add(Elementary.HALF_ROOT_TO_ONE).lanewise(LSHR, Elementary.MANTISSA);
    DoubleVector k = exponent.or(Elementary.WHOLE).reinterpretAsDoubles().sub(Elementary.WHOLE_BIASED);
    DoubleVector m = bits.sub(exponent.lanewise(LSHL, Elementary.MANTISSA)).add(Elementary.ONE).reinterpretAsDoubles();
    DoubleVector f = m.sub(1);
    DoubleVector s = f.div(f.add(2));
    DoubleVector z = s.mul(s);
    DoubleVector sum = z.mul(Elementary.L9).add(Elementary.L8);
    sum = sum.mul(z).add(Elementary.L7);
    sum = sum.mul(z).add(Elementary.L6);
    sum = sum.mul(z).add(Elementary.L5);
    sum = sum.mul(z).add(Elementary.L4);
    sum = sum.mul(z).add(Elementary.L3);
    sum = sum.mul(z).add(Elementary.L2);
    sum = sum.mul(z).add(Elementary.L1);
    DoubleVector twice = s.mul(2);
    DoubleVector value = k.mul(Elementary.LN2_HIGH)
        .add(k.mul(Elementary.LN2_LOW).add(twice.add(twice.mul(z).mul(sum))));
    return ends.blend(value, normal);
  }

  static DoubleVector log1p(DoubleVector x) {
    DoubleVector sum = x.add(1);
    VectorMask<Double> normal = normal(sum);
    DoubleVector value = log(sum);
    DoubleVector lost = x.sub(sum.sub(1));
    return value.blend(value.add(lost.div(sum)), normal);
  }

  static DoubleVector tanh(DoubleVector x) {
    DoubleVector size = x.abs();
    DoubleVector minus = expm1(size.blend(Elementary.TANH_FARTHEST, size.compare(GT, Elementary.TANH_FARTHEST)).mul(2));
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return minus.div(minus.add(2)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
  }

  static DoubleVector tanhSlope(DoubleVector x) {
    DoubleVector e = exp(x.abs().mul(-2));
    DoubleVector sum = e.add(1);
    return e.mul(4).div(sum.mul(sum));
  }

  static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector sum = exp(x.neg()).add(1);
    return DoubleVector.broadcast(x.species(), 1).div(sum);
  }

  static DoubleVector sigmoidSlope(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    DoubleVector sum = e.add(1);
    return e.div(sum.mul(sum));
  }

  /** x^a from ln |x|. */
  static DoubleVector power(DoubleVector x, DoubleVector logarithm, double exponent, double negativeSign) {
    DoubleVector value = exp(logarithm.mul(exponent));
    double negative = negativeSign == 0 ? Double.NaN : negativeSign;
    return value.blend(value.mul(negative), x.compare(LT, 0.0));
  }
}
