package org.halocline.cosmology.power;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Quadrature for σ8² = ∫ dlnk k³P/(2π²) W²(8k) over 1e-5…50 h/Mpc: W is the top hat in spheres of 8 Mpc/h.
 *
 * <p>
 * W² oscillates fast where k³P is smooth, and no parameter is in it. So its products with the Lagrange polynomials of
 * each panel's Gauss-Legendre nodes are integrated finely once, here, and what remains for each θ is k³P at a few
 * nodes.
 */
final class TopHat {
  private static final double RADIUS = 8;
  private static final int NODES_PER_PANEL = 10;
  /** Panel edges in h/Mpc; narrow where the baryons' wiggles are (they are linear in k). */
  private static final double[] EDGES = {1e-5, 1.5e-4, 2e-3, 0.01, 0.025, 0.05, 0.08, 0.11, 0.14, 0.17, 0.2, 0.24, 0.28,
      0.32, 0.37, 0.43, 0.5, 0.57, 0.65, 0.73, 0.82, 0.92, 1.05, 1.2, 1.6, 4, 50};

  static final double[] K = new double[(EDGES.length - 1) * NODES_PER_PANEL];
  static final double[] LOG_K = new double[K.length];
  /** Weights, k³/(2π²) included. */
  static final double[] WEIGHT = new double[K.length];

  static {
    var factory = new GaussIntegratorFactory();
    GaussIntegrator rule = factory.legendre(NODES_PER_PANEL, 0, 1);
    GaussIntegrator fine = factory.legendre(16, 0, 1);
    double[] nodes = new double[NODES_PER_PANEL];
    for (int i = 0; i < NODES_PER_PANEL; i++)
      nodes[i] = rule.getPoint(i);
    for (int panel = 0; panel < EDGES.length - 1; panel++) {
      double low = StrictMath.log(EDGES[panel]);
      double width = StrictMath.log(EDGES[panel + 1]) - low;
      double[] weights = productWeights(nodes, fine, low, width, EDGES[panel + 1] - EDGES[panel]);
      for (int i = 0; i < NODES_PER_PANEL; i++) {
        int at = panel * NODES_PER_PANEL + i;
        LOG_K[at] = low + width * nodes[i];
        K[at] = StrictMath.exp(LOG_K[at]);
        WEIGHT[at] = weights[i] * K[at] * K[at] * K[at] / (2 * Math.PI * Math.PI);
      }
    }
  }

  private TopHat() {}

  /** ∫ W² L_i dlnk over one panel, with about two periods of W² a sub-panel at the most. */
  private static double[] productWeights(double[] nodes, GaussIntegrator fine, double low, double width, double span) {
    double[] weights = new double[nodes.length];
    int pieces = 2 + (int) StrictMath.ceil(span * RADIUS * width / Math.PI);
    for (int piece = 0; piece < pieces; piece++)
      for (int g = 0; g < fine.getNumberOfPoints(); g++) {
        double t = (piece + fine.getPoint(g)) / pieces;
        double window = window(RADIUS * StrictMath.exp(low + width * t));
        double weight = fine.getWeight(g) * width / pieces * window * window;
        for (int i = 0; i < nodes.length; i++)
          weights[i] += weight * lagrange(nodes, i, t);
      }
    return weights;
  }

  private static double lagrange(double[] nodes, int i, double t) {
    double product = 1;
    for (int j = 0; j < nodes.length; j++)
      if (j != i)
        product *= (t - nodes[j]) / (nodes[i] - nodes[j]);
    return product;
  }

  private static double window(double x) {
    if (x < 0.05) {
      double x2 = x * x;
      return 1 - x2 / 10 * (1 - x2 / 28 * (1 - x2 / 54));
    }
    return 3 * (StrictMath.sin(x) - x * StrictMath.cos(x)) / (x * x * x);
  }
}
