package org.halocline.sampler.ppl;

import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.GatheredNormal;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.ShardedNormal;
import org.halocline.sampler.distribution.WhiteNoise;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;

/** The log density of a site at its value, normalised, the same bits on every rank. */
final class Densities {
  private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;

  private Densities() {}

  static Scalar of(Distribution distribution, Value value, Tape tape, RankScope scope) {
    return switch (distribution) {
      case ScalarDistribution scalar -> scalar.logDensity((Scalar) value);
      case WhiteNoise noise ->
        Scalar.constant(-tape.halfSquare((Sharded) value) - noise.mesh().size() * HALF_LOG_TWO_PI);
      case GatheredNormal normal -> {
        double count = onFirst(normal.mean().values().length, scope);
        yield tape.misfit(normal.mean(), (Gathered) value, normal.sigma()).negate()
            .minus(count * (StrictMath.log(normal.sigma()) + HALF_LOG_TWO_PI));
      }
      case ShardedNormal normal -> tape.misfit(normal.mean(), (Sharded) value, normal.sigma()).negate()
          .minus(scope.decomposition().mesh().size() * (StrictMath.log(normal.sigma()) + HALF_LOG_TWO_PI));
    };
  }

  private static double onFirst(int length, RankScope scope) {
    ExactSum sum = new ExactSum();
    sum.add(length);
    scope.collectives().sum(sum);
    return sum.value();
  }
}
