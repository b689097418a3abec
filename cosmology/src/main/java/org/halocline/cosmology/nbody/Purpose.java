package org.halocline.cosmology.nbody;

/** What a simulation is opened for: it decides its memory, no number. */
public enum Purpose {
  /** Forward passes alone: no cotangents of momenta are held. */
  FORWARD,
  /** Forward and reverse passes. */
  GRADIENT
}
