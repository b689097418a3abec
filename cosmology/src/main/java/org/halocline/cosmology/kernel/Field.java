package org.halocline.cosmology.kernel;

/**
 * A block of numbers that lives where its lane computes. Programs pass fields between operations and never touch an
 * element; only the {@link Kernels} that made a field can look inside.
 */
public sealed interface Field {

  /** Elements. */
  int size();

  /** 32-bit floats. */
  non-sealed interface Floats extends Field {}

  /** 32-bit integers. */
  non-sealed interface Ints extends Field {}

  /** 64-bit floats. */
  non-sealed interface Doubles extends Field {}
}
