package org.halocline.cosmology.cuda;

import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.cuda.device.Argument;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Launch;
import org.halocline.cosmology.cuda.memory.CudaFields;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Grid;

/**
 * A kernel and its arguments as they are put together, and the shapes of launches. The type of each argument is its
 * parameter's.
 */
final class KernelCall {
  private static final int BLOCK = 256;
  /** Threads along z of a launch over cells. */
  private static final int CELL_BLOCK = 128;
  private static final int WARP = 32;
  /** Blocks that keep any GPU busy; kernels over elements go on until all are done. */
  private static final int ENOUGH_BLOCKS = 4096;
  /** Most blocks along y and z. */
  static final int GRID = 65535;
  /** Sites of a block of particles, as in {@code particles.cu}. */
  private static final int SITE_X = 2;
  private static final int SITE_Y = 4;
  private static final int SITE_Z = 32;
  /** Side of a tile, as in {@code lines.cu}. */
  private static final int TILE = 32;

  private final DeviceQueue queue;
  private final String kernel;
  private final List<Argument> arguments = new ArrayList<>();

  KernelCall(DeviceQueue queue, String kernel) {
    this.queue = queue;
    this.kernel = kernel;
  }

  KernelCall with(int value) {
    return with(new Argument.OfInt(value));
  }

  KernelCall with(long value) {
    return with(new Argument.OfLong(value));
  }

  KernelCall with(float value) {
    return with(new Argument.OfFloat(value));
  }

  KernelCall with(double value) {
    return with(new Argument.OfDouble(value));
  }

  KernelCall with(DeviceBuffer buffer) {
    return with(buffer, 0);
  }

  KernelCall with(DeviceBuffer buffer, long offset) {
    return with(new Argument.OfBuffer(buffer, offset));
  }

  KernelCall with(Field field) {
    return with(CudaFields.of(field));
  }

  KernelCall with(Field[] axes) {
    for (Field axis : axes)
      with(axis);
    return this;
  }

  KernelCall with(Grid grid) {
    return with(grid.nx()).with(grid.ny()).with(grid.nz()).with(grid.haloX()).with(grid.haloY());
  }

  KernelCall with(double[] values) {
    for (double value : values)
      with(value);
    return this;
  }

  KernelCall with(float[] values) {
    for (float value : values)
      with(value);
    return this;
  }

  private KernelCall with(Argument argument) {
    arguments.add(argument);
    return this;
  }

  /** As many threads as make sense, each of which goes on to further elements. */
  void overElements(long size) {
    launch((int) Math.min(ENOUGH_BLOCKS, blocks(size, BLOCK)), 1, 1, BLOCK);
  }

  /** A thread an element, and {@code rows} of them along y of the launch. */
  void overThreads(long size, int rows) {
    launch((int) blocks(size, BLOCK), rows, 1, BLOCK);
  }

  /** z along x of the launch, lines along y, planes along z. */
  void overCells(int cells, int lines, int planes) {
    int block = Math.min(CELL_BLOCK, (int) blocks(cells, WARP) * WARP);
    launch((int) blocks(cells, block), lines, planes, block);
  }

  /** Lines of a batch, along y and z of the launch. */
  void overLines(int elements, int lines) {
    int rows = Math.min(lines, GRID);
    overCells(elements, rows, Math.ceilDiv(lines, rows));
  }

  /** The interior of a grid. */
  void overInterior(Grid grid) {
    overCells(grid.nz(), grid.ny(), grid.nx());
  }

  /** A thread a particle of the sites of so many rows along x. */
  void overSites(Grid grid, int rows) {
    launch((int) blocks(grid.nz(), SITE_Z), (int) blocks(grid.ny(), SITE_Y), (int) blocks(rows, SITE_X), BLOCK);
  }

  /** Tiles of lines and their elements. */
  void overTiles(int lines, int elements) {
    launch((int) blocks(lines, TILE), (int) blocks(elements, TILE), 1, BLOCK);
  }

  private static long blocks(long size, int block) {
    return Math.max(1, Math.ceilDiv(size, block));
  }

  private void launch(int x, int y, int z, int block) {
    queue.launch(new Launch(kernel, x, y, z, block, arguments));
  }
}
