package org.halocline.domain.program;

/**
 * Makes the programs of one rank's chains. Thread-safe: every chain of the rank asks the same one, each on its own
 * thread.
 */
@FunctionalInterface
public interface RankPrograms {

  /** Plans and allocates everything that the chain needs on this rank. */
  RankProgram create(RankContext context) throws Exception;
}
