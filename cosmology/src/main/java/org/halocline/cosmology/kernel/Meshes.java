package org.halocline.cosmology.kernel;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.mesh.Grid;

/**
 * Operations on meshes of one block. Difference means the 4th-order first difference of the reference, (8(f₊₁ − f₋₁) −
 * (f₊₂ − f₋₂))/12, in grid units; it is antisymmetric, so its transpose is its negative. Along an axis it needs ghosts
 * of that axis alone.
 */
public interface Meshes {

  /**
   * {@code out ← factor · D_axis(field)}, on the whole of the out grid, ghosts included; the field's halo must be wider
   * than out's by 2 on split axes.
   */
  void difference(Floats field, Grid grid, int axis, double factor, Floats out, Grid outGrid);

  /**
   * {@code out ← out + factor · D_axis(field)} on the interior, from integers whose halo is at least 2 on split axes.
   *
   * @param ghostsNeeded runs once, before a ghost is read
   */
  void addDifference(Ints field, Grid grid, int axis, double factor, Floats out, Grid outGrid, Runnable ghostsNeeded);

  /** {@code out ← out + factor · D_axis(field)} on the interior, from floats whose halo is at least 2 on split axes. */
  void addDifference(Floats field, Grid grid, int axis, double factor, Floats out, Grid outGrid);

  /**
   * {@code out ← factor · D_j D_i(field)} on the interior, or added to it; the field's halo must be at least 4 on split
   * axes.
   */
  void secondDifference(Floats field, Grid grid, int i, int j, double factor, boolean add, Floats out, Grid outGrid);

  /**
   * {@code out ← Σ_{i<j} φ,ii φ,jj − φ,ij²} on the interior: the source of second order in perturbation theory. φ's
   * halo must be at least 4 on split axes.
   *
   * @param cells sides of a cell by axis
   */
  void secondOrderSource(Floats potential, Grid grid, double[] cells, Floats out, Grid outGrid);

  /** {@code out ← a x + b y} on out's interior, of fields without ghosts. */
  void combine(double a, Floats x, double b, Floats y, Floats out, Grid outGrid);

  /**
   * The overdensity of a painted mesh: {@code out ← mesh · factor + offset} on the interior.
   *
   * @return the int64 total of the interior, in mass units
   */
  long overdensity(Ints mesh, Grid grid, double factor, double offset, Floats out, Grid outGrid);

  /** Copies the interior of one grid to another's. */
  void copyInterior(Floats from, Grid grid, Floats to, Grid toGrid);

  /** {@code out ← out · a} on interiors. */
  void multiply(Floats a, Grid aGrid, Floats out, Grid outGrid);

  /** The column sums of a painted mesh's interior over z cells [k0, k1), exact, as doubles [x][y] of the block. */
  void plane(Ints mesh, Grid grid, int k0, int k1, double factor, double[] into);

  /** Adds plane values [x][y] of the block to every cell of z cells [k0, k1): the transpose of {@link #plane}. */
  void addPlane(double[] plane, double factor, int k0, int k1, Floats out, Grid outGrid);

  /**
   * Copies the box of local cells [i0, i0+ni) × [j0, j0+nj) × all z to staging memory, which must be the lane's own
   * ({@link Memory#staging}), at a byte offset. Until that is done the box must not be written.
   */
  Staged pack(Field field, Grid grid, int i0, int ni, int j0, int nj, MemorySegment staging, long offset);

  /** Copies staging memory into the box, which may be used at once. */
  Staged unpack(MemorySegment staging, long offset, Field field, Grid grid, int i0, int ni, int j0, int nj);

  /** Adds staging memory into the box, which may be used at once. */
  Staged unpackAdd(MemorySegment staging, long offset, Ints field, Grid grid, int i0, int ni, int j0, int nj);

  /** Copies one box of a field onto another of the same extents. */
  void move(Field field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ);

  /** Adds one box of a field to another of the same extents. */
  void moveAdd(Ints field, Grid grid, int fromI, int fromJ, int ni, int nj, int toI, int toJ);
}
