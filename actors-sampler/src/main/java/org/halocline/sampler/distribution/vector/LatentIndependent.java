package org.halocline.sampler.distribution.vector;

import java.util.List;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/** Independent numbers, each with a distribution and a map of its own. */
public record LatentIndependent(List<ScalarDistribution> parts) implements Latent<Vector> {

  public LatentIndependent {
    parts = List.copyOf(parts);
  }

  @Override
  public Class<Vector> type() {
    return Vector.class;
  }

  @Override
  public Scalar misfit(Vector value, Tape tape) {
    return Independent.misfit(parts, value, tape);
  }

  @Override
  public Vector sample(Coordinates coordinates) {
    return Vector.of(parts.stream().map(coordinates::number).toList());
  }

  @Override
  public LatentIndependent centred(double share) {
    return new LatentIndependent(parts.stream().map(part -> part.centred(share)).toList());
  }
}
