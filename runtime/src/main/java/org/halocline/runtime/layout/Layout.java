package org.halocline.runtime.layout;

/**
 * How many domains run side by side, and into how many parts each cuts the x and y axes of its mesh.
 *
 * @param domains at least 1; chains are dealt to them in turn
 * @param x parts along x, at least 1
 * @param y parts along y, at least 1
 */
public record Layout(int domains, int x, int y) {

  public Layout {
    if (domains < 1 || x < 1 || y < 1)
      throw new IllegalArgumentException("layout " + domains + " × " + x + " × " + y + " has an empty dimension");
    Math.multiplyExact(Math.multiplyExact(domains, x), y);
  }

  public int ranks() {
    return x * y;
  }

  public int lanes() {
    return domains * x * y;
  }

  /** How many of the chains the busiest domain runs. */
  public int chainsPerDomain(int chains) {
    return chainsOf(0, chains);
  }

  /** How many of the chains a domain runs: they are dealt in turn. */
  public int chainsOf(int domain, int chains) {
    return Math.ceilDiv(chains - domain, domains);
  }

  @Override
  public String toString() {
    return domains + (domains == 1 ? " domain of " : " domains of ") + x + "×" + y;
  }
}
