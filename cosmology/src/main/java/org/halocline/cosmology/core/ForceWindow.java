package org.halocline.cosmology.core;

import org.halocline.cosmology.mesh.ForceBlock;
import org.halocline.cosmology.mesh.Grid;

/**
 * Forces near a block of particle lines, made of the potential while the lines are visited in the order of x: a ring of planes,
 * each of the rows and cells that the block's particles can touch, four floats a cell (three axes and one to spare), so that
 * one load fetches a corner, and its upper z neighbour, for all axes. No mesh of forces is ever whole, and what a line
 * needs lies in a near cache. Nothing wraps inside: rows and cells beyond the mesh are copies.
 */
final class ForceWindow {
  static final int CELL = ForceBlock.CELL;
  /** Differences are taken this many at a time; what is beyond the window's cells is not used. */
  private static final int EVEN = 16;

  private final Grid grid;
  private final float[] factors;
  private final float[] potential;
  private final DifferenceLines lines;
  private final int[] offsetsX;
  private final int[] offsetsY;
  private final int sourceStride;
  /** The potential along the lines around one: four in x, four in y, and the line itself. */
  private final float[] sources;
  private final float[] axes;

  final float[] floats;
  final int slots;
  final int reachX;
  final int reachY;
  final int reachZ;
  final int lineStride;
  final int planeStride;

  private int firstRow;
  private int blockRows;
  private int firstCell;
  private int blockCells;

  /**
   * @param reach cells by axis that the whole part of a displacement stays within: [−reach, reach)
   * @param factors by axis, what the difference is multiplied by
   * @param memory at least {@link ForceBlock#floats}
   */
  ForceWindow(Grid grid, float[] potential, int[] reach, float[] factors, DifferenceLines lines, float[] memory) {
    ForceBlock block = ForceBlock.of(grid, reach);
    this.grid = grid;
    this.potential = potential;
    this.factors = factors;
    this.lines = lines;
    this.floats = memory;
    this.reachX = reach[0];
    this.reachY = reach[1];
    this.reachZ = reach[2];
    this.slots = block.slots();
    this.lineStride = block.lineStride();
    this.planeStride = (block.rows() + 2 * reachY) * lineStride;
    this.offsetsX = grid.offsetsX(reachX + 2);
    this.offsetsY = grid.offsetsY(reachY + 2);
    this.sourceStride = Math.ceilDiv(block.cells() + 2 * reachZ + 4, EVEN) * EVEN + EVEN;
    this.sources = new float[9 * sourceStride];
    this.axes = new float[3 * sourceStride];
  }

  /** Begins the block of lines [row, row + count) and cells [cell, cell + cellCount), with the planes before x = from. */
  void open(int row, int count, int cell, int cellCount, int from) {
    firstRow = row;
    blockRows = count;
    firstCell = cell;
    blockCells = cellCount;
    for (int i = from - reachX; i < from + reachX; i++)
      fill(i);
  }

  /** Adds the last plane that particles at x = i can touch; the one that they no longer can is lost. */
  int advance(int i) {
    fill(i + reachX);
    return i % slots;
  }

  private void fill(int i) {
    int at = (i + reachX) % slots * planeStride;
    boolean wholeY = grid.haloY() == 0 && blockRows == grid.ny();
    for (int j = firstRow - reachY; j < firstRow + blockRows + reachY; j++)
      if (!wholeY || j >= 0 && j < grid.ny())
        line(i, j, at + (j - firstRow + reachY) * lineStride);
    if (wholeY)
      for (int j = -reachY; j < grid.ny() + reachY; j++)
        if (j < 0 || j >= grid.ny())
          System.arraycopy(floats, at + (Math.floorMod(j, grid.ny()) + reachY) * lineStride, floats,
              at + (j + reachY) * lineStride, CELL * (blockCells + 2 * reachZ));
  }

  /** The forces of one line: what they are made of is laid out without wrapping first. */
  private void line(int i, int j, int at) {
    int a = i + reachX + 2;
    int b = j + reachY + 2;
    int width = blockCells + 2 * reachZ;
    int first = firstCell - reachZ;
    int even = Math.ceilDiv(width, EVEN) * EVEN;
    for (int near = 0; near < 4; near++) {
      int shift = near < 2 ? near - 2 : near - 1;
      copy(offsetsX[a + shift] + offsetsY[b], first, width, near * sourceStride);
      copy(offsetsX[a] + offsetsY[b + shift], first, width, (4 + near) * sourceStride);
    }
    copy(offsetsX[a] + offsetsY[b], first - 2, width + 4, 8 * sourceStride);
    for (int axis = 0; axis < 2; axis++) {
      int from = 4 * axis * sourceStride;
      lines.write(sources, from, from + sourceStride, from + 2 * sourceStride, from + 3 * sourceStride,
          factors[axis], axes, axis * sourceStride, even);
    }
    int own = 8 * sourceStride;
    lines.write(sources, own, own + 1, own + 3, own + 4, factors[2], axes, 2 * sourceStride, even);
    interleave(axes, sourceStride, width, floats, at);
  }

  /** Cells of a z line from one on, which may lie before the line's first and wraps around. */
  private void copy(int line, int from, int count, int to) {
    for (int done = 0; done < count;) {
      int k = Math.floorMod(from + done, grid.nz());
      int run = Math.min(count - done, grid.nz() - k);
      System.arraycopy(potential, line + k, sources, to + done, run);
      done += run;
    }
  }

  private static void interleave(float[] axes, int stride, int width, float[] into, int at) {
    for (int k = 0; k < width; k++) {
      into[at + CELL * k] = axes[k];
      into[at + CELL * k + 1] = axes[stride + k];
      into[at + CELL * k + 2] = axes[2 * stride + k];
    }
  }
}
