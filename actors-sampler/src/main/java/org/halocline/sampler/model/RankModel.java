package org.halocline.sampler.model;

import java.io.IOException;
import org.halocline.cosmology.kernel.Field;
import org.halocline.sampler.ppl.Model;

/**
 * A model on one rank of one chain: a probabilistic program, and what it writes when it is simulated. Every rank makes
 * the same calls. Where the model has no density, and where it cannot be simulated, an
 * {@link org.halocline.sampler.tape.OutsideSupportException} says why. Used by the chain's own thread only.
 */
public interface RankModel extends Model, AutoCloseable {

  /** Hears how far passes are. */
  void listen(PassListener listener);

  /** Fills this rank's block of a latent field with the job's own values. */
  void reference(String site, Field.Floats into) throws IOException;

  /** The job's own point: where on the real lines of the latent numbers gradients are taken. */
  default double[] point(int numbers) {
    return new double[numbers];
  }

  /** One forward pass at the job's own point. */
  void simulate() throws IOException;

  /** Writes what the last {@link #simulate} made: the files that {@link ModelPlan#products} names. */
  void write(Results results) throws IOException;

  @Override
  void close();
}
