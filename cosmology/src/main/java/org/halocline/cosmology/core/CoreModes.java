package org.halocline.cosmology.core;

import java.util.Arrays;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Modes;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.power.RootPower;

/** Lines of modes along kz, one after another, of an array as {@link CoreSpectra} keeps it: [x][2][y][z]. */
record CoreModes(Runnable poll) implements Modes {
  /** A line of modes along kz, of kx i and ky j of this rank, its parts from {@code re} and {@code im} on. */
  private interface Line {
    void at(int i, int j, int re, int im);
  }

  private void forEachLine(Pencil pencil, Line line) {
    int nx = pencil.mesh().nx();
    int ny = pencil.kyCount();
    int nz = pencil.kzCount();
    for (int i = 0; i < nx; i++) {
      poll.run();
      for (int j = 0; j < ny; j++) {
        int re = (2 * i * ny + j) * nz;
        line.at(i, j, re, re + ny * nz);
      }
    }
  }

  /**
   * A line of modes along kz from {@code re} on, its imaginary parts {@code toIm} behind, and the one at −kx, which has
   * the same k²; the same line where −kx is kx.
   */
  private interface Pair {
    void lines(int re, int mirrorRe, int toIm, ModeLine line);
  }

  private void forEachPair(Pencil pencil, Pair pair) {
    int nx = pencil.mesh().nx();
    double[] x = pencil.squares(0);
    double[] y = pencil.squares(1);
    ModeLine line = new ModeLine(pencil.squares(2));
    int plane = y.length * line.count();
    for (int i = 0; i <= nx / 2; i++) {
      poll.run();
      int mirror = (nx - i) % nx;
      for (int j = 0; j < y.length; j++) {
        line.at(x[i] + y[j]);
        pair.lines(2 * i * plane + j * line.count(), 2 * mirror * plane + j * line.count(), plane, line);
      }
    }
  }

  /** What both lines of a pair are multiplied by, both parts of each. */
  private interface Filter {
    void of(ModeLine line, float[] filter);
  }

  private void multiply(Floats work, Pencil pencil, Filter filter) {
    float[] data = CoreFields.of(work);
    float[] values = new float[pencil.kzCount()];
    forEachPair(pencil, (re, mirrorRe, toIm, line) -> {
      filter.of(line, values);
      multiply(values, data, re);
      multiply(values, data, re + toIm);
      if (mirrorRe != re) {
        multiply(values, data, mirrorRe);
        multiply(values, data, mirrorRe + toIm);
      }
    });
  }

  private static void multiply(float[] filter, float[] data, int at) {
    for (int k = 0; k < filter.length; k++)
      data[at + k] *= filter[k];
  }

  /** Whether a line begins with the mean. Squares grow along the line: no other mode can be the mean. */
  private static boolean meanFirst(double[] square) {
    return square.length > 0 && square[0] == 0;
  }

  @Override
  public void filter(Floats work, Pencil pencil, ModeTable table, double zeroMode, double factor) {
    double[] values = new double[pencil.kzCount()];
    multiply(work, pencil, (line, filter) -> {
      line.interpolate(table, values);
      for (int k = 0; k < filter.length; k++)
        filter[k] = (float) (factor * values[k]);
      if (meanFirst(line.square))
        filter[0] = (float) (factor * zeroMode);
    });
  }

  @Override
  public void inverseLaplacian(Floats work, Pencil pencil, double factor) {
    multiply(work, pencil, (line, filter) -> {
      for (int k = 0; k < filter.length; k++)
        filter[k] = (float) (-factor / line.square[k]);
      if (meanFirst(line.square))
        filter[0] = 0;
    });
  }

  @Override
  public void colour(Floats work, Pencil pencil, RootPower power, double factor) {
    ModeTable table = power.table();
    double[] root = new double[pencil.kzCount()];
    multiply(work, pencil, (line, filter) -> {
      line.interpolate(table, root);
      for (int k = 0; k < filter.length; k++)
        filter[k] = (float) (factor * root[k] / line.square[k]);
      if (meanFirst(line.square))
        filter[0] = 0;
    });
  }

  /** A line's products a·b, weighed, as terms of a sum. */
  private interface Terms {
    void of(float[] a, float[] b, int re, int im, ModeLine line, double[] terms);
  }

