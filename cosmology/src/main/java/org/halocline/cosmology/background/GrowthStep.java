package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.GrowthTable.CHI;
import static org.halocline.cosmology.background.GrowthTable.F1;
import static org.halocline.cosmology.background.GrowthTable.F2;
import static org.halocline.cosmology.background.GrowthTable.G1;
import static org.halocline.cosmology.background.GrowthTable.G2;
import static org.halocline.cosmology.background.GrowthTable.STATE;
import static org.halocline.cosmology.background.GrowthTable.VARIABLES;

/** A step of {@link GrowthTable}. Holds its scratch: one thread. */
final class GrowthStep extends ButcherStep {
  private final double source;

  GrowthStep(double omegaM) {
    super(STATE);
    source = 1.5 * omegaM;
  }

  @Override
  void slope(double[] state, double[] rates, int stage, double[] a, double[] out) {
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
