package org.halocline.cosmology.core;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.fft.Green;
import org.halocline.cosmology.fft.LineTransforms;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;

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
      transformY(i, CoreFields.of(work), pencil.mesh().ny(), pencil.rowKzCount(), inverse);
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
}
