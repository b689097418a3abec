package org.halocline.cosmology.transform;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Spectra.Box;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;

/** Global arrays and spectra, dealt to the ranks of a domain and collected again; and the layouts that tests take. */
final class Dealt {
  private Dealt() {}

  /** 1×1 first; a sky is cut in rows over 1, 2, 3 and 5 ranks. */
  static List<Decomposition> layouts(Mesh mesh) {
    int[][] parts = mesh.ny() == 1
        ? new int[][]{{1, 1}, {2, 1}, {3, 1}, {5, 1}}
        : new int[][]{{1, 1}, {2, 1}, {1, 3}, {2, 2}, {5, 1}};
    List<Decomposition> layouts = new ArrayList<>();
    for (int[] p : parts)
      if (p[0] <= mesh.nx() && p[1] <= mesh.ny())
        layouts.add(Decomposition.even(mesh, p[0], p[1]));
    return layouts;
  }

  static String name(Decomposition d) {
    return d.mesh() + " on " + d.px() + "×" + d.py();
  }

  static Grid plain(Decomposition d, int rank) {
    return Grid.of(d, rank, 0, 0);
  }

  /** This rank's block of a global array. */
  static Floats field(Kernels kernels, Decomposition d, int rank, float[] whole) {
    Floats field = kernels.memory().floats(d.block(rank).size());
    write(kernels, d, rank, whole, field);
    return field;
  }

  static void write(Kernels kernels, Decomposition d, int rank, float[] whole, Floats field) {
    Block block = d.block(rank);
    Grid grid = plain(d, rank);
    for (int i = 0; i < block.nx(); i++)
      for (int j = 0; j < block.ny(); j++)
        kernels.memory().write(whole, line(d.mesh(), block, i, j), field, grid.line(i, j), block.nz());
  }

  static void collect(Kernels kernels, Decomposition d, int rank, Floats field, float[] whole) {
    Block block = d.block(rank);
    Grid grid = plain(d, rank);
    for (int i = 0; i < block.nx(); i++)
      for (int j = 0; j < block.ny(); j++)
        kernels.memory().read(field, grid.line(i, j), whole, line(d.mesh(), block, i, j), block.nz());
  }

  private static int line(Mesh mesh, Block block, int i, int j) {
    return ((block.x0() + i) * mesh.ny() + block.y0() + j) * mesh.nz();
  }

  /** Where a mode lies in a global half spectrum of complex numbers. */
  static int mode(Mesh mesh, int kx, int ky, int kz) {
    return 2 * ((kx * mesh.ny() + ky) * (mesh.nz() / 2 + 1) + kz);
  }

  static int modeFloats(Mesh mesh) {
    return 2 * mesh.nx() * mesh.ny() * (mesh.nz() / 2 + 1);
  }

  /** This rank's modes into a global half spectrum. */
  static void collectModes(Kernels kernels, Pencil pencil, Floats work, float[] whole) {
    Mesh mesh = pencil.mesh();
    int ny = pencil.kyCount();
    int nz = pencil.kzCount();
    Box box = new Box(ny, nz, 0, mesh.nx(), 0, ny, 0, nz);
    MemorySegment staging = kernels.memory().staging(Math.max(8, box.bytes()));
    kernels.spectra().pack(work, box, staging).await();
    for (int i = 0; i < mesh.nx(); i++)
      for (int j = 0; j < ny; j++)
        for (int k = 0; k < nz; k++) {
          int at = mode(mesh, i, pencil.ky0() + j, pencil.kz0() + k);
          long re = (long) (2 * i * ny + j) * nz + k;
          whole[at] = staging.getAtIndex(ValueLayout.JAVA_FLOAT, re);
          whole[at + 1] = staging.getAtIndex(ValueLayout.JAVA_FLOAT, re + (long) ny * nz);
        }
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++)
      sum += (double) a[i] * b[i];
    return sum;
  }

  static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }
}
