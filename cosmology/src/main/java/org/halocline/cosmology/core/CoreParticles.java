package org.halocline.cosmology.core;

import java.util.Arrays;
import org.halocline.cosmology.mesh.ExactSum;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Field.Ints;
import org.halocline.cosmology.mesh.FixedPoint;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Particles;

/**
 * Scalar loops over the particles of a block, z line by z line. A particle's cell is its site plus the whole part of its
 * displacement; tables turn a cell into an offset, so wrapping and ghost cells cost nothing. They cover every int32
 * displacement, so no particle can reach outside a mesh.
 */
final class CoreParticles implements Particles {
  /** Adding it rounds a double of magnitude below 2^51 to an integer in its low bits. */
  private static final double ROUND = 0x1.8p52;

  /** Offset tables of one grid, shifted so that element {@code site + (x >> bits) + reach} is the particle's cell. */
  private record Cells(int[] x, int[] y, int[] z, int reach, int bits, int mask, float fraction) {
    static Cells of(Grid grid, FixedPoint units) {
      int bits = units.displacementBits();
      int reach = (1 << 31 - bits) + 1;
      return new Cells(grid.offsetsX(reach), grid.offsetsY(reach), grid.offsetsZ(reach), reach, bits, (1 << bits) - 1,
          (float) units.cell());
    }
  }

  @Override
  public double drift(Ints x, Ints p, double c, int sign, FixedPoint units) {
    int[] xs = CoreFields.of(x);
    int[] ps = CoreFields.of(p);
    double quanta = c * units.momentum() / units.cell();
    double largest = 0;
    for (int i = 0; i < xs.length; i++) {
      double moved = xs[i] + sign * Math.rint(quanta * ps[i]);
      largest = Math.max(largest, Math.abs(moved));
      xs[i] = (int) moved;
    }
    return largest * units.cell();
  }

  @Override
  public void driftTranspose(Floats xi, Floats pi, Ints p, double c, FixedPoint units, int nz, ExactSum sum) {
    float[] xis = CoreFields.of(xi);
    float[] pis = CoreFields.of(pi);
    int[] ps = CoreFields.of(p);
    float cf = (float) c;
    for (int start = 0; start < ps.length; start += nz) {
      double line = 0;
      for (int i = start; i < start + nz; i++) {
        line += (double) xis[i] * ps[i];
        pis[i] += cf * xis[i];
      }
      sum.add(line * units.momentum());
    }
  }

  @Override
  public void paint(Ints[] x, Grid grid, FixedPoint units, Ints mesh) {
    int[] xs = CoreFields.of(x[0]);
    int[] ys = CoreFields.of(x[1]);
    int[] zs = CoreFields.of(x[2]);
    int[] cells = CoreFields.of(mesh);
    Cells at = Cells.of(grid, units);
    int[] ox = at.x;
    int[] oy = at.y;
    int[] oz = at.z;
    int bits = at.bits;
    int mask = at.mask;
    float fraction = at.fraction;
    int mass = units.massUnits();
    Arrays.fill(cells, 0, Math.toIntExact(grid.size()), 0);
    int n = 0;
    for (int i = 0; i < grid.nx(); i++) {
      for (int j = 0; j < grid.ny(); j++) {
        for (int k = 0; k < grid.nz(); k++, n++) {
          int x0 = xs[n];
          int y0 = ys[n];
          int z0 = zs[n];
          int a = i + (x0 >> bits) + at.reach;
          int b = j + (y0 >> bits) + at.reach;
          int c = k + (z0 >> bits) + at.reach;
          float fx = (x0 & mask) * fraction;
          float fy = (y0 & mask) * fraction;
          float fz = (z0 & mask) * fraction;
          int m1 = (int) (mass * fx + 0.5f);
          int m0 = mass - m1;
          int m11 = (int) (m1 * fy + 0.5f);
          int m10 = m1 - m11;
          int m01 = (int) (m0 * fy + 0.5f);
          int m00 = m0 - m01;
          int m111 = (int) (m11 * fz + 0.5f);
          int m101 = (int) (m10 * fz + 0.5f);
          int m011 = (int) (m01 * fz + 0.5f);
          int m001 = (int) (m00 * fz + 0.5f);
          int c0 = oz[c];
          int c1 = oz[c + 1];
          int line = ox[a] + oy[b];
          cells[line + c0] += m00 - m001;
          cells[line + c1] += m001;
          line = ox[a] + oy[b + 1];
          cells[line + c0] += m01 - m011;
          cells[line + c1] += m011;
          line = ox[a + 1] + oy[b];
          cells[line + c0] += m10 - m101;
          cells[line + c1] += m101;
          line = ox[a + 1] + oy[b + 1];
          cells[line + c0] += m11 - m111;
          cells[line + c1] += m111;
        }
      }
    }
  }

