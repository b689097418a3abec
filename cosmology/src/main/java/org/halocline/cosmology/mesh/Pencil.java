package org.halocline.cosmology.mesh;

/**
 * Which part of the half spectrum one rank holds at each stage of a transform: z pencils (block's nx × ny, all kz), y
 * pencils (nx × all Ny × its kz), x pencils (all Nx × its ky × its kz). Ranks of one row (same x part) swap kz for y,
 * ranks of one column swap ky for x. With one rank on an axis nothing moves and the array stays as it is.
 *
 * <p>
 * Where y is not cut and a column has more ranks than there are ky, such as a sky of rows × 1 × columns that is cut in
 * rows, y pencils hold all kz and the ranks of the column swap kz for x instead, so that all ranks hold modes.
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

  /** Whether it is kz, not ky, that the ranks of a column share out. */
  private boolean columnSharesZ() {
    return decomposition.py() == 1 && mesh().ny() < decomposition.px();
  }

  private int kzStart(int part) {
    int parts = columnSharesZ() ? decomposition.px() : decomposition.py();
    return (int) ((long) halfZ() * part / parts);
  }

  private int kyStart(int part) {
    return (int) ((long) mesh().ny() * part / decomposition.px());
  }

  /** First kz of y pencils. */
  public int rowKz0() {
    return columnSharesZ() ? 0 : kz0();
  }

  /** kz values this rank holds in y pencils; may be none. */
  public int rowKzCount() {
    return columnSharesZ() ? halfZ() : kzCount();
  }

  /** First kz of x pencils. */
  public int kz0() {
    return kzStart(columnSharesZ() ? ix() : iy());
  }

  /** kz values this rank holds in x pencils; may be none. */
  public int kzCount() {
    return kzStart((columnSharesZ() ? ix() : iy()) + 1) - kz0();
  }

  /** First ky of x pencils. */
  public int ky0() {
    return columnSharesZ() ? 0 : kyStart(ix());
  }

  /** ky values this rank holds in x pencils; may be none. */
  public int kyCount() {
    return columnSharesZ() ? mesh().ny() : kyStart(ix() + 1) - ky0();
  }

  /**
   * Squares of the wave numbers along an axis, (h/Mpc)²: those of this rank's x pencils, in the order of its numbers.
   */
  public double[] squares(int axis) {
    double[] squares = new double[count(axis)];
    for (int i = 0; i < squares.length; i++) {
      double k = wave(axis, i);
      squares[i] = k * k;
    }
    return squares;
  }

  /**
   * The wave numbers of a first derivative along an axis, h/Mpc, with their signs, of the same modes as
   * {@link #squares}. The Nyquist mode of an even number of cells is both k and −k: its wave number is 0 here.
   */
  public double[] waves(int axis) {
    double[] waves = new double[count(axis)];
    for (int i = 0; i < waves.length; i++)
      waves[i] = 2 * (first(axis) + i) == mesh().cells(axis) ? 0 : wave(axis, i);
    return waves;
  }

  private int first(int axis) {
    return axis == 0 ? 0 : axis == 1 ? ky0() : kz0();
  }

  private int count(int axis) {
    return axis == 0 ? mesh().nx() : axis == 1 ? kyCount() : kzCount();
  }

  private double wave(int axis, int i) {
    int n = mesh().cells(axis);
    int index = first(axis) + i;
    double fundamental = 2 * StrictMath.PI / mesh().lengthMpcH(axis);
    return fundamental * (index <= n / 2 ? index : index - n);
  }

  /** Floats that the largest of the three stages needs. */
  public long floats() {
    Block block = block();
    long z = (long) block.lines() * halfZ();
    long y = (long) block.nx() * mesh().ny() * rowKzCount();
    long x = (long) mesh().nx() * kyCount() * kzCount();
    return 2 * Math.max(z, Math.max(y, x));
  }
}
