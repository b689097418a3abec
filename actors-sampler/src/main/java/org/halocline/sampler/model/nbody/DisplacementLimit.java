package org.halocline.sampler.model.nbody;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.halocline.cosmology.mesh.Mesh;

/** The largest displacement a particle may have from its site, by axis, in cells. It fixes how wide halos are. */
public record DisplacementLimit(double xCells, double yCells, double zCells) {
  /** Standard deviations of the linear displacement that the default allows for on meshes of ordinary size. */
  private static final double LEAST_MARGIN = 5.5;

  /** Cells on top of it, for what the linear theory does not know. */
  private static final double NON_LINEAR_CELLS = 1;

  /**
   * Standard deviations of the linear displacement that the default allows for: the most that as many independent
   * normals as the mesh has cells are expected to show, √(2 ln N), where that is more than usual. Neighbours move
   * together, which leaves room for what is not linear.
   */
  public static double defaultMargin(Mesh mesh) {
    return Math.max(LEAST_MARGIN, Math.ceil(64 * Math.sqrt(2 * Math.log(mesh.size()))) / 64);
  }

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

  /** On a mesh whose cells are wider: the same length, and the same cell for what is not linear. */
  DisplacementLimit scaled(double factor) {
    return new DisplacementLimit(scaled(xCells, factor), scaled(yCells, factor), scaled(zCells, factor));
  }

  private static double scaled(double cells, double factor) {
    return cells > NON_LINEAR_CELLS ? NON_LINEAR_CELLS + factor * (cells - NON_LINEAR_CELLS) : cells;
  }

  /**
   * From the linear theory today: margin · σ_i + 1 cell, where σ_i² = Σ_k P(k)/V d_i(k)²/k⁴ over the modes of the mesh,
   * with d the symbol of the 4th-order difference that the force uses. Rounded up to a 64th of a cell, so that the
   * number in the job is short and the last bits of the sum do not show.
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

  /**
   * Mean square of each component of the linear displacement today, (Mpc/h)². High modes are taken in blocks whose
   * width grows with k, so a mesh of any size costs some million terms at most.
   */
  static double[] linearVariance(Mesh mesh, DoubleUnaryOperator rootPower) {
    Modes x = Modes.of(mesh, 0);
    Modes y = Modes.of(mesh, 1);
    Modes z = Modes.of(mesh, 2);
    double[] sum = new double[3];
    double volume = mesh.lxMpcH() * mesh.lyMpcH() * mesh.lzMpcH();
    for (int i = 0; i < x.count; i++)
      for (int j = 0; j < y.count; j++)
        for (int k = 0; k < z.count; k++) {
          double kk = x.square[i] + y.square[j] + z.square[k];
          if (kk == 0)
            continue;
          double root = rootPower.applyAsDouble(Math.sqrt(kk));
          double term = x.weight[i] * y.weight[j] * z.weight[k] * root * root / (volume * kk * kk);
          sum[0] += term * x.symbol[i];
          sum[1] += term * y.symbol[j];
          sum[2] += term * z.symbol[k];
        }
    return sum;
  }

  /**
   * Modes of one axis, ±i together, those beyond {@link #SINGLE} in blocks.
   *
   * @param square k² at the middle of a block, (h/Mpc)²
   * @param symbol the square of what the difference multiplies it with, (8 sin kΔ − sin 2kΔ)/(6Δ)
   * @param weight modes in the block, of both signs
   */
  private record Modes(int count, double[] square, double[] symbol, double[] weight) {
    /** Modes taken one by one. */
    private static final int SINGLE = 48;

    static Modes of(Mesh mesh, int axis) {
      int cells = mesh.cells(axis);
      int most = cells / 2;
      double[] square = new double[most + 1];
      double[] symbol = new double[most + 1];
      double[] weight = new double[most + 1];
      int count = 0;
      for (int first = 0; first <= most;) {
        int width = first < SINGLE ? 1 : Math.min(1 + first / 16, most + 1 - first);
        double middle = first + 0.5 * (width - 1);
        double k = 2 * StrictMath.PI * middle / mesh.lengthMpcH(axis);
        double angle = 2 * StrictMath.PI * middle / cells;
        double d = (8 * StrictMath.sin(angle) - StrictMath.sin(2 * angle)) / (6 * mesh.cellMpcH(axis));
        square[count] = k * k;
        symbol[count] = d * d;
        boolean nyquist = 2 * (first + width - 1) == cells;
        weight[count++] = first == 0 ? 1 : 2 * width - (nyquist ? 1 : 0);
        first += width;
      }
      return new Modes(count, square, symbol, weight);
    }
  }
}
