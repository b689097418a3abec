package org.halocline.cosmology.cuda.device;

import java.util.List;

/**
 * One kernel over a grid of blocks of threads.
 *
 * @param kernel its name in the module
 * @param gridX blocks along x, 1 to 2^31 − 1
 * @param gridY blocks along y, 1 to 65535
 * @param gridZ blocks along z, 1 to 65535
 * @param block threads a block, along x, 1 to 1024
 * @param arguments in the order of the kernel's parameters
 */
public record Launch(String kernel, int gridX, int gridY, int gridZ, int block, List<Argument> arguments) {
  private static final int GRID = 65535;
  private static final int BLOCK = 1024;

  public Launch {
    require(gridX >= 1, kernel, "gridX", gridX, "1 to 2147483647");
    require(gridY >= 1 && gridY <= GRID, kernel, "gridY", gridY, "1 to 65535");
    require(gridZ >= 1 && gridZ <= GRID, kernel, "gridZ", gridZ, "1 to 65535");
    require(block >= 1 && block <= BLOCK, kernel, "block", block, "1 to 1024");
    arguments = List.copyOf(arguments);
  }

  private static void require(boolean holds, String kernel, String what, int value, String bound) {
    if (!holds)
      throw new IllegalArgumentException("kernel " + kernel + ": " + what + " = " + value + ", must be " + bound);
  }
}
