package org.halocline.domain.job;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.halocline.cosmology.mesh.Mesh;

/**
 * The largest displacement a particle may have from its site, by axis, in cells. It fixes how wide halos are.
 */
public record DisplacementLimit(double xCells, double yCells, double zCells) {
  /** Standard deviations of the linear displacement that the default allows for. */
  public static final double DEFAULT_MARGIN = 5.5;

  /** Cells on top of it, for what the linear theory does not know. */
  private static final double NON_LINEAR_CELLS = 1;

  public static DisplacementLimit of(List<Double> cells) {
    return new DisplacementLimit(cells.get(0), cells.get(1), cells.get(2));
  }

  public List<Double> toList() {
    return List.of(xCells, yCells, zCells);
  }

  public double[] toArray() {
    return new double[]{xCells, yCells, zCells};
  }

  public double largest() {
    return Math.max(xCells, Math.max(yCells, zCells));
  }

  /** The larger of both on every axis. */
  public DisplacementLimit or(DisplacementLimit other) {
    return new DisplacementLimit(Math.max(xCells, other.xCells), Math.max(yCells, other.yCells),
        Math.max(zCells, other.zCells));
  }

  /**
   * From the linear theory today: margin · σ_i + 1 cell, where σ_i² = Σ_k P(k)/V d_i(k)²/k⁴ over the modes of the mesh, with
   * d the symbol of the 4th-order difference that the force uses. Rounded up to a 64th of a cell, so that the number in the
   * job is short and the last bits of the sum do not show.
   *
   * @param rootPower √P of k in h/Mpc, at growth 1
   */
  public static DisplacementLimit linear(Mesh mesh, DoubleUnaryOperator rootPower, double margin) {
    double[] variance = linearVariance(mesh, rootPower);
    double[] limit = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      double cells = margin * Math.sqrt(variance[axis]) / mesh.cellMpcH(axis) + NON_LINEAR_CELLS;
      limit[axis] = Math.ceil(cells * 64) / 64;
    }
    return new DisplacementLimit(limit[0], limit[1], limit[2]);
  }

  /** Mean square of each component of the linear displacement today, (Mpc/h)². */
  static double[] linearVariance(Mesh mesh, DoubleUnaryOperator rootPower) {
    double[][] square = new double[3][];
    double[][] symbol = new double[3][];
    for (int axis = 0; axis < 3; axis++) {
      square[axis] = squares(mesh, axis);
      symbol[axis] = symbols(mesh, axis);
    }
    double[] sum = new double[3];
    double volume = mesh.lxMpcH() * mesh.lyMpcH() * mesh.lzMpcH();
    for (int i = 0; i < square[0].length; i++)
      for (int j = 0; j < square[1].length; j++)
        for (int k = 0; k < square[2].length; k++) {
          double kk = square[0][i] + square[1][j] + square[2][k];
          if (kk == 0)
            continue;
          double root = rootPower.applyAsDouble(Math.sqrt(kk));
          double term = multiplicity(mesh, 0, i) * multiplicity(mesh, 1, j) * multiplicity(mesh, 2, k) * root * root
              / (volume * kk * kk);
          sum[0] += term * symbol[0][i];
          sum[1] += term * symbol[1][j];
          sum[2] += term * symbol[2][k];
        }
    return sum;
  }

  /** k² of the non-negative modes of an axis. */
  private static double[] squares(Mesh mesh, int axis) {
    double[] squares = new double[mesh.cells(axis) / 2 + 1];
    for (int i = 0; i < squares.length; i++) {
      double k = 2 * StrictMath.PI * i / mesh.lengthMpcH(axis);
      squares[i] = k * k;
    }
    return squares;
  }

  /** The square of what the difference multiplies a mode with: (8 sin kΔ − sin 2kΔ)/(6Δ). */
  private static double[] symbols(Mesh mesh, int axis) {
    double[] symbols = new double[mesh.cells(axis) / 2 + 1];
    for (int i = 0; i < symbols.length; i++) {
      double angle = 2 * StrictMath.PI * i / mesh.cells(axis);
      double d = (8 * StrictMath.sin(angle) - StrictMath.sin(2 * angle)) / (6 * mesh.cellMpcH(axis));
      symbols[i] = d * d;
    }
    return symbols;
  }

  /** Modes ±i of an axis: one for 0 and for the Nyquist mode, else two. */
  private static int multiplicity(Mesh mesh, int axis, int i) {
    return i == 0 || 2 * i == mesh.cells(axis) ? 1 : 2;
  }
}
