package org.halocline.cosmology.core;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.halocline.cosmology.fft.Green;
import org.halocline.cosmology.fft.LineTransforms;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.RootPower;

/**
 * A complex array is [x][2][y][z], z fastest: for each x a plane of real parts and behind it a plane of imaginary
 * parts.
 */
record CoreSpectra(LineTransforms transforms, Runnable poll) implements Spectra {
  @Override
  public void forwardZ(Floats real, Grid grid, Floats work, Pencil pencil, int first, int count) {
    for (int i = first; i < first + count; i++)
      forwardZ(i, CoreFields.of(real), grid, CoreFields.of(work), pencil.halfZ());
  }

  private void forwardZ(int i, float[] real, Grid grid, float[] work, int halfZ) {
    poll.run();
    int plane = grid.ny() * halfZ;
    int re = 2 * i * plane;
    transforms.forwardReal(real, grid.line(i, 0), grid.nz(), work, re, re + plane, halfZ, grid.nz(), grid.ny());
  }

  @Override
  public void inverseZ(Floats work, Pencil pencil, Floats real, Grid grid, int first, int count) {
    for (int i = first; i < first + count; i++)
      inverseZ(i, CoreFields.of(work), CoreFields.of(real), grid, pencil.halfZ());
  }

  private void inverseZ(int i, float[] work, float[] real, Grid grid, int halfZ) {
    poll.run();
    int plane = grid.ny() * halfZ;
    int re = 2 * i * plane;
    transforms.inverseReal(work, re, re + plane, halfZ, real, grid.line(i, 0), grid.nz(), grid.nz(), grid.ny());
  }

  @Override
  public void transformY(Floats work, Pencil pencil, boolean inverse, int first, int count) {
    for (int i = first; i < first + count; i++)
      transformY(i, CoreFields.of(work), pencil.mesh().ny(), pencil.kzCount(), inverse);
  }

  private void transformY(int i, float[] work, int ny, int kzCount, boolean inverse) {
    poll.run();
    int plane = ny * kzCount;
    int re = 2 * i * plane;
    transforms.complex(work, re, re + plane, kzCount, ny, kzCount, inverse);
  }

  @Override
  public void transformX(Floats work, Pencil pencil, boolean inverse) {
    float[] data = CoreFields.of(work);
    int plane = pencil.kyCount() * pencil.kzCount();
    transforms.complex(data, 0, plane, 2 * plane, pencil.mesh().nx(), plane, inverse);
  }

  @Override
  public void forwardZY(Floats real, Grid grid, Floats work, Pencil pencil, int first, int count) {
    float[] from = CoreFields.of(real);
    float[] to = CoreFields.of(work);
    for (int i = first; i < first + count; i++) {
      forwardZ(i, from, grid, to, pencil.halfZ());
      transformY(i, to, grid.ny(), pencil.halfZ(), false);
    }
  }

  @Override
  public void inverseYZ(Floats work, Pencil pencil, Floats real, Grid grid, int first, int count) {
    float[] from = CoreFields.of(work);
    float[] to = CoreFields.of(real);
    for (int i = first; i < first + count; i++) {
      transformY(i, from, grid.ny(), pencil.halfZ(), true);
      inverseZ(i, from, to, grid, pencil.halfZ());
    }
  }

