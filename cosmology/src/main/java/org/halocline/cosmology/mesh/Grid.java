package org.halocline.cosmology.mesh;

/**
 * The shape of a mesh of one rank: its block and, on axes that are split, a halo of ghost cells on both sides; an axis
 * that is not split has none and wraps around. C order, z fastest and always whole.
 *
 * @param haloX ghost cells on either side of x; 0 if x is not split
 * @param haloY ghost cells on either side of y; 0 if y is not split
 */
public record Grid(int nx, int ny, int nz, int haloX, int haloY) {

  /** The grid of a rank whose halos are {@code width} cells wide on split axes. */
  public static Grid of(Decomposition decomposition, int rank, int widthX, int widthY) {
    Block block = decomposition.block(rank);
    return new Grid(block.nx(), block.ny(), block.nz(), decomposition.px() > 1 ? widthX : 0,
        decomposition.py() > 1 ? widthY : 0);
  }

  /** Rows along x, ghosts included. */
  public int extentX() {
    return nx + 2 * haloX;
  }

  /** Rows along y, ghosts included. */
  public int extentY() {
    return ny + 2 * haloY;
  }

  /** Elements, ghosts included. */
  public long size() {
    return (long) extentX() * extentY() * nz;
  }

  /** Elements between neighbours along x. */
  public int strideX() {
    return extentY() * nz;
  }

  /** Where the z line of local cell (i, j) starts; i and j may lie in the halo. */
  public int line(int i, int j) {
    return ((i + haloX) * extentY() + j + haloY) * nz;
  }

  /**
   * Offsets along x of local cells −reach … nx + reach, element 0 for cell −reach: beyond the block they lie in the
   * halo (which must be at least as wide) or, on an axis that is not split, wrap around.
   */
  public int[] offsetsX(int reach) {
    return offsets(nx, haloX, reach, strideX());
  }

  /** As {@link #offsetsX} along y. */
  public int[] offsetsY(int reach) {
    return offsets(ny, haloY, reach, nz);
  }

  private static int[] offsets(int cells, int halo, int reach, int stride) {
    int[] offsets = new int[cells + 2 * reach + 1];
    for (int at = 0; at < offsets.length; at++) {
      int cell = at - reach;
      offsets[at] = (halo > 0 ? Math.clamp(cell, -halo, cells + halo - 1) + halo : Math.floorMod(cell, cells)) * stride;
    }
    return offsets;
  }
}
