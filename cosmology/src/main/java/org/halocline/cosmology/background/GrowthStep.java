package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.GrowthTable.CHI;
import static org.halocline.cosmology.background.GrowthTable.F1;
import static org.halocline.cosmology.background.GrowthTable.F2;
import static org.halocline.cosmology.background.GrowthTable.G1;
import static org.halocline.cosmology.background.GrowthTable.G2;
import static org.halocline.cosmology.background.GrowthTable.STATE;
import static org.halocline.cosmology.background.GrowthTable.VARIABLES;

/** One Runge-Kutta step of {@link GrowthTable} (Butcher 1964, order 6, seven stages). Holds its scratch: one thread. */
final class GrowthStep {
  private final double source;
  private final double[] k1 = new double[STATE];
  private final double[] k2 = new double[STATE];
  private final double[] k3 = new double[STATE];
  private final double[] k4 = new double[STATE];
  private final double[] k5 = new double[STATE];
  private final double[] k6 = new double[STATE];
  private final double[] k7 = new double[STATE];
  private final double[] y = new double[STATE];

  GrowthStep(double omegaM) {
    source = 1.5 * omegaM;
  }

  /**
   * From the state at {@code from[at…]} over {@code h}.
   *
   * @param rates s and its derivatives at 0, 1/6, 1/3, 2/3, 5/6, 1 of the step, place {@code stage} and on
   * @param a scale factors there, from {@code stage} on
   */
  void advance(double[] from, int at, double h, double[] rates, int stage, double[] a, double[] to, int toAt) {
    System.arraycopy(from, at, y, 0, STATE);
    slope(y, rates, stage, a, k1);
    for (int i = 0; i < STATE; i++) { y[i] = from[at + i] + h * (k1[i] / 3); }
    slope(y, rates, stage + 2, a, k2);
    for (int i = 0; i < STATE; i++) { y[i] = from[at + i] + h * (2.0 / 3 * k2[i]); }
    slope(y, rates, stage + 3, a, k3);
    for (int i = 0; i < STATE; i++) {
      y[i] = from[at + i] + h * (1.0 / 12 * k1[i] + 1.0 / 3 * k2[i] - 1.0 / 12 * k3[i]);
    }
    slope(y, rates, stage + 2, a, k4);
    for (int i = 0; i < STATE; i++) {
      y[i] = from[at + i] + h * (25.0 / 48 * k1[i] - 55.0 / 24 * k2[i] + 35.0 / 48 * k3[i] + 15.0 / 8 * k4[i]);
    }
    slope(y, rates, stage + 4, a, k5);
    for (int i = 0; i < STATE; i++) {
      y[i] = from[at + i]
          + h * (3.0 / 20 * k1[i] - 11.0 / 24 * k2[i] - 1.0 / 8 * k3[i] + 1.0 / 2 * k4[i] + 1.0 / 10 * k5[i]);
    }
    slope(y, rates, stage + 1, a, k6);
    for (int i = 0; i < STATE; i++) {
      y[i] = from[at + i] + h * (-261.0 / 260 * k1[i] + 33.0 / 13 * k2[i] + 43.0 / 156 * k3[i] - 118.0 / 39 * k4[i]
          + 32.0 / 195 * k5[i] + 80.0 / 39 * k6[i]);
    }
    slope(y, rates, stage + 5, a, k7);
    for (int i = 0; i < STATE; i++) {
      to[toAt + i] = from[at + i]
          + h * (13.0 / 200 * (k1[i] + k7[i]) + 11.0 / 40 * (k3[i] + k4[i]) + 4.0 / 25 * (k5[i] + k6[i]));
    }
  }

  private void slope(double[] state, double[] rates, int stage, double[] a, double[] out) {
    double s = rates[stage * Jet.SIZE];
    double rootA = Math.sqrt(a[stage]);
    double f1 = state[F1];
    double g1 = state[G1];
    double g2 = state[G2];
    double total = state[F2] + f1 * f1;
    double pull = source * s;
    out[F1] = s * g1 - f1;
    out[G1] = pull * f1 - 1.5 * g1;
    out[F2] = s * g2 - 2 * state[F2];
    out[G2] = pull * total - 2.5 * g2;
    out[CHI] = -rootA * s;
    for (int j = 1; j < Jet.SIZE; j++) {
      int d = j * VARIABLES;
      double sj = rates[stage * Jet.SIZE + j];
      double pullJ = source * sj + (j == 1 ? 1.5 * s : 0);
      out[d + F1] = sj * g1 + s * state[d + G1] - state[d + F1];
      out[d + G1] = pullJ * f1 + pull * state[d + F1] - 1.5 * state[d + G1];
      out[d + F2] = sj * g2 + s * state[d + G2] - 2 * state[d + F2];
      out[d + G2] = pullJ * total + pull * (state[d + F2] + 2 * f1 * state[d + F1]) - 2.5 * state[d + G2];
      out[d + CHI] = -rootA * sj;
    }
  }
}
