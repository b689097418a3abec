package org.halocline.cosmology.timeline;

/** What the edges of a snapshot's steps are uniform in. */
public enum Spacing {
  /** The scale factor a. */
  A,
  /** ln a. */
  LOG_A,
  /** The growth factor D1. */
  GROWTH
}
