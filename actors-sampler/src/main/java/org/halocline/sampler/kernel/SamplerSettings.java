package org.halocline.sampler.kernel;

import java.util.List;

/** A sampler with its settings: makes both halves of it for any chain of the job. Immutable. */
public interface SamplerSettings {

  /** Name of the sampler. */
  String sampler();

  /** Draws of the warm-up. */
  int warmUp();

  /** The half on a rank. */
  TransitionKernel kernel(PhasePoint point);

  /** The half at the actor of a chain that has so many scalars. */
  ChainPolicy policy(long seed, int chain, int scalars);

  /** Copies of all fields' positions and gradients that the kernel keeps, for the memory that is planned. */
  int copies();

  /** Gradients that a draw usually takes, for forecasts. */
  int usualGradients();

  /** What {@link #usualGradients} supposes, in words that the number follows. */
  String supposition();

  /** Lines about the sampler for the top of the file of draws, as CmdStan writes them. */
  List<String> comments();
}
