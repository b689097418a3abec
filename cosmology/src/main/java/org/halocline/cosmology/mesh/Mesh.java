package org.halocline.cosmology.mesh;

/**
 * The global grid: {@code nx × ny × nz} cells over a periodic box with sides in Mpc/h. One particle starts on the lower
 * corner (i, j, k)Δ of each cell. Arrays are C order, z fastest. An axis may have any number of cells, even one (it
 * then has neither modes nor forces): differences wrap around as often as they must.
 */
public record Mesh(int nx, int ny, int nz, double lxMpcH, double lyMpcH, double lzMpcH) {

  public Mesh {
    if (nx < 1 || ny < 1 || nz < 1 || nx == 1 && ny == 1 && nz == 1)
      throw new IllegalArgumentException("mesh " + nx + " × " + ny + " × " + nz
          + ": every axis needs at least one cell, and one cell alone holds no mode but the mean");
    if (!(positive(lxMpcH) && positive(lyMpcH) && positive(lzMpcH)))
      throw new IllegalArgumentException(
          "box " + lxMpcH + " × " + lyMpcH + " × " + lzMpcH + " Mpc/h: sides must be positive and finite");
  }

  private static boolean positive(double side) {
    return side > 0 && side < Double.POSITIVE_INFINITY;
  }

  /** Cells along axis 0, 1 or 2. */
  public int cells(int axis) {
    return switch (axis) {
      case 0 -> nx;
      case 1 -> ny;
      default -> nz;
    };
  }

  /** Side of the box along an axis, Mpc/h. */
  public double lengthMpcH(int axis) {
    return switch (axis) {
      case 0 -> lxMpcH;
      case 1 -> lyMpcH;
      default -> lzMpcH;
    };
  }

  /** Cell side Δ along an axis, Mpc/h. */
  public double cellMpcH(int axis) {
    return lengthMpcH(axis) / cells(axis);
  }

  /** Cell sides by axis, Mpc/h. */
  public double[] cellsMpcH() {
    return new double[]{cellMpcH(0), cellMpcH(1), cellMpcH(2)};
  }

  public double cellVolumeMpcH3() {
    return cellMpcH(0) * cellMpcH(1) * cellMpcH(2);
  }

  /** Number of cells, and of particles. */
  public long size() {
    return (long) nx * ny * nz;
  }

  /** Smallest non-zero wave number on the mesh, h/Mpc. */
  public double kMinHMpc() {
    return 2 * StrictMath.PI / Math.max(lxMpcH, Math.max(lyMpcH, lzMpcH));
  }

  /** Largest wave number on the mesh (the corner), h/Mpc. */
  public double kMaxHMpc() {
    double sum = 0;
    for (int axis = 0; axis < 3; axis++) {
      double k = 2 * StrictMath.PI / lengthMpcH(axis) * (cells(axis) / 2);
      sum += k * k;
    }
    return Math.sqrt(sum);
  }
}
