package org.halocline.cosmology.power;

import java.util.function.DoubleUnaryOperator;
import org.halocline.cosmology.mesh.Mesh;

/**
 * A function of the wave number k as a table, uniform in u = k^¼. A kernel finds u by exact IEEE operations alone,
 * √√√(k²), and interpolates with four points, so every machine gets the same bits. k in h/Mpc, or in any unit that is
 * one over that of the mesh's sides. Immutable: the array is not to be changed.
 *
 * <p>
 * With t = (u − u0)/du and i = ⌊t⌋ between 1 and nodes − 3, the value is the Lagrange polynomial through nodes i − 1 …
 * i + 2; beyond the nodes the last polynomial goes on.
 *
 * @param u0 u of the first node
 * @param du distance of nodes in u
 * @param values at the nodes, four or more
 */
public record ModeTable(double u0, double du, double[] values) {
  /** Nodes of a polynomial. */
  public static final int LEAST_NODES = 4;
  /** A distance of nodes beyond every u. */
  private static final double FAR = 1e6;

  public ModeTable {
    if (!(Math.abs(u0) < Double.POSITIVE_INFINITY && du > 0 && du < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException("a table from u = " + u0 + " on, a node every " + du
          + ": both must be finite and the distance positive");
    if (values.length < LEAST_NODES)
      throw new IllegalArgumentException("a table of " + values.length + " nodes: must be at least " + LEAST_NODES);
  }

  /** A function of k as a table for all modes of a mesh but the mean, see {@link Nodes#of}. */
  public static ModeTable of(Mesh mesh, DoubleUnaryOperator function) {
    Nodes nodes = Nodes.of(mesh);
    double[] values = new double[nodes.count()];
    for (int i = 0; i < values.length; i++)
      values[i] = function.applyAsDouble(nodes.wave(i));
    return nodes.table(values);
  }

  /** The table of a function that is the same for every k. */
  public static ModeTable constant(double value) {
    return new ModeTable(0, FAR, new double[]{value, value, value, value});
  }

  /** Where the nodes of a table lie: several tables of one model share them. */
  public record Nodes(double u0, double du, int count) {
    /** Nodes to a doubling of u where it is least: powers of k from k⁻⁴ to k⁴ are interpolated within 1e-6. */
    private static final int PER_LEAST = 256;
    private static final int FEWEST = 8;

    /** For all modes of a mesh but the mean. */
    public static Nodes of(Mesh mesh) {
      return of(mesh.kMinHMpc(), mesh.kMaxHMpc());
    }

    /**
     * @param kMin least k that will be asked for, positive
     * @param kMax largest k that will be asked for
     */
    public static Nodes of(double kMin, double kMax) {
      if (!(kMin > 0 && kMin <= kMax && kMax < Double.POSITIVE_INFINITY))
        throw new IllegalArgumentException("k range " + kMin + "…" + kMax + ": must be positive, ascending, finite");
      double low = argument(kMin);
      double du = low / PER_LEAST;
      double u0 = low - 2 * du;
      return new Nodes(u0, du, Math.max(FEWEST, 5 + (int) StrictMath.ceil((argument(kMax) - u0) / du)));
    }

    /** k of a node. */
    public double wave(int node) {
      double u = u0 + node * du;
      double square = u * u;
      return square * square;
    }

    /** A table of these nodes' values. */
    public ModeTable table(double[] values) {
      if (values.length != count)
        throw new IllegalArgumentException(values.length + " values for " + count + " nodes");
      return new ModeTable(u0, du, values);
    }
  }

  /** Whether the function is zero for every k. */
  public boolean vanishes() {
    for (double value : values)
      if (value != 0)
        return false;
    return true;
  }

  /** u = k^¼. */
  public static double argument(double k) {
    return Math.sqrt(Math.sqrt(Math.sqrt(k * k)));
  }

  /** The value at k. */
  public double at(double k) {
    return atArgument(argument(k));
  }

  /** The value at u = k^¼. */
  public double atArgument(double u) {
    double t = (u - u0) / du;
    int i = Math.clamp((long) t, 1, values.length - 3);
    double s = t - i;
    double before = -s * (s - 1) * (s - 2) / 6;
    double here = (s + 1) * (s - 1) * (s - 2) / 2;
    double after = -(s + 1) * s * (s - 2) / 2;
    double beyond = (s + 1) * s * (s - 1) / 6;
    return before * values[i - 1] + here * values[i] + after * values[i + 1] + beyond * values[i + 2];
  }
}
