package org.halocline.sampler.distribution;

import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;

/**
 * A distribution that can be sampled: its value is made of numbers of the real line and of white noise, which a sampler
 * moves and a draw finds. A prior of another field is a map of white noise.
 */
public interface Latent<V extends Value> extends Distribution<V> {

  /** The value that belongs to the next coordinates. Asks for the same ones on every call. */
  V sample(Coordinates coordinates);

  /** A value that is drawn, given coordinates that draw each number of its prior alone. */
  default V draw(Coordinates coordinates) {
    return sample(coordinates);
  }

  /**
   * The same distribution by other coordinates, which suit data that tell much of each value.
   *
   * @param share of the way from coordinates that do not depend on the distribution's parameters, 0, to coordinates
   * that are the values themselves, 1
   * @throws IllegalArgumentException if the distribution has no such coordinates, or the share is not in [0, 1]
   */
  default Latent<V> centred(double share) {
    throw new IllegalArgumentException(getClass().getSimpleName() + " has no centred coordinates");
  }

  /** Where the coordinates of latent sites come from: a sampler's state, a draw, or the middle of the priors. */
  interface Coordinates {

    /** A number with this prior; its density and the Jacobian of its map are counted. */
    Scalar number(ScalarDistribution prior);

    /** A field of independent N(0, 1) numbers, one a cell. Samplers solve this prior exactly. */
    Sharded noise(Mesh mesh);
  }
}