  /** Adds each mode's term times each table to that table's sum. */
  private void addTerms(Floats a, Floats b, Pencil pencil, Terms terms, ModeTable[] tables, ExactSum[] sums) {
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    int count = pencil.kzCount();
    double[] own = new double[count];
    double[] mirrored = new double[count];
    double[] slope = new double[count];
    forEachPair(pencil, (re, mirrorRe, toIm, line) -> {
      terms.of(as, bs, re, re + toIm, line, own);
      if (mirrorRe != re)
        terms.of(as, bs, mirrorRe, mirrorRe + toIm, line, mirrored);
      for (int p = 0; p < tables.length; p++) {
        line.interpolate(tables[p], slope);
        add(own, slope, sums[p]);
        if (mirrorRe != re)
          add(mirrored, slope, sums[p]);
      }
    });
  }

  private static void add(double[] terms, double[] slope, ExactSum sum) {
    for (int k = 0; k < terms.length; k++)
      sum.add(terms[k] * slope[k]);
  }

  /** factor · weight by kz. */
  private static double[] weights(Pencil pencil, double factor) {
    double[] weights = new double[pencil.kzCount()];
    for (int k = 0; k < weights.length; k++)
      weights[k] = factor * weight(pencil.kz0() + k, pencil.mesh().nz());
    return weights;
  }

  /** How many modes of the full spectrum a mode of the half spectrum stands for. */
  private static int weight(int kz, int nz) {
    return kz == 0 || 2 * kz == nz ? 1 : 2;
  }

  private static double product(float[] a, float[] b, int re, int im) {
    return (double) a[re] * b[re] + (double) a[im] * b[im];
  }

  @Override
  public void filterTranspose(Floats a, Floats b, Pencil pencil, ModeTable[] derivatives, double factor,
      ExactSum[] sums) {
    double[] weights = weights(pencil, factor);
    addTerms(a, b, pencil, (as, bs, re, im, line, terms) -> {
      for (int k = 0; k < terms.length; k++)
        terms[k] = weights[k] * product(as, bs, re + k, im + k);
      if (meanFirst(line.square))
        terms[0] = 0;
    }, derivatives, sums);
  }

  @Override
  public void tableTranspose(Floats a, Floats b, Pencil pencil, ModeTable.Nodes nodes, double factor,
      ExactSum[] sums) {
    Modes.requireNodes(nodes, sums);
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    double[] weights = weights(pencil, factor);
    double[] terms = new double[weights.length];
    forEachPair(pencil, (re, mirrorRe, toIm, line) -> {
      for (int k = 0; k < terms.length; k++) {
        double product = product(as, bs, re + k, re + toIm + k);
        terms[k] = weights[k]
            * (mirrorRe == re ? product : product + product(as, bs, mirrorRe + k, mirrorRe + toIm + k));
      }
      if (meanFirst(line.square))
        terms[0] = 0;
      line.spread(terms, nodes, sums);
    });
  }

  @Override
  public void powerTranspose(Floats a, Floats b, Pencil pencil, RootPower power, double factor, ExactSum[] sums) {
    double[] weights = weights(pencil, factor);
    addTerms(a, b, pencil, (as, bs, re, im, line, terms) -> {
      for (int k = 0; k < terms.length; k++)
        terms[k] = weights[k] * product(as, bs, re + k, im + k) / line.square[k];
      if (meanFirst(line.square))
        terms[0] = 0;
    }, power.derivatives().toArray(ModeTable[]::new), sums);
  }

  @Override
  public void mix(Floats[] fields, Pencil pencil, ModeTable[][] matrix, double zeroMode, double factor) {
    Modes.requireSquare(fields, matrix);
    float[][] data = CoreFields.of(fields);
    int count = pencil.kzCount();
    double[][][] values = new double[fields.length][fields.length][count];
    double[][] in = new double[fields.length][count];
    double[] out = new double[count];
    double mean = factor * zeroMode;
    forEachPair(pencil, (re, mirrorRe, toIm, line) -> {
      for (int i = 0; i < values.length; i++)
        for (int j = 0; j < values.length; j++) {
          line.interpolate(matrix[i][j], values[i][j]);
          scale(factor, values[i][j]);
          if (meanFirst(line.square))
            values[i][j][0] = i == j ? mean : 0;
        }
      mix(values, data, re, in, out);
      mix(values, data, re + toIm, in, out);
      if (mirrorRe != re) {
        mix(values, data, mirrorRe, in, out);
        mix(values, data, mirrorRe + toIm, in, out);
      }
    });
  }

  private static void scale(double factor, double[] values) {
    for (int k = 0; k < values.length; k++)
      values[k] *= factor;
  }

  private static void mix(double[][][] values, float[][] data, int at, double[][] in, double[] out) {
    for (int j = 0; j < data.length; j++)
      widen(data[j], at, in[j]);
    for (int i = 0; i < data.length; i++) {
      Arrays.fill(out, 0);
      for (int j = 0; j < data.length; j++)
        addProduct(values[i][j], in[j], out);
      narrow(out, data[i], at);
    }
  }

