package org.halocline.cosmology.timeline;

/** Where the steps begin and end, from the initial scale factor to a = 1. */
public sealed interface Edges {

  /** How many steps there are. */
  int steps();

  /** Steps to a = 1 with nothing recorded on the way. */
  record Snapshot(int steps, Spacing spacing) implements Edges {
    public Snapshot {
      if (steps < 1)
        throw new IllegalArgumentException("snapshot steps = " + steps + " < 1");
    }
  }

  /**
   * Steps uniform in ln a up to a(χ = length), then one step a lens plane, far to near.
   *
   * @param stepsBefore steps before the light enters the box, at least 1
   * @param planes lens planes of equal thickness
   * @param lengthMpcH length of the box along the line of sight
   */
  record LightCone(int stepsBefore, int planes, double lengthMpcH) implements Edges {
    public LightCone {
      if (stepsBefore < 1 || planes < 1 || !(lengthMpcH > 0 && lengthMpcH < Double.POSITIVE_INFINITY))
        throw new IllegalArgumentException("light cone of " + stepsBefore + " steps before, " + planes + " planes, "
            + lengthMpcH + " Mpc/h: all must be positive");
    }

    @Override
    public int steps() {
      return stepsBefore + planes;
    }
  }
}
