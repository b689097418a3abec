package org.halocline.sampler.distribution.field;

import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;

/** Independent normal numbers about a field, with a noise of which the program infers the size. */
public record ShardedScaledNormal(Sharded mean, Scalar sigma) implements Distribution<Sharded> {

  public ShardedScaledNormal {
    if (sigma.isConstant())
      Normal.checkNoise(sigma.value());
  }

  @Override
  public Class<Sharded> type() {
    return Sharded.class;
  }

  /** ½ Σ (mean − data)²/σ² + N log σ. */
  @Override
  public Scalar misfit(Sharded data, Tape tape) {
    Sharded residual = mean.minus(data).dividedBy(sigma);
    return residual.dot(residual).times(0.5).plus(sigma.log().times((double) cells()));
  }

  @Override
  public double normalisation(Tape tape) {
    return cells() * Normal.HALF_LOG_TWO_PI;
  }

  private long cells() {
    return mean.decomposition().mesh().size();
  }
}
