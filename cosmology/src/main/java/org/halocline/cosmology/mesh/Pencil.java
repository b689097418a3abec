package org.halocline.cosmology.mesh;

/**
 * Which part of the half spectrum one rank holds at each stage of a transform: z pencils (block's nx × ny, all kz), y
 * pencils (nx × all Ny × its kz), x pencils (all Nx × its ky × its kz). Ranks of one row (same x part) swap kz for y,
 * ranks of one column swap ky for x. With one rank on an axis nothing moves and the array stays as it is.
 */
public record Pencil(Decomposition decomposition, int rank) {

  private int ix() {
    return rank / decomposition.py();
  }

  private int iy() {
    return rank % decomposition.py();
  }

  public Mesh mesh() {
    return decomposition.mesh();
  }

  public Block block() {
    return decomposition.block(rank);
  }

  /** kz values of the half spectrum: nz/2 + 1. */
  public int halfZ() {
    return mesh().nz() / 2 + 1;
  }

  /** First kz of part p of a row; parts may be empty. */
  public int kzStart(int part) {
    return (int) ((long) halfZ() * part / decomposition.py());
  }

  /** First ky of part p of a column; parts may be empty. */
  public int kyStart(int part) {
    return (int) ((long) mesh().ny() * part / decomposition.px());
  }

  public int kz0() {
    return kzStart(iy());
  }

  /** kz values this rank holds in y and x pencils. */
  public int kzCount() {
    return kzStart(iy() + 1) - kz0();
  }

  public int ky0() {
    return kyStart(ix());
  }

  /** ky values this rank holds in x pencils. */
  public int kyCount() {
    return kyStart(ix() + 1) - ky0();
  }

  /**
   * Squares of the wave numbers along an axis, (h/Mpc)²: those of this rank's x pencils, in the order of its numbers.
   */
  public double[] squares(int axis) {
    int first = axis == 0 ? 0 : axis == 1 ? ky0() : kz0();
    double[] squares = new double[axis == 0 ? mesh().nx() : axis == 1 ? kyCount() : kzCount()];
    int n = mesh().cells(axis);
    double fundamental = 2 * StrictMath.PI / mesh().lengthMpcH(axis);
    for (int i = 0; i < squares.length; i++) {
      int index = first + i;
      double k = fundamental * (index <= n / 2 ? index : index - n);
      squares[i] = k * k;
    }
    return squares;
  }

  /** Floats that the largest of the three stages needs. */
  public long floats() {
    Block block = block();
    long z = (long) block.lines() * halfZ();
    long y = (long) block.nx() * mesh().ny() * kzCount();
    long x = (long) mesh().nx() * kyCount() * kzCount();
    return 2 * Math.max(z, Math.max(y, x));
  }
}
