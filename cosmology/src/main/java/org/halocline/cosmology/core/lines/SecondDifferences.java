package org.halocline.cosmology.core.lines;

import org.halocline.cosmology.mesh.Grid;

/** Differences of differences, line by line, so that no mesh of first differences is needed. One lane's own. */
public final class SecondDifferences {
  private static final float TWELFTH = 1f / 12;

  private final DifferenceLines lines;
  private final Runnable poll;
  private float[] around = new float[0];
  private float[] line = new float[0];
  private float[] product = new float[0];

  public SecondDifferences(DifferenceLines lines, Runnable poll) {
    this.lines = lines;
    this.poll = poll;
  }

  /** {@code out[to + k] (+)= factor · D_j D_i f} of the z line (a, b) of the interior. */
  private void line(float[] f, Grid grid, int[] ox, int[] oy, int a, int b, int i, int j, float factor, float[] out) {
    int width = grid.nz() + 4;
    if (j == 2) {
      first(f, grid, ox, oy, a, b, i, 0);
      lines.write(around, 0, 1, 3, 4, factor * TWELFTH, out, 0, grid.nz());
      return;
    }
    for (int side = 0; side < 4; side++) {
      int shift = side < 2 ? side - 2 : side - 1;
      first(f, grid, ox, oy, j == 0 ? a + shift : a, j == 1 ? b + shift : b, i, side * width);
    }
    lines.write(around, 2, width + 2, 2 * width + 2, 3 * width + 2, factor * TWELFTH, out, 0,
        grid.nz());
  }

  /** {@code D_i f} of a line, from two cells before its first to two behind its last, which wrap around. */
  private void first(float[] f, Grid grid, int[] ox, int[] oy, int a, int b, int i, int at) {
    int nz = grid.nz();
    int own = ox[a] + oy[b];
    switch (i) {
      case 0 ->
        lines.write(f, ox[a - 2] + oy[b], ox[a - 1] + oy[b], ox[a + 1] + oy[b], ox[a + 2] + oy[b],
            TWELFTH, around, at + 2, nz);
      case 1 ->
        lines.write(f, ox[a] + oy[b - 2], ox[a] + oy[b - 1], ox[a] + oy[b + 1], ox[a] + oy[b + 2],
            TWELFTH, around, at + 2, nz);
      default -> {
        System.arraycopy(f, own, line, 2, nz);
        DifferenceLines.wrap(line, 0, nz);
        lines.write(line, 0, 1, 3, 4, TWELFTH, around, at + 2, nz);
      }
    }
    DifferenceLines.wrap(around, at, nz);
  }

  private void fit(int nz) {
    if (line.length >= nz + 4)
      return;
    around = new float[4 * (nz + 4)];
    line = new float[nz + 4];
    product = new float[nz];
  }

  /** Adds {@code factor · D_j D_i f} to the interior of out, or writes it there. */
  public void apply(float[] f, Grid grid, int i, int j, double factor, boolean add, float[] out, Grid outGrid) {
    int nz = grid.nz();
    fit(nz);
    int[] ox = grid.offsetsX(4);
    int[] oy = grid.offsetsY(4);
    for (int a = 0; a < grid.nx(); a++) {
      poll.run();
      for (int b = 0; b < grid.ny(); b++) {
        line(f, grid, ox, oy, a + 4, b + 4, i, j, (float) factor, product);
        int to = outGrid.line(a, b);
        if (add)
          for (int k = 0; k < nz; k++)
            out[to + k] += product[k];
        else
          System.arraycopy(product, 0, out, to, nz);
      }
    }
  }

  /** {@code Σ_{i<j} f,ii f,jj − f,ij²} on the interior of out, in the order xy, yz, zx. */
  public void secondOrderSource(float[] f, Grid grid, double[] cells, float[] out, Grid outGrid) {
    int nz = grid.nz();
    fit(nz);
    float[][] own = new float[3][nz];
    float[][] mixed = new float[3][nz];
    int[] ox = grid.offsetsX(4);
    int[] oy = grid.offsetsY(4);
    for (int a = 0; a < grid.nx(); a++) {
      poll.run();
      for (int b = 0; b < grid.ny(); b++) {
        for (int i = 0; i < 3; i++) {
          int j = (i + 1) % 3;
          line(f, grid, ox, oy, a + 4, b + 4, i, i, (float) (1 / (cells[i] * cells[i])), own[i]);
          line(f, grid, ox, oy, a + 4, b + 4, i, j, (float) (1 / (cells[i] * cells[j])), mixed[i]);
        }
        source(own[0], own[1], own[2], mixed[0], mixed[1], mixed[2], product);
        System.arraycopy(product, 0, out, outGrid.line(a, b), nz);
      }
    }
  }

  private static void source(float[] xx, float[] yy, float[] zz, float[] xy, float[] yz, float[] zx, float[] out) {
    for (int k = 0; k < xx.length; k++)
      out[k] = xx[k] * yy[k] - xy[k] * xy[k] + (yy[k] * zz[k] - yz[k] * yz[k]) + (zz[k] * xx[k] - zx[k] * zx[k]);
  }
}