  @Override
  public double kick(Ints[] x, Grid grid, Floats force, Ints p, double c, int sign, FixedPoint units) {
    int[] xs = CoreFields.of(x[0]);
    int[] ys = CoreFields.of(x[1]);
    int[] zs = CoreFields.of(x[2]);
    float[] f = CoreFields.of(force);
    int[] ps = CoreFields.of(p);
    Cells at = Cells.of(grid, units);
    int[] ox = at.x;
    int[] oy = at.y;
    int[] oz = at.z;
    int bits = at.bits;
    int mask = at.mask;
    float fraction = at.fraction;
    double quanta = c / units.momentum();
    double largest = 0;
    int n = 0;
    for (int i = 0; i < grid.nx(); i++) {
      for (int j = 0; j < grid.ny(); j++) {
        for (int k = 0; k < grid.nz(); k++, n++) {
          int x0 = xs[n];
          int y0 = ys[n];
          int z0 = zs[n];
          int a = i + (x0 >> bits) + at.reach;
          int b = j + (y0 >> bits) + at.reach;
          int cz = k + (z0 >> bits) + at.reach;
          float fx = (x0 & mask) * fraction;
          float fy = (y0 & mask) * fraction;
          float fz = (z0 & mask) * fraction;
          int c0 = oz[cz];
          int c1 = oz[cz + 1];
          int l00 = ox[a] + oy[b];
          int l01 = ox[a] + oy[b + 1];
          int l10 = ox[a + 1] + oy[b];
          int l11 = ox[a + 1] + oy[b + 1];
          float g00 = f[l00 + c0] + fz * (f[l00 + c1] - f[l00 + c0]);
          float g01 = f[l01 + c0] + fz * (f[l01 + c1] - f[l01 + c0]);
          float g10 = f[l10 + c0] + fz * (f[l10 + c1] - f[l10 + c0]);
          float g11 = f[l11 + c0] + fz * (f[l11 + c1] - f[l11 + c0]);
          float g0 = g00 + fy * (g01 - g00);
          float g1 = g10 + fy * (g11 - g10);
          float g = g0 + fx * (g1 - g0);
          double kicked = ps[n] + sign * Math.rint(quanta * g);
          largest = Math.max(largest, Math.abs(kicked));
          ps[n] = (int) kicked;
        }
      }
    }
    return largest;
  }

