package org.halocline.sampler.model;

/** What a job does with a model. The use decides what a rank keeps of it. */
public enum Use {
  /** Forward passes at the reference point; no data are needed. */
  SIMULATE,
  /** The density of the data and its gradient, at the reference point alone. */
  EVALUATE,
  /** The density and its gradient at many points. */
  SAMPLE
}
