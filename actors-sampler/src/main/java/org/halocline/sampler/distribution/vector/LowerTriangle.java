package org.halocline.sampler.distribution.vector;

import java.util.List;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Vector;

/**
 * A lower triangular matrix L of positive diagonal, such as the Cholesky factor of a covariance L Lᵀ.
 *
 * @param rows n
 * @param packed the n (n + 1)/2 numbers on and below the diagonal, row by row; they may lie on a tape
 */
public record LowerTriangle(int rows, Vector packed) {

  public LowerTriangle {
    if (packed.size() != size(rows))
      throw new IllegalArgumentException("a triangle of " + rows + " rows has " + size(rows) + " numbers, but "
          + packed.size() + " are given");
    for (int i = 0; i < rows; i++) {
      double diagonal = packed.values()[at(i, i)];
      if (!(diagonal > 0 && diagonal < Double.POSITIVE_INFINITY))
        throw ParameterCheck.refusal(packed.isConstant(),
            "a Cholesky factor needs a positive diagonal, but number " + (i + 1) + " of it is "
                + diagonal);
    }
  }

  /** A constant factor, of which what lies above the diagonal is not read. */
  public static LowerTriangle of(double[][] factor) {
    return new LowerTriangle(factor.length, pack(factor));
  }

  /**
   * The Cholesky factor of a constant symmetric matrix.
   *
   * @throws IllegalArgumentException if it is not square, symmetric and positive definite
   */
  public static LowerTriangle cholesky(double[][] covariance) {
    Vector packed = pack(covariance);
    for (int i = 0; i < covariance.length; i++) {
      if (covariance[i].length != covariance.length)
        throw new IllegalArgumentException("a covariance is square, but row " + (i + 1) + " of " + covariance.length
            + " has " + covariance[i].length + " numbers");
      for (int j = 0; j < i; j++)
        if (!(Math.abs(covariance[i][j] - covariance[j][i]) <= 1e-12
            * Math.sqrt(Math.abs(covariance[i][i] * covariance[j][j]))))
          throw new IllegalArgumentException("a covariance is symmetric, but numbers (" + (i + 1) + ", " + (j + 1)
              + ") and (" + (j + 1) + ", " + (i + 1) + ") are " + covariance[i][j] + " and " + covariance[j][i]);
    }
    return cholesky(covariance.length, packed);
  }

  /**
   * The Cholesky factor of a symmetric matrix.
   *
   * @param packed its numbers on and below the diagonal, row by row
   * @throws IllegalArgumentException if the numbers are constants and the matrix is not positive definite
   * @throws OutsideSupportException if the numbers depend on a sampler's point
   */
  public static LowerTriangle cholesky(int rows, Vector packed) {
    if (packed.size() != size(rows))
      throw new IllegalArgumentException("a symmetric matrix of " + rows + " rows has " + size(rows)
          + " numbers on and below its diagonal, but " + packed.size() + " are given");
    double[] factor = packed.values().clone();
    for (int j = 0; j < rows; j++)
      for (int i = j; i < rows; i++) {
        double rest = factor[at(i, j)];
        for (int k = 0; k < j; k++)
          rest -= factor[at(i, k)] * factor[at(j, k)];
        if (i == j && !(rest > 0))
          throw ParameterCheck.refusal(packed.isConstant(),
              "the covariance is not positive definite: pivot " + (j + 1) + " of " + rows + " is "
                  + rest);
        factor[at(i, j)] = i == j ? Math.sqrt(rest) : rest / factor[at(j, j)];
      }
    return new LowerTriangle(rows, Vector.function(factor, List.of(packed),
        (ofResult, toInputs) -> choleskyAdjoint(rows, factor, ofResult.clone(), toInputs[0])));
  }

  /** The statements of the factorisation backwards (S. P. Smith, J. Comput. Graph. Stat. 4, 134, 1995). */
  private static void choleskyAdjoint(int rows, double[] factor, double[] bar, double[] toMatrix) {
    for (int j = rows - 1; j >= 0; j--) {
      double pivot = factor[at(j, j)];
      for (int i = rows - 1; i > j; i--) {
        double rest = bar[at(i, j)] / pivot;
        bar[at(j, j)] -= rest * factor[at(i, j)];
        toMatrix[at(i, j)] += rest;
        for (int k = 0; k < j; k++) {
          bar[at(i, k)] -= rest * factor[at(j, k)];
          bar[at(j, k)] -= rest * factor[at(i, k)];
        }
      }
      double rest = 0.5 * bar[at(j, j)] / pivot;
      toMatrix[at(j, j)] += rest;
      for (int k = 0; k < j; k++)
        bar[at(j, k)] -= 2 * rest * factor[at(j, k)];
    }
  }

  /** L x. */
  public Vector times(Vector x) {
    fit(x);
    double[] l = packed.values();
    double[] made = new double[rows];
    for (int i = 0; i < rows; i++)
      for (int j = 0; j <= i; j++)
        made[i] += l[at(i, j)] * x.values()[j];
    return Vector.function(made, List.of(packed, x), (ofResult, toInputs) -> {
      for (int i = 0; i < rows; i++)
        for (int j = 0; j <= i; j++) {
          toInputs[0][at(i, j)] += ofResult[i] * x.values()[j];
          toInputs[1][j] += ofResult[i] * l[at(i, j)];
        }
    });
  }

  /** L⁻¹ x. */
  public Vector solve(Vector x) {
    fit(x);
    double[] l = packed.values();
    double[] made = x.values().clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < i; j++)
        made[i] -= l[at(i, j)] * made[j];
      made[i] /= l[at(i, i)];
    }
    return Vector.function(made, List.of(packed, x), (ofResult, toInputs) -> {
      double[] bar = ofResult.clone();
      for (int i = rows - 1; i >= 0; i--) {
        bar[i] /= l[at(i, i)];
        for (int j = 0; j < i; j++)
          bar[j] -= l[at(i, j)] * bar[i];
        toInputs[1][i] += bar[i];
        for (int j = 0; j <= i; j++)
          toInputs[0][at(i, j)] -= bar[i] * made[j];
      }
    });
  }

  /** log det L. */
  public Scalar logDeterminant() {
    Scalar sum = Scalar.constant(0);
    for (int i = 0; i < rows; i++)
      sum = sum.plus(packed.get(at(i, i)).log());
    return sum;
  }

  private void fit(Vector x) {
    if (x.size() != rows)
      throw new IllegalArgumentException("a matrix of " + rows + " rows meets a vector of " + x.size() + " numbers");
  }

  private static int size(int rows) {
    return rows * (rows + 1) / 2;
  }

  private static int at(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  private static Vector pack(double[][] matrix) {
    double[] packed = new double[size(matrix.length)];
    for (int i = 0; i < matrix.length; i++) {
      if (matrix[i].length <= i)
        throw new IllegalArgumentException("row " + (i + 1) + " of a matrix of " + matrix.length + " rows has "
            + matrix[i].length + " numbers");
      System.arraycopy(matrix[i], 0, packed, at(i, 0), i + 1);
    }
    return Vector.constant(packed);
  }
}
