package org.halocline.cosmology.kernel;

import org.halocline.cosmology.mesh.Grid;

/**
 * How a core cuts a block into parts to read forces at particles: the forces around one part at a time are made of the
 * potential, in a ring of planes along x. It decides scratch memory, never a number.
 *
 * @param rows particle lines along y of a part
 * @param cells sites along z of a part
 * @param slots planes of the ring
 * @param lineStride floats from line to line, with what particles of the part can touch on either side
 */
public record ForceBlock(int rows, int cells, int slots, int lineStride) {
  /** Floats a cell takes: three axes and one to spare. */
  public static final int CELL = 4;
  /** Cells of a plane that suit the second cache, with a few planes in use at a time. */
  private static final int PLANE_CELLS = 16384;

  /** @param reach cells by axis that the whole part of a displacement stays within: [−reach, reach) */
  public static ForceBlock of(Grid grid, int[] reach) {
    int cells = Math.min(grid.nz(), Particles.PIECE);
    return new ForceBlock(rows(grid), cells, 2 * reach[0] + 1, CELL * (cells + 2 * reach[2]) + 8);
  }

  /** Particle lines along y of a part, however far particles reach. */
  public static int rows(Grid grid) {
    return Math.clamp(PLANE_CELLS / Math.min(grid.nz(), Particles.PIECE), 1, grid.ny());
  }

  /** Floats of the ring. */
  public long floats(int[] reach) {
    return (long) slots * (rows + 2 * reach[1]) * lineStride + CELL;
  }
}