  @Override
  public void inverseLaplacianX(Floats work, Pencil pencil, double factor) {
    Mesh mesh = pencil.mesh();
    int plane = pencil.kyCount() * pencil.kzCount();
    Green green = new Green(floats(pencil.squares(0)), floats(pencil.squares(1)), floats(pencil.squares(2)),
        (float) factor);
    transforms.solve(CoreFields.of(work), 0, plane, 2 * plane, mesh.nx(), plane, green);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++)
      floats[i] = (float) values[i];
    return floats;
  }

  @Override
  public Staged pack(Floats work, Box box, MemorySegment staging) {
    MemorySegment from = CoreFields.bytes(work);
    forEachRun(box, (at, packed, bytes) -> MemorySegment.copy(from, at, staging, packed, bytes));
    return Staged.DONE;
  }

  @Override
  public Staged unpack(MemorySegment staging, Floats work, Box box) {
    MemorySegment to = CoreFields.bytes(work);
    forEachRun(box, (at, packed, bytes) -> MemorySegment.copy(staging, packed, to, at, bytes));
    return Staged.DONE;
  }

  /** Bytes of a box that lie one behind the other: from where in the array and in the packed box, and how many. */
  private interface Run {
    void copy(long at, long packed, long bytes);
  }

  private static void forEachRun(Box box, Run copies) {
    int run = box.nk() == box.ez() ? box.nj() * box.nk() : box.nk();
    long packed = 0;
    for (int plane = 2 * box.i0(); plane < 2 * (box.i0() + box.ni()); plane++) {
      int first = (plane * box.ey() + box.j0()) * box.ez() + box.k0();
      for (int done = 0; done < box.nj() * box.nk(); done += run, packed += 4L * run)
        copies.copy(4L * (first + done / box.nk() * box.ez()), packed, 4L * run);
    }
  }

  /** One line of modes along kz, its parts from {@code re} and {@code im} on, all with the same kx² + ky². */
  private interface Modes {
    void line(int re, int im, double squareXY, double[] squaresZ);
  }

  private static void forEachLine(Pencil pencil, Modes modes) {
    double[] x = pencil.squares(0);
    double[] y = pencil.squares(1);
    double[] z = pencil.squares(2);
    int plane = y.length * z.length;
    int at = 0;
    for (double squareX : x) {
      for (double squareY : y) {
        modes.line(at, at + plane, squareX + squareY, z);
        at += z.length;
      }
      at += plane;
    }
  }

  @Override
  public void colour(Floats work, Pencil pencil, RootPower power, double factor) {
    float[] data = CoreFields.of(work);
    double[] table = power.values();
    double[] root = new double[pencil.kzCount()];
    float[] filter = new float[pencil.kzCount()];
    forEachPair(pencil, power, (re, mirrorRe, toIm, line) -> {
      line.interpolate(table, root);
      filter(root, line.square, factor, filter);
      multiply(filter, data, re);
      multiply(filter, data, re + toIm);
      if (mirrorRe != re) {
        multiply(filter, data, mirrorRe);
        multiply(filter, data, mirrorRe + toIm);
      }
    });
  }

  private static void filter(double[] root, double[] square, double factor, float[] filter) {
    for (int k = 0; k < filter.length; k++)
      filter[k] = (float) (factor * root[k] / square[k]);
    // Squares grow along the line: no other mode can be the mean.
    if (filter.length > 0 && square[0] == 0)
      filter[0] = 0;
  }

  private static void multiply(float[] filter, float[] data, int at) {
    for (int k = 0; k < filter.length; k++)
      data[at + k] *= filter[k];
  }

  /**
   * A line of modes along kz from {@code re} on, its imaginary parts {@code toIm} behind, and the one at −kx, which has
   * the same k²; the same line where −kx is kx.
   */
  private interface Pair {
    void lines(int re, int mirrorRe, int toIm, ModeLine line);
  }

  private void forEachPair(Pencil pencil, RootPower power, Pair pair) {
    int nx = pencil.mesh().nx();
    double[] x = pencil.squares(0);
    double[] y = pencil.squares(1);
    ModeLine line = new ModeLine(power, pencil.squares(2));
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

  @Override
  public void powerTranspose(Floats a, Floats b, Pencil pencil, RootPower power, double factor, ExactSum[] sums) {
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    double[][] derivatives = new double[RootPower.PARAMETERS.size()][];
    Arrays.setAll(derivatives, power::derivative);
    int nz = pencil.mesh().nz();
    int count = pencil.kzCount();
    double[] weights = new double[count];
    for (int k = 0; k < count; k++)
      weights[k] = factor * weight(pencil.kz0() + k, nz);
    double[] own = new double[count];
    double[] mirrored = new double[count];
    double[] slope = new double[count];
    forEachPair(pencil, power, (re, mirrorRe, toIm, line) -> {
      terms(as, bs, re, re + toIm, weights, line.square, own);
      if (mirrorRe != re)
        terms(as, bs, mirrorRe, mirrorRe + toIm, weights, line.square, mirrored);
      for (int p = 0; p < derivatives.length; p++) {
        line.interpolate(derivatives[p], slope);
        add(own, slope, sums[p]);
        if (mirrorRe != re)
          add(mirrored, slope, sums[p]);
      }
    });
  }

  private static void terms(float[] a, float[] b, int re, int im, double[] weights, double[] square, double[] terms) {
    for (int k = 0; k < terms.length; k++) {
      double product = (double) a[re + k] * b[re + k] + (double) a[im + k] * b[im + k];
      terms[k] = weights[k] * product / square[k];
    }
    if (terms.length > 0 && square[0] == 0)
      terms[0] = 0;
  }

  private static void add(double[] terms, double[] slope, ExactSum sum) {
    for (int k = 0; k < terms.length; k++)
      sum.add(terms[k] * slope[k]);
  }

  /** How many modes of the full spectrum a mode of the half spectrum stands for. */
  private static int weight(int kz, int nz) {
    return kz == 0 || 2 * kz == nz ? 1 : 2;
  }

  @Override
  public void binPower(Floats a, Floats b, Pencil pencil, double binWidth, double factor, ExactSum[][] sums) {
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    int nz = pencil.mesh().nz();
    int kz0 = pencil.kz0();
    forEachLine(pencil, (re, im, squareXY, squaresZ) -> {
      for (int k = 0; k < squaresZ.length; k++) {
        double square = squareXY + squaresZ[k];
        double wave = Math.sqrt(square);
        int bin = (int) (wave / binWidth);
        if (square == 0 || bin >= sums.length)
          continue;
        int weight = weight(kz0 + k, nz);
        ExactSum[] sum = sums[bin];
        sum[0].add(weight);
        sum[1].add(weight * wave);
        sum[2].add(weight * factor * ((double) as[re + k] * as[re + k] + (double) as[im + k] * as[im + k]));
        sum[3].add(weight * factor * ((double) bs[re + k] * bs[re + k] + (double) bs[im + k] * bs[im + k]));
        sum[4].add(weight * factor * ((double) as[re + k] * bs[re + k] + (double) as[im + k] * bs[im + k]));
      }
    });
  }
}
