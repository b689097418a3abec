package org.halocline.sampler.support;

import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.ShardedOperation;

/** The linear operation a·z + θ, with a bound on θ beyond which there is no density. */
public final class Shift implements ShardedOperation {
  private final RankScope scope;
  private final float factor;
  private final double bound;
  private final Field.Floats result;
  private final Field.Floats ones;

  public Shift(RankScope scope, double factor, double bound) {
    this.scope = scope;
    this.factor = (float) factor;
    this.bound = bound;
    this.result = scope.kernels().memory().floats(scope.block().size());
    this.ones = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().fill(ones, 1);
  }

  @Override
  public Field.Floats forward(double[] scalars, Field.Floats field) {
    if (!(Math.abs(scalars[0]) <= bound))
      throw new OutsideSupportException("shift = " + scalars[0] + ", must be within ±" + bound);
    Vectors vectors = scope.kernels().vectors();
    vectors.fill(result, (float) scalars[0]);
    vectors.add(factor, field, result);
    return result;
  }

  @Override
  public double[] reverse(Field.Floats cotangent, Field.Floats field, Field.Floats gradient) {
    Vectors vectors = scope.kernels().vectors();
    vectors.fill(gradient, 0);
    vectors.add(factor, cotangent, gradient);
    ExactSum sum = new ExactSum();
    vectors.dot(cotangent, ones, scope.block().nz(), 1, sum);
    scope.collectives().sum(sum);
    return new double[]{sum.value()};
  }
}
