package org.halocline.cosmology.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.halocline.cosmology.core.lines.DifferenceLines;
import org.halocline.cosmology.core.lines.SecondDifferences;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Meshes;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.EdgeRows;
import org.halocline.cosmology.mesh.Grid;

final class CoreMeshes implements Meshes {
  /** Cells on either side that a difference looks at. */
  private static final int DIFFERENCE = 2;

  private final DifferenceLines lines;
  private final SecondDifferences second;
  private final Runnable poll;
  private float[] padded = new float[0];
  private int[] added = new int[0];

  CoreMeshes(DifferenceLines lines, Runnable poll) {
    this.lines = lines;
    this.poll = poll;
    this.second = new SecondDifferences(lines, poll);
  }

  /**
   * One z line of a difference: where the lines two and one below, one and two above start (z: all the line itself).
   */
  private interface Stencil {
    void line(int m2, int m1, int p1, int p2, int to);
  }

  @Override
  public void difference(Floats field, Grid grid, int axis, double factor, Floats out, Grid outGrid) {
    float[] f = CoreFields.of(field);
    float[] o = CoreFields.of(out);
    float scale = (float) (factor / 12);
    forEachLine(grid, outGrid, axis, outGrid.haloY(), -outGrid.haloX(), grid.nx() + outGrid.haloX(),
        (m2, m1, p1, p2, to) -> {
          if (axis == 2) {
            System.arraycopy(f, m2, padded, 2, grid.nz());
            DifferenceLines.wrap(padded, 0, grid.nz());
            lines.write(padded, 0, 1, 3, 4, scale, o, to, grid.nz());
          } else
            lines.write(f, m2, m1, p1, p2, scale, o, to, grid.nz());
        });
  }

  @Override
  public void addDifference(Floats field, Grid grid, int axis, double factor, Floats out, Grid outGrid) {
    float[] f = CoreFields.of(field);
    float[] o = CoreFields.of(out);
    float scale = (float) (factor / 12);
    forEachLine(grid, outGrid, axis, 0, 0, grid.nx(), (m2, m1, p1, p2, to) -> {
      if (axis == 2) {
        System.arraycopy(f, m2, padded, 2, grid.nz());
        DifferenceLines.wrap(padded, 0, grid.nz());
        lines.add(padded, 0, 1, 3, 4, scale, o, to, grid.nz());
      } else
        lines.add(f, m2, m1, p1, p2, scale, o, to, grid.nz());
    });
  }

  @Override
  public void addDifference(Ints field, Grid grid, int axis, double factor, Floats out, Grid outGrid,
      Runnable ghostsNeeded) {
    int[] f = CoreFields.of(field);
    float[] o = CoreFields.of(out);
    float scale = (float) (factor / 12);
    Stencil stencil = (m2, m1, p1, p2, to) -> {
      if (axis == 2) {
        for (int k = 0; k < grid.nz(); k++)
          padded[2 + k] = f[m2 + k];
        DifferenceLines.wrap(padded, 0, grid.nz());
        lines.add(padded, 0, 1, 3, 4, scale, o, to, grid.nz());
      } else
        add(f, m2, m1, p1, p2, scale, o, to, grid.nz());
    };
    EdgeRows.of(grid, DIFFERENCE).last(ghostsNeeded,
        (from, to) -> forEachLine(grid, outGrid, axis, 0, from, to, stencil));
  }

  private static void add(int[] f, int m2, int m1, int p1, int p2, float scale, float[] out, int to, int count) {
    for (int k = 0; k < count; k++)
      out[to + k] += scale
          * (8 * ((float) f[p1 + k] - (float) f[m1 + k]) - ((float) f[p2 + k] - (float) f[m2 + k]));
  }

  /** Lines of rows [from, end) along x, which may lie in the halo. */
  private void forEachLine(Grid grid, Grid outGrid, int axis, int haloY, int from, int end, Stencil stencil) {
    if (padded.length < grid.nz() + 4)
      padded = new float[grid.nz() + 4];
    int reachX = Math.max(0, -from) + DIFFERENCE;
    int reachY = haloY + DIFFERENCE;
    int[] ox = grid.offsetsX(reachX);
    int[] oy = grid.offsetsY(reachY);
    for (int i = from; i < end; i++) {
      poll.run();
      for (int j = -haloY; j < grid.ny() + haloY; j++) {
        int to = outGrid.line(i, j);
        int a = i + reachX;
        int b = j + reachY;
        switch (axis) {
          case 0 -> stencil.line(ox[a - 2] + oy[b], ox[a - 1] + oy[b], ox[a + 1] + oy[b], ox[a + 2] + oy[b], to);
          case 1 -> stencil.line(ox[a] + oy[b - 2], ox[a] + oy[b - 1], ox[a] + oy[b + 1], ox[a] + oy[b + 2], to);
          default -> {
            int line = ox[a] + oy[b];
            stencil.line(line, line, line, line, to);
          }
        }
      }
    }
  }

  @Override
  public long overdensity(Ints mesh, Grid grid, double factor, double offset, Floats out, Grid outGrid) {
    int[] cells = CoreFields.of(mesh);
    float[] o = CoreFields.of(out);
    long total = 0;
    for (int i = 0; i < grid.nx(); i++)
      for (int j = 0; j < grid.ny(); j++) {
        int from = grid.line(i, j);
        int to = outGrid.line(i, j);
        for (int k = 0; k < grid.nz(); k++) {
          int cell = cells[from + k];
          total += cell;
          o[to + k] = (float) (cell * factor + offset);
        }
      }
    return total;
  }

