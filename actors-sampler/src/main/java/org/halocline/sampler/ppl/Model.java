package org.halocline.sampler.ppl;

import org.halocline.sampler.tape.Lifetimes;

/**
 * A probabilistic program. It is run by every rank alike, many times, and must make the same calls in the same order
 * for the same values:
 *
 * <pre>
 * var omegaM = p.sample("omega_m", uniform(0.1, 0.5));
 * var z = p.sample("z", whiteNoise(mesh));
 * var kappa = p.deterministic("kappa", p.apply(lensing, List.of(omegaM), z));
 * p.observe("map", normal(kappa, sigma), data);
 * </pre>
 */
@FunctionalInterface
public interface Model {
  void run(Program p);

  /** How long the fields that the program makes are needed; unknown where no run without numbers came before. */
  default Lifetimes lifetimes() {
    return Lifetimes.UNKNOWN;
  }
}
