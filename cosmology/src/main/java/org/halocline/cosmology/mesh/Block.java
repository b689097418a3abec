package org.halocline.cosmology.mesh;

/** The cells of one rank: [x0, x0+nx) × [y0, y0+ny) × all nz. Also the Lagrangian sites whose particles it owns. */
public record Block(int x0, int nx, int y0, int ny, int nz) {

  /** Number of cells, and of particles owned. */
  public int size() {
    return Math.multiplyExact(Math.multiplyExact(nx, ny), nz);
  }

  /** Number of z lines. */
  public int lines() {
    return nx * ny;
  }
}