  @Override
  public void copyInterior(Floats from, Grid grid, Floats to, Grid toGrid) {
    float[] f = CoreFields.of(from);
    float[] t = CoreFields.of(to);
    for (int i = 0; i < grid.nx(); i++)
      for (int j = 0; j < grid.ny(); j++)
        System.arraycopy(f, grid.line(i, j), t, toGrid.line(i, j), grid.nz());
  }

  @Override
  public void multiply(Floats a, Grid aGrid, Floats out, Grid outGrid) {
    float[] as = CoreFields.of(a);
    float[] os = CoreFields.of(out);
    for (int i = 0; i < aGrid.nx(); i++)
      for (int j = 0; j < aGrid.ny(); j++) {
        int la = aGrid.line(i, j);
        int lo = outGrid.line(i, j);
        for (int k = 0; k < aGrid.nz(); k++)
          os[lo + k] *= as[la + k];
      }
  }

  @Override
  public void combine(double a, Floats x, double b, Floats y, Floats out, Grid outGrid) {
    float[] xs = CoreFields.of(x);
    float[] ys = CoreFields.of(y);
    float[] os = CoreFields.of(out);
    float af = (float) a;
    float bf = (float) b;
    int from = 0;
    for (int i = 0; i < outGrid.nx(); i++)
      for (int j = 0; j < outGrid.ny(); j++, from += outGrid.nz()) {
        int to = outGrid.line(i, j);
        for (int k = 0; k < outGrid.nz(); k++)
          os[to + k] = af * xs[from + k] + bf * ys[from + k];
      }
  }

  @Override
  public void secondDifference(Floats field, Grid grid, int i, int j, double factor, boolean add, Floats out,
      Grid outGrid) {
    second.apply(CoreFields.of(field), grid, i, j, factor, add, CoreFields.of(out), outGrid);
  }

  @Override
  public void secondOrderSource(Floats potential, Grid grid, double[] cells, Floats out, Grid outGrid) {
    second.secondOrderSource(CoreFields.of(potential), grid, cells, CoreFields.of(out), outGrid);
  }

  @Override
  public void plane(Ints mesh, Grid grid, int k0, int k1, double factor, double[] into) {
    int[] cells = CoreFields.of(mesh);
    int at = 0;
    for (int i = 0; i < grid.nx(); i++)
      for (int j = 0; j < grid.ny(); j++) {
        int line = grid.line(i, j);
        long sum = 0;
        for (int k = k0; k < k1; k++)
          sum += cells[line + k];
        into[at++] = sum * factor;
      }
  }

  @Override
  public void addPlane(double[] plane, double factor, int k0, int k1, Floats out, Grid outGrid) {
    float[] o = CoreFields.of(out);
    int at = 0;
    for (int i = 0; i < outGrid.nx(); i++)
      for (int j = 0; j < outGrid.ny(); j++) {
        int line = outGrid.line(i, j);
        float value = (float) (plane[at++] * factor);
        for (int k = k0; k < k1; k++)
          o[line + k] += value;
      }
  }

  @Override
  public Staged pack(Field field, Grid grid, int i0, int ni, int j0, int nj, MemorySegment staging, long offset) {
    MemorySegment cells = CoreFields.mesh(field);
    long run = 4L * nj * grid.nz();
    for (int i = 0; i < ni; i++)
      MemorySegment.copy(cells, 4L * grid.line(i0 + i, j0), staging, offset + i * run, run);
    return Staged.DONE;
  }

  @Override
  public Staged unpack(MemorySegment staging, long offset, Field field, Grid grid, int i0, int ni, int j0, int nj) {
    MemorySegment cells = CoreFields.mesh(field);
    long run = 4L * nj * grid.nz();
    for (int i = 0; i < ni; i++)
      MemorySegment.copy(staging, offset + i * run, cells, 4L * grid.line(i0 + i, j0), run);
    return Staged.DONE;
  }

  @Override
  public Staged unpackAdd(MemorySegment staging, long offset, Ints field, Grid grid, int i0, int ni, int j0, int nj) {
    int[] cells = CoreFields.of(field);
    if (added.length < grid.nz())
      added = new int[grid.nz()];
    for (int i = i0; i < i0 + ni; i++)
      for (int j = j0; j < j0 + nj; j++, offset += 4L * grid.nz()) {
        MemorySegment.copy(staging, ValueLayout.JAVA_INT, offset, added, 0, grid.nz());
        add(added, cells, grid.line(i, j), grid.nz());
      }
    return Staged.DONE;
  }

  private static void add(int[] from, int[] to, int at, int count) {
    for (int k = 0; k < count; k++)
      to[at + k] += from[k];
  }

  @Override
  public void move(Field field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ) {
    MemorySegment cells = CoreFields.mesh(field);
    for (int i = 0; i < ni; i++)
      MemorySegment.copy(cells, 4L * grid.line(fromI + i, fromJ), cells, 4L * grid.line(toI + i, toJ),
          4L * nj * grid.nz());
  }

  @Override
  public void moveAdd(Ints field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ) {
    int[] cells = CoreFields.of(field);
    int run = nj * grid.nz();
    for (int i = 0; i < ni; i++) {
      int from = grid.line(fromI + i, fromJ);
      int to = grid.line(toI + i, toJ);
      for (int k = 0; k < run; k++)
        cells[to + k] += cells[from + k];
    }
  }
}
