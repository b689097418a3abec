package org.halocline.sampler.distribution.field;

import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;

/** A field of independent N(0, 1) numbers, one a cell of the mesh. Samplers solve this prior exactly. */
public record WhiteNoise(Mesh mesh) implements Latent<Sharded> {

  @Override
  public Class<Sharded> type() {
    return Sharded.class;
  }

  /** ½ Σ field², without derivatives, because samplers solve this term exactly. */
  @Override
  public Scalar misfit(Sharded field, Tape tape) {
    RankScope scope = tape.scope();
    ExactSum sum = new ExactSum();
    scope.kernels().vectors().dot(field.field(), field.field(), mesh.nz(), 1, sum);
    scope.collectives().sum(sum);
    return Scalar.constant(0.5 * sum.value());
  }

  @Override
  public double normalisation(Tape tape) {
    return mesh.size() * Normal.HALF_LOG_TWO_PI;
  }

  @Override
  public Sharded sample(Coordinates coordinates) {
    return coordinates.noise(mesh);
  }
}
