package org.halocline.ops.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * Constants c ≥ 0 by which Σ terms · c comes near what was measured: the least sum of squares of relative errors, so
 * that a short pass counts as much as a long one.
 */
final class RelativeFit {
  private final int constants;
  private final List<double[]> rows = new ArrayList<>();

  RelativeFit(int constants) {
    this.constants = constants;
  }

  /**
   * Adds a measurement.
   *
   * @param rest what of it the constants are to explain; the others explain the rest
   * @param whole all of it, which its error is relative to; a measurement that is not above 0 says nothing
   */
  void add(double rest, double whole, double... terms) {
    if (!(whole > 0))
      return;
    double[] row = new double[constants + 1];
    for (int i = 0; i < constants; i++)
      row[i] = terms[i] / whole;
    row[constants] = rest / whole;
    rows.add(row);
  }

  /** The constants; 0 for those that would be below it, and for all where nothing was measured. */
  double[] solve() {
    double[] found = new double[constants];
    List<Integer> free = new ArrayList<>(IntStream.range(0, constants).boxed().toList());
    while (!free.isEmpty() && !rows.isEmpty()) {
      double[] solved = solve(free);
      int least = IntStream.range(0, solved.length).reduce(0, (a, b) -> solved[b] < solved[a] ? b : a);
      if (solved[least] >= 0) {
        for (int i = 0; i < solved.length; i++)
          found[free.get(i)] = solved[i];
        return found;
      }
      free.remove(least);
    }
    return found;
  }

  /** Columns are brought to one length first: they differ by the particles of a mesh. */
  private double[] solve(List<Integer> columns) {
    double[][] matrix = new double[rows.size()][columns.size()];
    double[] lengths = new double[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      int column = columns.get(i);
      double squares = rows.stream().mapToDouble(row -> row[column] * row[column]).sum();
      lengths[i] = squares > 0 ? Math.sqrt(squares) : 1;
      for (int j = 0; j < rows.size(); j++)
        matrix[j][i] = rows.get(j)[column] / lengths[i];
    }
    RealVector values = new ArrayRealVector(rows.stream().mapToDouble(row -> row[constants]).toArray());
    double[] solved = new SingularValueDecomposition(new Array2DRowRealMatrix(matrix, false)).getSolver().solve(values)
        .toArray();
    for (int i = 0; i < solved.length; i++)
      solved[i] /= lengths[i];
    return solved;
  }
}
