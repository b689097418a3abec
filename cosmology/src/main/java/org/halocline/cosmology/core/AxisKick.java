package org.halocline.cosmology.core;

/**
 * A kick and the drifts after it along one axis, a piece of a z line at a time, and how far they bring the particles.
 */
final class AxisKick {
  private final int[] x;
  private final int[] p;
  private final double quanta;
  private final double[] drifts;
  private final double[] farthest;
  private double momentum;

  /**
   * @param quanta of momentum that a unit of force adds
   * @param drifts by each drift, the quanta of displacement a quantum of momentum
   */
  AxisKick(int[] x, int[] p, double quanta, double[] drifts) {
    this.x = x;
    this.p = p;
    this.quanta = quanta;
    this.drifts = drifts;
    this.farthest = new double[drifts.length];
  }

  /** Moves particles [n, n + count) by the forces from {@code at} on. */
  void apply(float[] force, int at, int n, int count) {
    if (drifts.length == 2) {
      kickAndDrift(force, at, n, count);
      return;
    }
    momentum = Math.max(momentum, kick(force, at, p, n, count, quanta));
    for (int i = 0; i < drifts.length; i++)
      farthest[i] = Math.max(farthest[i], CoreParticles.drift(x, p, n, count, drifts[i], 1));
  }

  /** A kick and two drifts in one go: P need not be read again. */
  private void kickAndDrift(float[] force, int at, int n, int count) {
    int[] positions = x;
    int[] momenta = p;
    double factor = quanta;
    double first = drifts[0];
    double second = drifts[1];
    double largest = momentum;
    double far = farthest[0];
    double farther = farthest[1];
    for (int k = 0; k < count; k++) {
      double kicked = momenta[n + k] + Math.rint(factor * force[at + k]);
      double moved = positions[n + k] + Math.rint(first * kicked);
      double again = moved + Math.rint(second * kicked);
      largest = Math.max(largest, Math.abs(kicked));
      far = Math.max(far, Math.abs(moved));
      farther = Math.max(farther, Math.abs(again));
      momenta[n + k] = (int) kicked;
      positions[n + k] = (int) again;
    }
    momentum = largest;
    farthest[0] = far;
    farthest[1] = farther;
  }

  private static double kick(float[] force, int at, int[] p, int n, int count, double quanta) {
    double largest = 0;
    for (int k = 0; k < count; k++) {
      double kicked = p[n + k] + Math.rint(quanta * force[at + k]);
      largest = Math.max(largest, Math.abs(kicked));
      p[n + k] = (int) kicked;
    }
    return largest;
  }

  /** The largest |P| so far, quanta; NaN if a force was not finite. */
  double momentum() {
    return momentum;
  }

  /** The largest |x| so far after a drift, quanta. */
  double farthest(int drift) {
    return farthest[drift];
  }
}
