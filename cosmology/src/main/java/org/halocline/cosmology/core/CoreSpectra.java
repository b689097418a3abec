package org.halocline.cosmology.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.halocline.cosmology.background.Parameter;
import org.halocline.cosmology.background.RootPower;
import org.halocline.cosmology.fft.LineTransforms;
import org.halocline.cosmology.mesh.ExactSum;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.mesh.Spectra;

final class CoreSpectra implements Spectra {
  private final LineTransforms transforms;

  CoreSpectra(LineTransforms transforms) {
    this.transforms = transforms;
  }

  @Override
  public void forwardZ(Floats real, Grid grid, Floats work, Pencil pencil) {
    float[] from = CoreFields.of(real);
    float[] to = CoreFields.of(work);
    int pairs = pencil.halfZ();
    int line = 0;
    for (int i = 0; i < grid.nx(); i++)
      for (int j = 0; j < grid.ny(); j++)
        transforms.forwardReal(from, grid.line(i, j), to, 2 * pairs * line++, grid.nz());
  }

  @Override
  public void inverseZ(Floats work, Pencil pencil, Floats real, Grid grid) {
    float[] from = CoreFields.of(work);
    float[] to = CoreFields.of(real);
    int pairs = pencil.halfZ();
    int line = 0;
    for (int i = 0; i < grid.nx(); i++)
      for (int j = 0; j < grid.ny(); j++)
        transforms.inverseReal(from, 2 * pairs * line++, to, grid.line(i, j), grid.nz());
  }

  @Override
  public void transformY(Floats work, Pencil pencil, boolean inverse) {
    int ny = pencil.mesh().ny();
    int pairs = pencil.kzCount();
    float[] data = CoreFields.of(work);
    for (int i = 0; i < pencil.block().nx(); i++)
      transforms.complex(data, i * ny * pairs, ny, pairs, pairs, 1, inverse);
  }

  @Override
  public void transformX(Floats work, Pencil pencil, boolean inverse) {
    int plane = pencil.kyCount() * pencil.kzCount();
    transforms.complex(CoreFields.of(work), 0, pencil.mesh().nx(), plane, plane, 1, inverse);
  }

  @Override
  public void pack(Floats work, Box box, MemorySegment staging) {
    float[] from = CoreFields.of(work);
    long offset = 0;
    for (int i = box.i0(); i < box.i0() + box.ni(); i++) {
      for (int j = box.j0(); j < box.j0() + box.nj(); j++) {
        int at = 2 * ((i * box.ey() + j) * box.ez() + box.k0());
        MemorySegment.copy(from, at, staging, ValueLayout.JAVA_FLOAT, offset, 2 * box.nk());
        offset += 8L * box.nk();
      }
    }
  }

  @Override
  public void unpack(MemorySegment staging, Floats work, Box box) {
    float[] to = CoreFields.of(work);
    long offset = 0;
    for (int i = box.i0(); i < box.i0() + box.ni(); i++) {
      for (int j = box.j0(); j < box.j0() + box.nj(); j++) {
        int at = 2 * ((i * box.ey() + j) * box.ez() + box.k0());
        MemorySegment.copy(staging, ValueLayout.JAVA_FLOAT, offset, to, at, 2 * box.nk());
        offset += 8L * box.nk();
      }
    }
  }

  /** Squares of the wave numbers of one axis, (h/Mpc)², for indices [first, first + count). */
  private static double[] squares(Mesh mesh, int axis, int first, int count) {
    double[] squares = new double[count];
    int n = mesh.cells(axis);
    double fundamental = 2 * StrictMath.PI / mesh.lengthMpcH(axis);
    for (int i = 0; i < count; i++) {
      int index = first + i;
      double k = fundamental * (index <= n / 2 ? index : index - n);
      squares[i] = k * k;
    }
    return squares;
  }

  /** One line of modes along kz: pairs from {@code at} on, all with the same kx² + ky². */
  private interface Modes {
    void line(int at, double squareXY, double[] squaresZ);
  }

  private static void forEachLine(Pencil pencil, Modes modes) {
    Mesh mesh = pencil.mesh();
    double[] x = squares(mesh, 0, 0, mesh.nx());
    double[] y = squares(mesh, 1, pencil.ky0(), pencil.kyCount());
    double[] z = squares(mesh, 2, pencil.kz0(), pencil.kzCount());
    int at = 0;
    for (double squareX : x) {
      for (double squareY : y) {
        modes.line(at, squareX + squareY, z);
        at += 2 * z.length;
      }
    }
  }

  @Override
  public void inverseLaplacian(Floats work, Pencil pencil, double factor) {
    float[] data = CoreFields.of(work);
    forEachLine(pencil, (at, squareXY, squaresZ) -> {
      for (int k = 0; k < squaresZ.length; k++) {
        double square = squareXY + squaresZ[k];
        float green = square == 0 ? 0 : (float) (-factor / square);
        data[at + 2 * k] *= green;
        data[at + 2 * k + 1] *= green;
      }
    });
  }

  @Override
  public void colour(Floats work, Pencil pencil, RootPower power, double factor) {
    float[] data = CoreFields.of(work);
    double[] table = power.values();
    forEachLine(pencil, (at, squareXY, squaresZ) -> {
      for (int k = 0; k < squaresZ.length; k++) {
        double square = squareXY + squaresZ[k];
        float filter = square == 0 ? 0 : (float) (factor * interpolate(power, table, square) / square);
        data[at + 2 * k] *= filter;
        data[at + 2 * k + 1] *= filter;
      }
    });
  }

  private static double interpolate(RootPower power, double[] table, double square) {
    return power.interpolateAt(table, Math.sqrt(Math.sqrt(Math.sqrt(square))));
  }

  @Override
  public void powerTranspose(Floats a, Floats b, Pencil pencil, RootPower power, double factor, ExactSum[] sums) {
    float[] as = CoreFields.of(a);
    float[] bs = CoreFields.of(b);
    double[][] derivatives = new double[Parameter.values().length][];
    for (Parameter p : Parameter.values())
      derivatives[p.ordinal()] = power.derivative(p);
    int nz = pencil.mesh().nz();
    int kz0 = pencil.kz0();
    forEachLine(pencil, (at, squareXY, squaresZ) -> {
      for (int k = 0; k < squaresZ.length; k++) {
        double square = squareXY + squaresZ[k];
        if (square == 0)
          continue;
        int re = at + 2 * k;
        double product = (double) as[re] * bs[re] + (double) as[re + 1] * bs[re + 1];
        double term = factor * weight(kz0 + k, nz) * product / square;
        for (int p = 0; p < derivatives.length; p++)
          if (derivatives[p].length > 0)
            sums[p].add(term * interpolate(power, derivatives[p], square));
      }
    });
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
    forEachLine(pencil, (at, squareXY, squaresZ) -> {
      for (int k = 0; k < squaresZ.length; k++) {
        double square = squareXY + squaresZ[k];
        double wave = Math.sqrt(square);
        int bin = (int) (wave / binWidth);
        if (square == 0 || bin >= sums.length)
          continue;
        int re = at + 2 * k;
        int weight = weight(kz0 + k, nz);
        ExactSum[] sum = sums[bin];
        sum[0].add(weight);
        sum[1].add(weight * wave);
        sum[2].add(weight * factor * ((double) as[re] * as[re] + (double) as[re + 1] * as[re + 1]));
        sum[3].add(weight * factor * ((double) bs[re] * bs[re] + (double) bs[re + 1] * bs[re + 1]));
        sum[4].add(weight * factor * ((double) as[re] * bs[re] + (double) as[re + 1] * bs[re + 1]));
      }
    });
  }
}
