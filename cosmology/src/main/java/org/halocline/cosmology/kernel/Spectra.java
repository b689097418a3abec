package org.halocline.cosmology.kernel;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Pencil;

/**
 * Line passes of the three-dimensional transform; what is done to the modes between them is {@link Modes}. How a
 * complex array of x, y, z lies in its field is the lane's own business; packed it is the same for all. Which part of
 * each axis a rank holds at each stage is its {@link Pencil}. Passes along z and y are made for some rows of the block
 * at a time: x cells [first, first + count).
 */
public interface Spectra {

  /** z lines of the interior, real to complex: count·ny lines of nz reals become nz/2+1 numbers. */
  void forwardZ(Floats real, Grid grid, Floats work, Pencil pencil, int first, int count);

  /** z lines, complex to real, unnormalised; only the interior of the grid is written. */
  void inverseZ(Floats work, Pencil pencil, Floats real, Grid grid, int first, int count);

  /** y lines in place. */
  void transformY(Floats work, Pencil pencil, boolean inverse, int first, int count);

  /** x lines in place. */
  void transformX(Floats work, Pencil pencil, boolean inverse);

  /** {@link #forwardZ} and {@link #transformY} where y is not cut: the same numbers in one sweep over memory. */
  void forwardZY(Floats real, Grid grid, Floats work, Pencil pencil, int first, int count);

  /** {@link #transformY} and {@link #inverseZ} where y is not cut: the same numbers in one sweep over memory. */
  void inverseYZ(Floats work, Pencil pencil, Floats real, Grid grid, int first, int count);

  /**
   * x lines forward, times −factor/k² (the zero mode times 0), x lines inverse, in one sweep over memory: the inverse
   * Laplacian, self-adjoint.
   */
  void inverseLaplacianX(Floats work, Pencil pencil, double factor);

  /**
   * Copies a box of numbers to staging memory of the lane ({@link Memory#staging}) from its start on. The field may be
   * used at once.
   */
  Staged pack(Floats work, Box box, MemorySegment staging);

  /** Copies staging memory into a box of numbers, which may be used at once. */
  Staged unpack(MemorySegment staging, Floats work, Box box);

  /**
   * Numbers [i0, i0+ni) × [j0, j0+nj) × [k0, k0+nk) of a complex array of extents (·, ey, ez); packed as [i][2][j][k].
   */
  record Box(int ey, int ez, int i0, int ni, int j0, int nj, int k0, int nk) {
    /** Memory the box takes when packed. */
    public long bytes() {
      return 8L * ni * nj * nk;
    }

    /** Rows [from, to) of this box, counted from its first. */
    public Box rows(int from, int to) {
      return new Box(ey, ez, i0 + from, to - from, j0, nj, k0, nk);
    }
  }
}
