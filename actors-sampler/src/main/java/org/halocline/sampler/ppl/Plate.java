package org.halocline.sampler.ppl;

import java.util.Collections;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.vector.Independent;
import org.halocline.sampler.distribution.vector.LatentIndependent;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Vector;

/**
 * A number of independent copies, such as the schools of a survey: a site of one number's distribution is a vector of
 * as many copies here, and a site of vectors must be of the plate's size. All copies are used at every evaluation, so
 * nothing is scaled; a part of a large data set with its density scaled up is not offered.
 */
public final class Plate {
  private final Program program;
  private final String name;
  private final int size;

  Plate(Program program, String name, int size) {
    if (size < 1)
      throw new SiteException("the plate '" + name + "' needs a size of at least 1, but it is " + size);
    this.program = program;
    this.name = name;
    this.size = size;
  }

  public int size() {
    return size;
  }

  /** Copies of a random number. */
  public Vector sample(String site, ScalarDistribution distribution) {
    return program.sample(site, new LatentIndependent(Collections.nCopies(size, distribution)));
  }

  /**
   * A random vector with a number for each copy.
   *
   * @throws IllegalArgumentException if its size is not the plate's
   */
  public Vector sample(String site, Distribution<Vector> distribution) {
    Vector drawn = program.sample(site, distribution);
    fit(site, drawn.size());
    return drawn;
  }

  /**
   * Numbers that were measured, one of each copy.
   *
   * @param distribution of a number, or of the vector of all of them
   * @throws IllegalArgumentException if there are more or fewer than copies
   */
  public void observe(String site, Distribution<?> distribution, double[] data) {
    fit(site, data.length);
    program.observe(site, distribution.type() == Scalar.class ? copies(distribution) : distribution, data);
  }

  @SuppressWarnings("unchecked")
  private Independent copies(Distribution<?> distribution) {
    return new Independent(Collections.nCopies(size, (Distribution<Scalar>) distribution));
  }

  private void fit(String site, int numbers) {
    if (numbers != size)
      throw new SiteException("the site '" + site + "' has " + numbers + " numbers, but the plate '" + name
          + "' has " + size + " copies");
  }
}
