package org.halocline.cosmology.background;

import org.halocline.cosmology.theta.Theta;

/**
 * A number with its first derivatives by the four parameters that shape the expansion: forward differentiation in plain
 * doubles. Index 0 is the value, 1…4 the derivatives by Ωm, Ωk, w0, wa.
 */
public record Jet(double value, double byOmegaM, double byOmegaK, double byW0, double byWa) {
  /** Components, value included. */
  public static final int SIZE = 5;
  public static final Jet ONE = constant(1);

  public static Jet constant(double value) {
    return new Jet(value, 0, 0, 0, 0);
  }

  public static Jet of(double[] from, int at, int stride) {
    return new Jet(from[at], from[at + stride], from[at + 2 * stride], from[at + 3 * stride], from[at + 4 * stride]);
  }

  public Jet plus(Jet o) {
    return new Jet(value + o.value, byOmegaM + o.byOmegaM, byOmegaK + o.byOmegaK, byW0 + o.byW0, byWa + o.byWa);
  }

  public Jet minus(Jet o) {
    return new Jet(value - o.value, byOmegaM - o.byOmegaM, byOmegaK - o.byOmegaK, byW0 - o.byW0, byWa - o.byWa);
  }

  public Jet times(double c) {
    return new Jet(value * c, byOmegaM * c, byOmegaK * c, byW0 * c, byWa * c);
  }

  public Jet times(Jet o) {
    return mapped(value * o.value, o.value, o, value);
  }

  public Jet over(Jet o) {
    double quotient = value / o.value;
    return mapped(quotient, 1 / o.value, o, -quotient / o.value);
  }

  public Jet negated() {
    return times(-1);
  }

  /** f(this) from the value of f and of its derivative. */
  public Jet chain(double f, double slope) {
    return new Jet(f, slope * byOmegaM, slope * byOmegaK, slope * byW0, slope * byWa);
  }

  /** The total of a function of θ and x along x(θ): the partial derivatives of this plus slope times those of x. */
  Jet along(Jet x, double slope) {
    return mapped(value, 1, x, slope);
  }

  public boolean isFinite() {
    return Double.isFinite(value) && Double.isFinite(byOmegaM) && Double.isFinite(byOmegaK) && Double.isFinite(byW0)
        && Double.isFinite(byWa);
  }

  Jet root() {
    double root = Math.sqrt(value);
    return chain(root, 0.5 / root);
  }

  /** Writes value and derivatives where {@link #of} reads them. */
  public void into(double[] to, int at, int stride) {
    to[at] = value;
    to[at + stride] = byOmegaM;
    to[at + 2 * stride] = byOmegaK;
    to[at + 3 * stride] = byW0;
    to[at + 4 * stride] = byWa;
  }

  /** Writes the derivatives to a Jacobian row in the order of θ; those by other parameters stay as they are. */
  void toRow(Theta theta, double[] rows, int at) {
    rows[at + theta.index(Cosmology.OMEGA_M.name())] = byOmegaM;
    rows[at + theta.index(Cosmology.OMEGA_K.name())] = byOmegaK;
    rows[at + theta.index(Cosmology.W0.name())] = byW0;
    rows[at + theta.index(Cosmology.WA.name())] = byWa;
  }

  private Jet mapped(double result, double own, Jet o, double others) {
    return new Jet(result, own * byOmegaM + others * o.byOmegaM, own * byOmegaK + others * o.byOmegaK,
        own * byW0 + others * o.byW0, own * byWa + others * o.byWa);
  }
}
