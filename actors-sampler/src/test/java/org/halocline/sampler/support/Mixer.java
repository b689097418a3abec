package org.halocline.sampler.support;

import java.util.List;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/**
 * Two fields a, b and a number s go in; the field 2a − b + s and the number Σ a·w + 3s come out, with fixed weights w.
 */
public final class Mixer implements Operation {
  private final RankScope scope;
  private final Decomposition decomposition;
  private final Field.Floats result;
  private final Field.Floats weights;
  private final Field.Floats ones;

  public Mixer(RankScope scope, Field.Floats weights) {
    this.scope = scope;
    this.decomposition = scope.decomposition();
    this.weights = weights;
    this.result = scope.kernels().memory().floats(weights.size());
    this.ones = scope.kernels().memory().floats(weights.size());
    scope.kernels().vectors().fill(ones, 1);
  }

  @Override
  public List<Value> forward(Values inputs) {
    Vectors vectors = scope.kernels().vectors();
    vectors.fill(result, (float) inputs.number(2));
    vectors.add(2, inputs.field(0), result);
    vectors.add(-1, inputs.field(1), result);
    return List.of(Sharded.constant(result, decomposition),
        Scalar.constant(dot(inputs.field(0), weights) + 3 * inputs.number(2)));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    Vectors vectors = scope.kernels().vectors();
    Field.Floats byResult = pullback.ofField(0);
    Field.Floats byA = pullback.toField(0);
    Field.Floats byB = pullback.toField(1);
    vectors.fill(byA, 0);
    vectors.add(2, byResult, byA);
    vectors.add((float) pullback.ofNumber(1), weights, byA);
    vectors.fill(byB, 0);
    vectors.add(-1, byResult, byB);
    pullback.toNumber(2, dot(byResult, ones) + 3 * pullback.ofNumber(1));
  }

  private double dot(Field.Floats a, Field.Floats b) {
    ExactSum sum = new ExactSum();
    scope.kernels().vectors().dot(a, b, scope.block().nz(), 1, sum);
    scope.collectives().sum(sum);
    return sum.value();
  }
}
