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

  /** Where the coordinates of latent sites come from: a sampler's state, a draw, or the middle of the priors. */
  interface Coordinates {

    /** A number with this prior; its density and the Jacobian of its map are counted. */
    Scalar number(ScalarDistribution prior);

    /** A field of independent N(0, 1) numbers, one a cell. Samplers solve this prior exactly. */
    Sharded noise(Mesh mesh);
  }
}
