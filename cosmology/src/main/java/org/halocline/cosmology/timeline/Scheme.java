package org.halocline.cosmology.timeline;

/** How momentum decays over a step. */
public enum Scheme {
  /** Rampf, List, Hahn 2025: exact to second order in Lagrangian perturbation theory. */
  BULLFROG,
  /** Feng et al. 2016 in its drift-kick-drift form: exact to first order. */
  FASTPM
}
