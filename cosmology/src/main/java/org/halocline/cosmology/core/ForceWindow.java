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

  private final Grid grid;
  private final float[] factors;
  private final float[] potential;
  private final ParticleLines lines;
  private final int[] offsetsX;
  private final int[] offsetsY;
  private final float[] axes;
  private final float[] padded;

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
  ForceWindow(Grid grid, float[] potential, int[] reach, float[] factors, ParticleLines lines, float[] memory) {
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
    int width = block.cells() + 2 * reachZ;
    this.axes = new float[3 * width];
    this.padded = new float[width + 4];
  }

  /** Begins the block of lines [row, row + count) and cells [cell, cell + cellCount), with the planes before x = 0. */
  void open(int row, int count, int cell, int cellCount) {
    firstRow = row;
    blockRows = count;
    firstCell = cell;
    blockCells = cellCount;
    for (int i = -reachX; i < reachX; i++)
      fill(i);
  }

  /** Adds the last plane that particles at x = i can touch; the one that they no longer can is lost. */
  int advance(int i) {
    fill(i + reachX);
    return i % slots;
  }

  private void fill(int i) {
    int a = i + reachX + 2;
    int at = (i + reachX) % slots * planeStride;
    int width = blockCells + 2 * reachZ;
    for (int j = firstRow - reachY; j < firstRow + blockRows + reachY; j++) {
      int b = j + reachY + 2;
      int own = offsetsX[a] + offsetsY[b];
      for (int done = 0; done < width;) {
        int k = Math.floorMod(firstCell - reachZ + done, grid.nz());
        int run = Math.min(width - done, grid.nz() - k);
        int row = offsetsY[b] + k;
        lines.difference(potential, offsetsX[a - 2] + row, offsetsX[a - 1] + row, offsetsX[a + 1] + row,
            offsetsX[a + 2] + row, factors[0], axes, done, run);
        row = offsetsX[a] + k;
        lines.difference(potential, row + offsetsY[b - 2], row + offsetsY[b - 1], row + offsetsY[b + 1],
            row + offsetsY[b + 2], factors[1], axes, width + done, run);
        done += run;
      }
      copyWrapped(own, width + 4);
      lines.difference(padded, 0, 1, 3, 4, factors[2], axes, 2 * width, width);
      interleave(axes, width, floats, at);
      at += lineStride;
    }
  }

  /** The line's cells from two before the window's first on. */
  private void copyWrapped(int line, int count) {
    for (int done = 0; done < count;) {
      int k = Math.floorMod(firstCell - reachZ - 2 + done, grid.nz());
      int run = Math.min(count - done, grid.nz() - k);
      System.arraycopy(potential, line + k, padded, done, run);
      done += run;
    }
  }

  private static void interleave(float[] axes, int width, float[] into, int at) {
    for (int k = 0; k < width; k++) {
      into[at + CELL * k] = axes[k];
      into[at + CELL * k + 1] = axes[width + k];
      into[at + CELL * k + 2] = axes[2 * width + k];
    }
  }
}