  private static void widen(float[] from, int at, double[] to) {
    for (int k = 0; k < to.length; k++)
      to[k] = from[at + k];
  }

  private static void addProduct(double[] a, double[] b, double[] out) {
    for (int k = 0; k < out.length; k++)
      out[k] += a[k] * b[k];
  }

  private static void narrow(double[] from, float[] to, int at) {
    for (int k = 0; k < from.length; k++)
      to[at + k] = (float) from[k];
  }

  @Override
  public void gradient(Floats work, Pencil pencil, int axis, double factor) {
    float[] data = CoreFields.of(work);
    double[] waves = pencil.waves(axis);
    float[] slope = new float[pencil.kzCount()];
    forEachLine(pencil, (i, j, re, im) -> {
      for (int k = 0; k < slope.length; k++)
        slope[k] = (float) (factor * waves[axis == 0 ? i : axis == 1 ? j : k]);
      turn(slope, data, re, im);
    });
  }

  /** Times i·slope. */
  private static void turn(float[] slope, float[] data, int re, int im) {
    for (int k = 0; k < slope.length; k++) {
      float real = data[re + k];
      data[re + k] = -(slope[k] * data[im + k]);
      data[im + k] = slope[k] * real;
    }
  }

  @Override
  public void shells(Floats a, Floats b, Pencil pencil, double[] edges, double factor, ExactSum[] sums) {
    Modes.requireShells(edges, sums.length);
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    double[] weights = weights(pencil, factor);
    int[] shell = new int[pencil.kzCount()];
    forEachShellLine(pencil, edges, shell, (_, _, re, im) -> {
      for (int k = 0; k < shell.length; k++)
        if (shell[k] >= 0)
          sums[shell[k]].add(weights[k] * product(as, bs, re + k, im + k));
    });
  }

  @Override
  public void shellsTranspose(Floats a, Pencil pencil, double[] edges, double[] cotangents, double factor,
      Floats out) {
    Modes.requireShells(edges, cotangents.length);
    float[] from = CoreFields.of(a);
    float[] to = CoreFields.of(out);
    int[] shell = new int[pencil.kzCount()];
    float[] filter = new float[shell.length];
    forEachShellLine(pencil, edges, shell, (_, _, re, im) -> {
      for (int k = 0; k < shell.length; k++)
        filter[k] = shell[k] < 0 ? 0 : (float) (factor * cotangents[shell[k]]);
      addProduct(filter, from, to, re);
      addProduct(filter, from, to, im);
    });
  }

  private static void addProduct(float[] filter, float[] from, float[] to, int at) {
    for (int k = 0; k < filter.length; k++)
      to[at + k] += filter[k] * from[at + k];
  }

  /** @param shell filled for each line: the shell of each mode, −1 outside all of them */
  private void forEachShellLine(Pencil pencil, double[] edges, int[] shell, Line line) {
    double[] x = pencil.squares(0);
    double[] y = pencil.squares(1);
    double[] z = pencil.squares(2);
    forEachLine(pencil, (i, j, re, im) -> {
      findShells(x[i] + y[j], z, edges, shell);
      line.at(i, j, re, im);
    });
  }

  /** |k| grows along the line. */
  private static void findShells(double squareXY, double[] squaresZ, double[] edges, int[] shell) {
    int passed = 0;
    for (int k = 0; k < shell.length; k++) {
      double wave = Math.sqrt(squareXY + squaresZ[k]);
      while (passed < edges.length && edges[passed] <= wave)
        passed++;
      shell[k] = passed == edges.length ? -1 : passed - 1;
    }
  }

  @Override
  public void binPower(Floats a, Floats b, Pencil pencil, double binWidth, double factor, ExactSum[][] sums) {
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    double[] x = pencil.squares(0);
    double[] y = pencil.squares(1);
    double[] z = pencil.squares(2);
    int nz = pencil.mesh().nz();
    int kz0 = pencil.kz0();
    forEachLine(pencil, (i, j, re, im) -> {
      for (int k = 0; k < z.length; k++) {
        double square = x[i] + y[j] + z[k];
        double wave = Math.sqrt(square);
        int bin = (int) (wave / binWidth);
        if (square == 0 || bin >= sums.length)
          continue;
        int weight = weight(kz0 + k, nz);
        ExactSum[] sum = sums[bin];
        sum[0].add(weight);
        sum[1].add(weight * wave);
        sum[2].add(weight * factor * product(as, as, re + k, im + k));
        sum[3].add(weight * factor * product(bs, bs, re + k, im + k));
        sum[4].add(weight * factor * product(as, bs, re + k, im + k));
      }
    });
  }
}
