package org.halocline.cosmology.background;

/**
 * A Runge-Kutta step of order 6 in seven stages (Butcher 1964) for equations along x = ln a. Holds its scratch: one
 * thread.
 */
abstract class ButcherStep {
  /** Places within a step where stages sit: 0, 1/6, 1/3, 2/3, 5/6, 1. */
  static final double[] PLACES = {0, 1.0 / 6, 1.0 / 3, 2.0 / 3, 5.0 / 6, 1};
  static final int INTERVALS = PLACES.length - 1;

  private final int size;
  private final double[] k1;
  private final double[] k2;
  private final double[] k3;
  private final double[] k4;
  private final double[] k5;
  private final double[] k6;
  private final double[] k7;
  private final double[] y;

  ButcherStep(int size) {
    this.size = size;
    k1 = new double[size];
    k2 = new double[size];
    k3 = new double[size];
    k4 = new double[size];
    k5 = new double[size];
    k6 = new double[size];
    k7 = new double[size];
    y = new double[size];
  }

  /**
   * From the state at {@code from[at…]} over {@code h}.
   *
   * @param rates what the slope needs of the expansion, at 0, 1/6, 1/3, 2/3, 5/6, 1 of the step, place {@code stage}
   * and on
   * @param a scale factors there, from {@code stage} on
   */
  void advance(double[] from, int at, double h, double[] rates, int stage, double[] a, double[] to, int toAt) {
    System.arraycopy(from, at, y, 0, size);
    slope(y, rates, stage, a, k1);
    for (int i = 0; i < size; i++)
      y[i] = from[at + i] + h * (k1[i] / 3);
    slope(y, rates, stage + 2, a, k2);
    for (int i = 0; i < size; i++)
      y[i] = from[at + i] + h * (2.0 / 3 * k2[i]);
    slope(y, rates, stage + 3, a, k3);
    for (int i = 0; i < size; i++)
      y[i] = from[at + i] + h * (1.0 / 12 * k1[i] + 1.0 / 3 * k2[i] - 1.0 / 12 * k3[i]);
    slope(y, rates, stage + 2, a, k4);
    for (int i = 0; i < size; i++)
      y[i] = from[at + i] + h * (25.0 / 48 * k1[i] - 55.0 / 24 * k2[i] + 35.0 / 48 * k3[i] + 15.0 / 8 * k4[i]);
    slope(y, rates, stage + 4, a, k5);
    for (int i = 0; i < size; i++)
      y[i] = from[at + i]
          + h * (3.0 / 20 * k1[i] - 11.0 / 24 * k2[i] - 1.0 / 8 * k3[i] + 1.0 / 2 * k4[i] + 1.0 / 10 * k5[i]);
    slope(y, rates, stage + 1, a, k6);
    for (int i = 0; i < size; i++)
      y[i] = from[at + i] + h * (-261.0 / 260 * k1[i] + 33.0 / 13 * k2[i] + 43.0 / 156 * k3[i] - 118.0 / 39 * k4[i]
          + 32.0 / 195 * k5[i] + 80.0 / 39 * k6[i]);
    slope(y, rates, stage + 5, a, k7);
    for (int i = 0; i < size; i++)
      to[toAt + i] = from[at + i]
          + h * (13.0 / 200 * (k1[i] + k7[i]) + 11.0 / 40 * (k3[i] + k4[i]) + 4.0 / 25 * (k5[i] + k6[i]));
  }

  /** Writes dy/dx at a state to {@code out}, by the expansion and the scale factor at a place. */
  abstract void slope(double[] state, double[] rates, int stage, double[] a, double[] out);
}
