package org.halocline.sampler.distribution.field;

import java.util.List;
import org.halocline.cosmology.kernel.ExactSum;
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

/** Independent normal numbers about a field. */
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
    mean.requireShapeOf(data);
    return tape.apply(new HalfChiSquare(tape.scope(), sigma), mean, data).scalar(0);
  }

  @Override
  public double normalisation(Tape tape) {
    return mean.decomposition().mesh().size() * (StrictMath.log(sigma) + Normal.HALF_LOG_TWO_PI);
  }

  private record HalfChiSquare(RankScope scope, double sigma) implements Operation {
    @Override
    public String name() {
      return "normal";
    }

    @Override
    public Access access(int input) {
      return input == 0 ? Access.TURNS : Access.READS;
    }

    /** Leaves (mean − data)/σ², the cotangent of ½χ², in the mean's place. */
    @Override
    public List<Value> forward(Values inputs) {
      ExactSum sum = new ExactSum();
      scope.kernels().vectors().residual(inputs.field(0), inputs.field(1), sigma,
          inputs.sharded(0).decomposition().mesh().nz(), sum);
      scope.collectives().sum(sum);
      return List.of(Scalar.constant(scope.isDry() ? 1 : 0.5 * sum.value()));
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
