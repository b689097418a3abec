package org.halocline.cosmology.timeline;

/**
 * How a simulation goes through time.
 *
 * @param aInitial scale factor of the initial conditions, between 1e-3 and 1
 * @param lptOrder 1 or 2
 */
public record Timeline(double aInitial, int lptOrder, Scheme scheme, Edges edges) {
  public Timeline {
    if (!(aInitial >= 1e-3 && aInitial < 1))
      throw new IllegalArgumentException("a-initial = " + aInitial + " is outside 0.001…1");
    if (lptOrder != 1 && lptOrder != 2)
      throw new IllegalArgumentException("lpt-order = " + lptOrder + " is neither 1 nor 2");
  }
}
