package org.halocline.cosmology.power;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;

/**
 * √P(k) today and its derivatives by θ as tables ({@link ModeTable}) of the same nodes. Interpolation is within 2e-7 of
 * √P for k in the range it was made for. The derivative tables interpolate the derivative itself. By w0, wa and Ωk it
 * is zero. Immutable; k in h/Mpc, √P in (Mpc/h)^1.5.
 *
 * @param table of √P
 * @param derivatives ∂√P/∂p of each of {@link #PARAMETERS}
 */
public record RootPower(ModeTable table, List<ModeTable> derivatives) {
  /** Spacing in u that keeps the interpolation error of the baryons' wiggles below 2e-7. */
  private static final double SPACING = 1.0 / 1536;
  /** √P itself is worked out at every second node; eight-point Lagrange weights give those between. */
  private static final int STRIDE = 2;
  private static final int FILL_POINTS = 8;
  private static final int FILL_BEFORE = FILL_POINTS / 2 - 1;
  private static final double[][] FILL = fillWeights();
  /** Numbers of the flat form before the tables. */
  public static final int FLAT_HEADER = 3;
  /** The parameters that √P depends on, in the order of the derivatives' tables. */
  public static final List<Parameter> PARAMETERS = List.of(Cosmology.OMEGA_M, Cosmology.OMEGA_B, Cosmology.H,
      Cosmology.N_S, Cosmology.SIGMA8);
  private static final int TABLES = 1 + PARAMETERS.size();

  /**
   * @param kMinHMpc least k that will be asked for, positive
   * @param kMaxHMpc largest k that will be asked for
   */
  public static RootPower of(LinearPower power, double kMinHMpc, double kMaxHMpc) throws LimitException {
    if (!(kMinHMpc > 0 && kMinHMpc <= kMaxHMpc && kMaxHMpc < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException("k range " + kMinHMpc + "…" + kMaxHMpc + " h/Mpc");
    double low = ModeTable.argument(kMinHMpc);
    double high = ModeTable.argument(kMaxHMpc);
    double du = Math.min(SPACING, low / 32);
    double u0 = low - 2 * du;
    int nodes = Math.max(8, 5 + (int) StrictMath.ceil((high - u0) / du));
    double[][] coarse = new double[TABLES][(nodes - 1) / STRIDE + FILL_POINTS];
    double[] scratch = new double[TransferFunction.SIZE];
    for (int j = 0; j < coarse[0].length; j++) {
      double u = u0 + (j - FILL_BEFORE) * STRIDE * du;
      double square = u * u;
      power.root(square * square, 4 * StrictMath.log(u), coarse, j, scratch);
    }
    double[][] tables = new double[TABLES][nodes];
    for (int table = 0; table < tables.length; table++)
      fill(coarse[table], tables[table]);
    for (double[] table : tables)
      for (double v : table)
        if (!Double.isFinite(v))
          throw new LimitException("linear power", v, "finite", "cosmology.sigma8, cosmology.n-s or cosmology.omega-b");
    return of(u0, du, tables);
  }

  private static double[][] fillWeights() {
    double[][] weights = new double[STRIDE][FILL_POINTS];
    for (int part = 0; part < STRIDE; part++) {
      double t = FILL_BEFORE + part / (double) STRIDE;
      for (int i = 0; i < FILL_POINTS; i++) {
        weights[part][i] = 1;
        for (int j = 0; j < FILL_POINTS; j++)
          weights[part][i] *= j == i ? 1 : (t - j) / (i - j);
      }
    }
    return weights;
  }

  private static void fill(double[] coarse, double[] table) {
    for (int i = 0; i < table.length; i++) {
      double[] weights = FILL[i % STRIDE];
      int from = i / STRIDE;
      double sum = 0;
      for (int j = 0; j < FILL_POINTS; j++)
        sum += weights[j] * coarse[from + j];
      table[i] = sum;
    }
  }

  private static RootPower of(double u0, double du, double[][] tables) {
    List<ModeTable> all = Arrays.stream(tables).map(values -> new ModeTable(u0, du, values)).toList();
    return new RootPower(all.getFirst(), all.subList(1, TABLES));
  }

  public int nodes() {
    return table.values().length;
  }

  /** √P(k), interpolated; k outside the table's range is extrapolated from its end. */
  public double at(double kHMpc) {
    return table.at(kHMpc);
  }

  /** Numbers in the flat form. */
  public int flatLength() {
    return FLAT_HEADER + TABLES * nodes();
  }

  public void toFlat(double[] flat, int at) {
    flat[at] = table.u0();
    flat[at + 1] = table.du();
    flat[at + 2] = nodes();
    for (int j = 0; j < TABLES; j++)
      System.arraycopy((j == 0 ? table : derivatives.get(j - 1)).values(), 0, flat, at + FLAT_HEADER + j * nodes(),
          nodes());
  }

  public static RootPower fromFlat(double[] flat, int at) {
    int nodes = (int) flat[at + 2];
    if (nodes < 8 || at + FLAT_HEADER + (long) TABLES * nodes != flat.length)
      throw new IllegalArgumentException(flat.length + " numbers do not hold a table of " + flat[at + 2] + " nodes");
    double[][] tables = new double[TABLES][nodes];
    for (int j = 0; j < tables.length; j++)
      System.arraycopy(flat, at + FLAT_HEADER + j * nodes, tables[j], 0, nodes);
    return of(flat[at], flat[at + 1], tables);
  }
}
