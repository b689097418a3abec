package org.halocline.sampler.distribution.field;

import java.util.List;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** Independent normal numbers about an array on rank 0. */
public record GatheredNormal(Gathered mean, double sigma) implements Distribution<Gathered> {

  public GatheredNormal {
    Normal.checkNoise(sigma);
  }

  @Override
  public Class<Gathered> type() {
    return Gathered.class;
  }

  /** ½ Σ (mean − data)²/σ². */
  @Override
  public Scalar misfit(Gathered data, Tape tape) {
    return tape.apply(new HalfChiSquare(tape.scope(), data.values(), sigma), mean).scalar(0);
  }

  @Override
  public double normalisation(Tape tape) {
    ExactSum count = new ExactSum();
    count.add(mean.values().length);
    tape.scope().collectives().sum(count);
    return count.value() * (StrictMath.log(sigma) + Normal.HALF_LOG_TWO_PI);
  }

  private record HalfChiSquare(RankScope scope, double[] data, double sigma) implements Operation {

    @Override
    public List<Value> forward(Values inputs) {
      double[] mean = inputs.array(0);
      if (mean.length != data.length)
        throw new IllegalArgumentException(
            "the model predicts " + mean.length + " numbers but " + data.length + " were observed");
      ExactSum sum = new ExactSum();
      double weight = weight();
      for (int i = 0; i < mean.length; i++) {
        double residual = mean[i] - data[i];
        sum.add(residual * residual * weight);
      }
      scope.collectives().sum(sum);
      return List.of(Scalar.constant(0.5 * sum.value()));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      double[] mean = inputs.array(0);
      double[] cotangent = pullback.toArray(0);
      double byResidual = pullback.ofNumber(0) * weight();
      for (int i = 0; i < cotangent.length; i++)
        cotangent[i] += byResidual * (mean[i] - data[i]);
    }

    private double weight() {
      return 1 / (sigma * sigma);
    }
  }
}
