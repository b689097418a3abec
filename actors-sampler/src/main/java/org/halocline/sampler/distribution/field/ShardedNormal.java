package org.halocline.sampler.distribution.field;

import java.util.List;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** Independent normal numbers about a field that an operation made; observing them overwrites the field. */
public record ShardedNormal(Sharded mean, double sigma) implements Distribution<Sharded> {

  public ShardedNormal {
    Normal.checkNoise(sigma);
  }

  @Override
  public Class<Sharded> type() {
    return Sharded.class;
  }

  /** ½ Σ (mean − data)²/σ². */
  @Override
  public Scalar misfit(Sharded data, Tape tape) {
    return tape.apply(new HalfChiSquare(tape.scope(), data.field(), sigma), mean).scalar(0);
  }

  @Override
  public double normalisation(Tape tape) {
    return mean.decomposition().mesh().size() * (StrictMath.log(sigma) + Normal.HALF_LOG_TWO_PI);
  }

  private record HalfChiSquare(RankScope scope, Field.Floats data, double sigma) implements Operation {

    @Override
    public boolean overwrites(int input) {
      return true;
    }

    /** Leaves (mean − data)/σ², the cotangent of ½χ², in the mean's place. */
    @Override
    public List<Value> forward(Values inputs) {
      Sharded mean = inputs.sharded(0);
      ExactSum sum = new ExactSum();
      scope.kernels().vectors().residual(mean.field(), data, sigma, mean.decomposition().mesh().nz(), sum);
      scope.collectives().sum(sum);
      return List.of(Scalar.constant(0.5 * sum.value()));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      double cotangent = pullback.ofNumber(0);
      if (cotangent != 1)
        scope.kernels().vectors().scale((float) cotangent, pullback.toField(0));
      else
        pullback.toField(0);
    }
  }
}
