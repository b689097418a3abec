package org.halocline.sampler.kernel;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.NonSymmetricMatrixException;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * The metric of the scalars' momenta, given by its inverse: an estimate of their posterior covariance. Immutable. Plain
 * double arithmetic in a fixed order, the same bits everywhere.
 */
public final class Metric {
  private final int size;
  private final double[] inverse;
  private final double[][] factor;

  private Metric(int size, double[] inverse, double[][] factor) {
    this.size = size;
    this.inverse = inverse;
    this.factor = factor;
  }

  /**
   * @param inverse M⁻¹, row by row
   * @throws IllegalArgumentException if it is not symmetric and positive definite
   */
  public static Metric of(int size, double[] inverse) {
    if (inverse.length != size * size)
      throw new IllegalArgumentException("a metric of " + size + " scalars has " + inverse.length + " numbers");
    if (size == 0)
      return new Metric(0, inverse, new double[0][]);
    RealMatrix matrix = new Array2DRowRealMatrix(size, size);
    for (int i = 0; i < size; i++)
      for (int j = 0; j < size; j++)
        matrix.setEntry(i, j, inverse[i * size + j]);
    try {
      double[][] factor = new CholeskyDecomposition(matrix, 1e-12, 0).getL().getData();
      return new Metric(size, inverse.clone(), factor);
    } catch (NonPositiveDefiniteMatrixException | NonSymmetricMatrixException bad) {
      throw new IllegalArgumentException(
          "the inverse metric is not symmetric and positive definite: " + Arrays.toString(inverse), bad);
    }
  }

  public int size() {
    return size;
  }

  /** M⁻¹, row by row; a copy. */
  public double[] inverse() {
    return inverse.clone();
  }

  /** A momentum ~ N(0, M) of independent normal numbers: with M⁻¹ = L Lᵀ, it is L⁻ᵀ n. */
  public double[] momentum(double[] normals) {
    double[] p = normals.clone();
    for (int i = size - 1; i >= 0; i--) {
      for (int j = i + 1; j < size; j++)
        p[i] -= factor[j][i] * p[j];
      p[i] /= factor[i][i];
    }
    return p;
  }

  /** M⁻¹ p. */
  public double[] velocity(double[] p) {
    double[] v = new double[size];
    for (int i = 0; i < size; i++)
      for (int j = 0; j < size; j++)
        v[i] += inverse[i * size + j] * p[j];
    return v;
  }

  /** ½ pᵀ M⁻¹ p. */
  public double kinetic(double[] p) {
    double[] v = velocity(p);
    double sum = 0;
    for (int i = 0; i < size; i++)
      sum += v[i] * p[i];
    return 0.5 * sum;
  }
}