  @Override
  public void kickTranspose(Ints[] x, Grid grid, Floats force, Ints p, Floats pi, Floats[] xi, double c,
      FixedPoint units,
      double factor, ExactSum sum) {
    int[] xs = CoreFields.of(x[0]);
    int[] ys = CoreFields.of(x[1]);
    int[] zs = CoreFields.of(x[2]);
    float[] f = CoreFields.of(force);
    int[] ps = CoreFields.of(p);
    float[] pis = CoreFields.of(pi);
    float[] xix = CoreFields.of(xi[0]);
    float[] xiy = CoreFields.of(xi[1]);
    float[] xiz = CoreFields.of(xi[2]);
    Cells at = Cells.of(grid, units);
    int[] ox = at.x;
    int[] oy = at.y;
    int[] oz = at.z;
    int bits = at.bits;
    int mask = at.mask;
    float fraction = at.fraction;
    double quanta = c / units.momentum();
    float cf = (float) c;
    int n = 0;
    for (int i = 0; i < grid.nx(); i++) {
      for (int j = 0; j < grid.ny(); j++) {
        double line = 0;
        for (int k = 0; k < grid.nz(); k++, n++) {
          int x0 = xs[n];
          int y0 = ys[n];
          int z0 = zs[n];
          int a = i + (x0 >> bits) + at.reach;
          int b = j + (y0 >> bits) + at.reach;
          int cz = k + (z0 >> bits) + at.reach;
          float fx = (x0 & mask) * fraction;
          float fy = (y0 & mask) * fraction;
          float fz = (z0 & mask) * fraction;
          int c0 = oz[cz];
          int c1 = oz[cz + 1];
          int l00 = ox[a] + oy[b];
          int l01 = ox[a] + oy[b + 1];
          int l10 = ox[a + 1] + oy[b];
          int l11 = ox[a + 1] + oy[b + 1];
          float d00 = f[l00 + c1] - f[l00 + c0];
          float d01 = f[l01 + c1] - f[l01 + c0];
          float d10 = f[l10 + c1] - f[l10 + c0];
          float d11 = f[l11 + c1] - f[l11 + c0];
          float g00 = f[l00 + c0] + fz * d00;
          float g01 = f[l01 + c0] + fz * d01;
          float g10 = f[l10 + c0] + fz * d10;
          float g11 = f[l11 + c0] + fz * d11;
          float g0 = g00 + fy * (g01 - g00);
          float g1 = g10 + fy * (g11 - g10);
          float g = g0 + fx * (g1 - g0);
          ps[n] = (int) (ps[n] - Math.rint(quanta * g));
          line += (double) pis[n] * g;
          float cotangent = cf * pis[n];
          float dy0 = g01 - g00;
          float dz0 = d00 + fy * (d01 - d00);
          xix[n] += cotangent * (g1 - g0);
          xiy[n] += cotangent * (dy0 + fx * (g11 - g10 - dy0));
          xiz[n] += cotangent * (dz0 + fx * (d10 + fy * (d11 - d10) - dz0));
        }
        sum.add(factor * line);
      }
    }
  }

  @Override
  public void paintCotangent(Ints[] x, Grid grid, Floats value, double c, double scale, FixedPoint units, Ints mesh) {
    int[] xs = CoreFields.of(x[0]);
    int[] ys = CoreFields.of(x[1]);
    int[] zs = CoreFields.of(x[2]);
    float[] values = CoreFields.of(value);
    int[] cells = CoreFields.of(mesh);
    Cells at = Cells.of(grid, units);
    int[] ox = at.x;
    int[] oy = at.y;
    int[] oz = at.z;
    int bits = at.bits;
    int mask = at.mask;
    double fraction = units.cell();
    double factor = c * scale;
    Arrays.fill(cells, 0, Math.toIntExact(grid.size()), 0);
    int n = 0;
    for (int i = 0; i < grid.nx(); i++) {
      for (int j = 0; j < grid.ny(); j++) {
        for (int k = 0; k < grid.nz(); k++, n++) {
          int x0 = xs[n];
          int y0 = ys[n];
          int z0 = zs[n];
          int a = i + (x0 >> bits) + at.reach;
          int b = j + (y0 >> bits) + at.reach;
          int cz = k + (z0 >> bits) + at.reach;
          double fx = (x0 & mask) * fraction;
          double fy = (y0 & mask) * fraction;
          double fz = (z0 & mask) * fraction;
          double v = factor * values[n];
          double v1 = v * fx;
          double v0 = v - v1;
          double v11 = v1 * fy;
          double v10 = v1 - v11;
          double v01 = v0 * fy;
          double v00 = v0 - v01;
          int c0 = oz[cz];
          int c1 = oz[cz + 1];
          int line = ox[a] + oy[b];
          double upper = v00 * fz;
          cells[line + c0] += round(v00 - upper);
          cells[line + c1] += round(upper);
          line = ox[a] + oy[b + 1];
          upper = v01 * fz;
          cells[line + c0] += round(v01 - upper);
          cells[line + c1] += round(upper);
          line = ox[a + 1] + oy[b];
          upper = v10 * fz;
          cells[line + c0] += round(v10 - upper);
          cells[line + c1] += round(upper);
          line = ox[a + 1] + oy[b + 1];
          upper = v11 * fz;
          cells[line + c0] += round(v11 - upper);
          cells[line + c1] += round(upper);
        }
      }
    }
  }

