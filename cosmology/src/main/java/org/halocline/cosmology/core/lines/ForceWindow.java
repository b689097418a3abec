package org.halocline.cosmology.core.lines;

import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.mesh.Grid;

/**
 * Forces near a block of particle lines, made of the potential while the lines are visited in the order of x: a ring of
 * planes, each of the rows and cells that the block's particles can touch, four floats a cell (three axes and one to
 * spare), so that one load fetches a corner, and its upper z neighbour, for all axes. No mesh of forces is ever whole,
 * and what a line needs lies in a near cache. Nothing wraps inside: rows and cells beyond the mesh are copies.
 */
public final class ForceWindow {
  static final int CELL = ForceBlock.CELL;
  /** Beside a line's length, so that lines do not share the sets of a cache. */
  private static final int ODD = 16;

  private final Grid grid;
  private final float[] factors;
  private final float[] potential;
  private final DifferenceLines lines;
  private final int[] offsetsX;
  private final int[] offsetsY;
  /** The potential along the line whose forces are made, with two cells on either side. */
  private final float[] own;
  /** Forces of a line, an axis after the other. */
  private final float[] axes;
  private final int stride;

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
  public ForceWindow(Grid grid, float[] potential, int[] reach, float[] factors, DifferenceLines lines,
      float[] memory) {
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
    int longest = Math.min(grid.nz(), block.cells() + 2 * reachZ);
    this.own = new float[longest + 4];
    this.stride = longest + ODD;
    this.axes = new float[3 * stride];
  }

  /**
   * Begins the block of lines [row, row + count) and cells [cell, cell + cellCount), with the planes before x = from.
   */
  public void open(int row, int count, int cell, int cellCount, int from) {
    firstRow = row;
    blockRows = count;
    firstCell = cell;
    blockCells = cellCount;
    for (int i = from - reachX; i < from + reachX; i++)
      fill(i);
  }

  /** Adds the last plane that particles at x = i can touch; the one that they no longer can is lost. */
  public int advance(int i) {
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

  /** The forces of one line of the window; cells that it holds twice, as they wrap around, are copies. */
  private void line(int i, int j, int at) {
    int width = blockCells + 2 * reachZ;
    int nz = grid.nz();
    if (blockCells == nz) {
      forces(i, j, 0, nz, at + CELL * reachZ);
      copies(at, width, nz);
      return;
    }
    for (int done = 0; done < width;) {
      int k = Math.floorMod(firstCell - reachZ + done, nz);
      int run = Math.min(width - done, nz - k);
      forces(i, j, k, run, at + CELL * done);
      done += run;
    }
  }

  /** Before the whole line, which begins at the reach, and behind it. */
  private void copies(int at, int width, int nz) {
    for (int end = reachZ; end > 0; end -= nz) {
      int run = Math.min(nz, end);
      System.arraycopy(floats, at + CELL * (end - run + nz), floats, at + CELL * (end - run), CELL * run);
    }
    for (int start = reachZ + nz; start < width; start += nz) {
      int run = Math.min(nz, width - start);
      System.arraycopy(floats, at + CELL * (start - nz), floats, at + CELL * start, CELL * run);
    }
  }

  /** Forces at cells [k, k + count) of a z line. */
  private void forces(int i, int j, int k, int count, int at) {
    int a = i + reachX + 2;
    int b = j + reachY + 2;
    int x = offsetsX[a] + k;
    int y = offsetsY[b] + k;
    lines.write(potential, offsetsX[a - 2] + y, offsetsX[a - 1] + y, offsetsX[a + 1] + y, offsetsX[a + 2] + y,
        factors[0], axes, 0, count);
    lines.write(potential, x + offsetsY[b - 2], x + offsetsY[b - 1], x + offsetsY[b + 1], x + offsetsY[b + 2],
        factors[1], axes, stride, count);
    copy(offsetsX[a] + offsetsY[b], k - 2, count + 4);
    lines.write(own, 0, 1, 3, 4, factors[2], axes, 2 * stride, count);
    interleave(axes, stride, count, floats, at);
  }

  /** Cells of a z line from one on, which may lie before the line's first and wraps around. */
  private void copy(int line, int from, int count) {
    for (int done = 0; done < count;) {
      int k = Math.floorMod(from + done, grid.nz());
      int run = Math.min(count - done, grid.nz() - k);
      System.arraycopy(potential, line + k, own, done, run);
      done += run;
    }
  }

  private static void interleave(float[] axes, int stride, int count, float[] into, int at) {
    for (int k = 0; k < count; k++) {
      into[at + CELL * k] = axes[k];
      into[at + CELL * k + 1] = axes[stride + k];
      into[at + CELL * k + 2] = axes[2 * stride + k];
    }
  }
}
