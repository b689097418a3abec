package org.halocline.sampler.support;

import java.util.List;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** The linear operation a·z + θ, with a bound on θ beyond which there is no density. */
public final class Shift implements Operation {
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
  public List<Value> forward(Values inputs) {
    double shift = inputs.number(0);
    if (!(Math.abs(shift) <= bound))
      throw new OutsideSupportException("shift = " + shift + ", must be within ±" + bound);
    Vectors vectors = scope.kernels().vectors();
    vectors.fill(result, (float) shift);
    vectors.add(factor, inputs.field(1), result);
    return List.of(Sharded.constant(result, scope.decomposition()));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    Field.Floats cotangent = pullback.ofField(0);
    Field.Floats gradient = pullback.toField(1);
    Vectors vectors = scope.kernels().vectors();
    vectors.fill(gradient, 0);
    vectors.add(factor, cotangent, gradient);
    ExactSum sum = new ExactSum();
    vectors.dot(cotangent, ones, scope.block().nz(), 1, sum);
    scope.collectives().sum(sum);
    pullback.toNumber(0, sum.value());
  }
}
