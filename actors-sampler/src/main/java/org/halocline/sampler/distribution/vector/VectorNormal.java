package org.halocline.sampler.distribution.vector;

import java.util.ArrayList;
import java.util.List;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/** Independent normal numbers, each with a mean and a standard deviation of its own; mapped as {@link Normal}. */
public record VectorNormal(Vector mean, Vector sd) implements Latent<Vector> {

  public VectorNormal {
    if (mean.size() != sd.size())
      throw new IllegalArgumentException("normal has " + mean.size() + " means but " + sd.size()
          + " standard deviations");
    for (int i = 0; i < mean.size(); i++) {
      ParameterCheck.finite("normal", "mean", mean.get(i));
      ParameterCheck.positive("normal", "standard deviation", sd.get(i));
    }
  }

  @Override
  public Class<Vector> type() {
    return Vector.class;
  }

  /** ½ Σ (x − mean)²/sd², with Σ log sd if the standard deviations lie on a tape. */
  @Override
  public Scalar misfit(Vector value, Tape tape) {
    Scalar half = value.minus(mean).dividedBy(sd).square().sum().times(0.5);
    return sd.isConstant() ? half : half.plus(sd.log().sum());
  }

  @Override
  public double normalisation(Tape tape) {
    double norm = sd.size() * Normal.HALF_LOG_TWO_PI;
    return sd.isConstant() ? norm + sd.log().sum().value() : norm;
  }

  @Override
  public Vector sample(Coordinates coordinates) {
    return parts().sample(coordinates);
  }

  @Override
  public Latent<Vector> centred(double share) {
    return parts().centred(share);
  }

  private LatentIndependent parts() {
    List<ScalarDistribution> parts = new ArrayList<>();
    for (int i = 0; i < mean.size(); i++)
      parts.add(new Normal(mean.get(i), sd.get(i)));
    return new LatentIndependent(parts);
  }
}