  private static int round(double value) {
    return (int) Double.doubleToRawLongBits(value + ROUND);
  }

  @Override
  public void paintTranspose(Ints[] x, Grid grid, Floats cotangent, FixedPoint units, Floats[] xi) {
    int[] xs = CoreFields.of(x[0]);
    int[] ys = CoreFields.of(x[1]);
    int[] zs = CoreFields.of(x[2]);
    float[] f = CoreFields.of(cotangent);
    float[] xix = CoreFields.of(xi[0]);
    float[] xiy = CoreFields.of(xi[1]);
    float[] xiz = CoreFields.of(xi[2]);
    Cells at = Cells.of(grid, units);
    int[] ox = at.x;
    int[] oy = at.y;
    int[] oz = at.z;
    int bits = at.bits;
    int mask = at.mask;
    float fraction = at.fraction;
    int n = 0;
    for (int i = 0; i < grid.nx(); i++) {
      for (int j = 0; j < grid.ny(); j++) {
        for (int k = 0; k < grid.nz(); k++, n++) {
          int x0 = xs[n];
          int y0 = ys[n];
          int z0 = zs[n];
          int a = i + (x0 >> bits) + at.reach;
          int b = j + (y0 >> bits) + at.reach;
          int cz = k + (z0 >> bits) + at.reach;
          float fx = (x0 & mask) * fraction;
          float fy = (y0 & mask) * fraction;
          float fz = (z0 & mask) * fraction;
          int c0 = oz[cz];
          int c1 = oz[cz + 1];
          int l00 = ox[a] + oy[b];
          int l01 = ox[a] + oy[b + 1];
          int l10 = ox[a + 1] + oy[b];
          int l11 = ox[a + 1] + oy[b + 1];
          float d00 = f[l00 + c1] - f[l00 + c0];
          float d01 = f[l01 + c1] - f[l01 + c0];
          float d10 = f[l10 + c1] - f[l10 + c0];
          float d11 = f[l11 + c1] - f[l11 + c0];
          float g00 = f[l00 + c0] + fz * d00;
          float g01 = f[l01 + c0] + fz * d01;
          float g10 = f[l10 + c0] + fz * d10;
          float g11 = f[l11 + c0] + fz * d11;
          float g0 = g00 + fy * (g01 - g00);
          float g1 = g10 + fy * (g11 - g10);
          float dy0 = g01 - g00;
          float dz0 = d00 + fy * (d01 - d00);
          xix[n] += g1 - g0;
          xiy[n] += dy0 + fx * (g11 - g10 - dy0);
          xiz[n] += dz0 + fx * (d10 + fy * (d11 - d10) - dz0);
        }
      }
    }
  }

  @Override
  public double largest(Floats values) {
    float largest = 0;
    for (float value : CoreFields.of(values))
      largest = Math.max(largest, Math.abs(value));
    return largest;
  }

  @Override
  public int largest(Ints mesh, Grid grid) {
    int[] cells = CoreFields.of(mesh);
    int largest = 0;
    for (int i = 0; i < grid.size(); i++)
      largest = Math.max(largest, cells[i]);
    return largest;
  }

  @Override
  public double fix(Floats first, double a, Floats second, double b, double quantum, Ints into) {
    float[] firsts = CoreFields.of(first);
    float[] seconds = CoreFields.of(second);
    int[] fixed = CoreFields.of(into);
    double largest = 0;
    for (int i = 0; i < fixed.length; i++) {
      double value = Math.rint((a * firsts[i] + b * seconds[i]) / quantum);
      largest = Math.max(largest, Math.abs(value));
      fixed[i] = (int) value;
    }
    return largest * quantum;
  }
}
