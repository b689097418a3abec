package org.halocline.sampler.distribution.vector;

import java.util.Collections;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/**
 * N(mean, L Lᵀ); mapped by x = mean + L u.
 *
 * @param factor L
 */
public record MultivariateNormal(Vector mean, LowerTriangle factor) implements Latent<Vector> {

  public MultivariateNormal {
    if (mean.size() != factor.rows())
      throw new IllegalArgumentException("multivariate-normal has " + mean.size() + " means but a covariance of "
          + factor.rows() + " rows");
  }

  @Override
  public Class<Vector> type() {
    return Vector.class;
  }

  /** ½ |L⁻¹ (x − mean)|², with log det L if the factor lies on a tape. */
  @Override
  public Scalar misfit(Vector value, Tape tape) {
    Scalar half = factor.solve(value.minus(mean)).square().sum().times(0.5);
    return factor.packed().isConstant() ? half : half.plus(factor.logDeterminant());
  }

  @Override
  public double normalisation(Tape tape) {
    double norm = mean.size() * Normal.HALF_LOG_TWO_PI;
    return factor.packed().isConstant() ? norm + factor.logDeterminant().value() : norm;
  }

  @Override
  public Vector sample(Coordinates coordinates) {
    Vector u = new LatentIndependent(Collections.nCopies(mean.size(), new Normal(0, 1))).sample(coordinates);
    return mean.plus(factor.times(u));
  }
}
