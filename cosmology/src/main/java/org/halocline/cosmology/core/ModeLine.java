package org.halocline.cosmology.core;

import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.power.ModeTable;

/**
 * Tables of functions of k interpolated along a line of modes, as {@link ModeTable#atArgument} does to the bit: weights
 * and places once for all tables of the same nodes, in loops over the line that the compiler turns into vectors. One
 * lane's own.
 */
final class ModeLine {
  private final double[] squaresZ;
  private final double[] u;
  private final int[] node;
  private final double[] offset;
  private final double[] before;
  private final double[] here;
  private final double[] after;
  private final double[] beyond;
  /** The nodes that the weights are for: none of them after a move to another line. */
  private int nodes;
  private double u0;
  private double du;

  /** k² by mode, (h/Mpc)². */
  final double[] square;

  /** @param squaresZ kz² along the line */
  ModeLine(double[] squaresZ) {
    int count = squaresZ.length;
    this.squaresZ = squaresZ;
    this.square = new double[count];
    this.u = new double[count];
    this.node = new int[count];
    this.offset = new double[count];
    this.before = new double[count];
    this.here = new double[count];
    this.after = new double[count];
    this.beyond = new double[count];
  }

  int count() {
    return squaresZ.length;
  }

  /** Goes to the line with this kx² + ky². */
  void at(double squareXY) {
    wave(squareXY, squaresZ, square, u);
    nodes = 0;
  }

  private static void wave(double squareXY, double[] squaresZ, double[] square, double[] u) {
    for (int k = 0; k < square.length; k++) {
      double sum = squareXY + squaresZ[k];
      square[k] = sum;
      u[k] = Math.sqrt(Math.sqrt(Math.sqrt(sum)));
    }
  }

  /** Of each u the node before it, and how far behind that node it lies. */
  private static void place(double[] u, double u0, double du, int last, int[] node, double[] offset) {
    for (int k = 0; k < u.length; k++) {
      double t = (u[k] - u0) / du;
      int i = Math.min(Math.max((int) t, 1), last);
      node[k] = i;
      offset[k] = t - i;
    }
  }

  private static void weigh(double[] from, double[] before, double[] here, double[] after, double[] beyond) {
    for (int k = 0; k < from.length; k++) {
      double s = from[k];
      before[k] = -s * (s - 1) * (s - 2) / 6;
      here[k] = (s + 1) * (s - 1) * (s - 2) / 2;
      after[k] = -(s + 1) * s * (s - 2) / 2;
      beyond[k] = (s + 1) * s * (s - 1) / 6;
    }
  }

  /** A table's value at every mode of the line. */
  void interpolate(ModeTable table, double[] into) {
    double[] values = table.values();
    weigh(table.u0(), table.du(), values.length);
    sum(values, into);
  }

  /**
   * The transpose of {@link #interpolate}: adds the terms of the modes to the nodes that each was interpolated from.
   */
  void spread(double[] terms, ModeTable.Nodes of, ExactSum[] sums) {
    weigh(of.u0(), of.du(), of.count());
    for (int k = 0; k < terms.length; k++) {
      int i = node[k];
      sums[i - 1].add(before[k] * terms[k]);
      sums[i].add(here[k] * terms[k]);
      sums[i + 1].add(after[k] * terms[k]);
      sums[i + 2].add(beyond[k] * terms[k]);
    }
  }

  private void weigh(double first, double distance, int count) {
    if (nodes == count && u0 == first && du == distance)
      return;
    nodes = count;
    u0 = first;
    du = distance;
    place(u, u0, du, nodes - 3, node, offset);
    weigh(offset, before, here, after, beyond);
  }

  private void sum(double[] table, double[] into) {
    for (int k = 0; k < node.length; k++) {
      int i = node[k];
      into[k] = before[k] * table[i - 1] + here[k] * table[i] + after[k] * table[i + 1] + beyond[k] * table[i + 2];
    }
  }
}
