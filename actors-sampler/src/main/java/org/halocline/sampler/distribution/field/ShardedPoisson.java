package org.halocline.sampler.distribution.field;

import java.util.List;
import org.apache.commons.math3.special.Gamma;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/**
 * Independent Poisson counts in the cells of a field, about positive rates. There is no density where a rate is not.
 */
public record ShardedPoisson(Sharded rate) implements Distribution<Sharded> {

  @Override
  public Class<Sharded> type() {
    return Sharded.class;
  }

  /** Σ (λ − n log λ) + Σ log n!. */
  @Override
  public Scalar misfit(Sharded counts, Tape tape) {
    rate.requireShapeOf(counts);
    RankScope scope = tape.scope();
    double factorials = scope.isDry() ? 0 : scope.remembered(counts, () -> logFactorials(counts, scope));
    return tape.apply(new Misfit(scope), rate, counts).scalar(0).plus(factorials);
  }

  private static double logFactorials(Sharded counts, RankScope scope) {
    float[] values = new float[counts.size()];
    scope.kernels().memory().read(counts.field(), 0, values, 0, values.length);
    ExactSum sum = new ExactSum();
    for (float count : values)
      if (count > 1)
        sum.add(Gamma.logGamma(count + 1.0));
    scope.collectives().sum(sum);
    return sum.value();
  }

  private record Misfit(RankScope scope) implements Operation {
    @Override
    public String name() {
      return "poisson";
    }

    @Override
    public Access access(int input) {
      return input == 0 ? Access.TURNS : Access.READS;
    }

    /** Leaves 1 − n/λ, the cotangent of the misfit, in the rate's place. */
    @Override
    public List<Value> forward(Values inputs) {
      Kernels kernels = scope.kernels();
      Floats rate = inputs.field(0);
      Floats counts = inputs.field(1);
      int nz = inputs.sharded(1).decomposition().mesh().nz();
      Floats spare = scope.take(rate.size());
      kernels.pointwise().apply(Pointwise.Function.LOG, 0, rate, spare);
      ExactSum sum = new ExactSum();
      kernels.pointwise().sum(rate, nz, 1, sum);
      kernels.vectors().dot(counts, spare, nz, -1, sum);
      kernels.pointwise().divide(counts, rate, spare);
      kernels.pointwise().affine(-1, spare, 1, rate);
      scope.giveBack(spare);
      scope.collectives().sum(sum);
      return List.of(Scalar.constant(scope.isDry() ? 1 : sum.value()));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      scope.kernels().vectors().scale((float) pullback.ofNumber(0), pullback.toField(0));
    }
  }
}
