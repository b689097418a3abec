package org.halocline.cosmology.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.power.RootPower;

/**
 * Products in Fourier space, on the modes that a rank holds between a forward and an inverse transform: the half
 * spectrum in x pencils. Functions of |k| come as tables, k in h/Mpc, or in one over the unit of the mesh's sides.
 *
 * <p>
 * Sums run over the full spectrum: weight(k) counts a mode of the half spectrum twice where the half leaves out its
 * mirror image. So for real fields x, y and their transforms X, Y, unnormalised, Σ x y = 1/N Σ weight(k) Re(conj(X) Y),
 * N being the number of cells. Each mode's term is worked out in double and added exactly: sums are the same on every
 * layout and every kind of lane.
 */
public interface Modes {
  /** Most fields of a {@link #mix}. */
  int MOST_FIELDS = 8;

  /**
   * Multiplies by factor · table(k); self-adjoint.
   *
   * @param zeroMode in the table's place for the mean mode, which is multiplied by factor · zeroMode
   */
  void filter(Floats work, Pencil pencil, ModeTable table, double zeroMode, double factor);

  /**
   * Adds factor · Σ weight(k) Re(conj(a_k) b_k) derivative_j(k), without the mean mode, to sums[j]: what a filter's
   * table gives back by its parameters, for a the transform of the cotangent and b of what was filtered.
   */
  void filterTranspose(Floats a, Floats b, Pencil pencil, ModeTable[] derivatives, double factor, ExactSum[] sums);

  /**
   * The adjoint of {@link #filter} by its table: adds factor · Σ weight(k) Re(conj(a_k) b_k) ∂table(k)/∂values[i],
   * without the mean mode, to sums[i]. Terms of k and of −kx are added in double first; they lie on one rank.
   *
   * @param nodes of the table; as many sums as nodes
   */
  void tableTranspose(Floats a, Floats b, Pencil pencil, ModeTable.Nodes nodes, double factor, ExactSum[] sums);

  /**
   * A matrix for each mode: field_i ← factor · Σ_j matrix_ij(k) field_j, in place. The transpose is that of the
   * transposed matrix. Mean modes are not mixed: each is multiplied by factor · zeroMode.
   *
   * @param fields up to {@link #MOST_FIELDS}
   * @param matrix a row of tables for each field, a table for each field in it
   * @throws IllegalArgumentException if the matrix is not square of as many rows as fields
   */
  void mix(Floats[] fields, Pencil pencil, ModeTable[][] matrix, double zeroMode, double factor);

  /**
   * Adds factor · Σ_ij Σ_k weight(k) Re(conj(a_i) b_j) derivative_ij(k), without the mean modes, to sums[p] for the
   * matrix of derivatives of each parameter p: what the matrix of {@link #mix} gives back, for a the transforms of the
   * cotangents and b of what was mixed. Entries that vanish cost nothing.
   *
   * @param derivatives [p][i][j]
   */
  default void mixTranspose(Floats[] a, Floats[] b, Pencil pencil, ModeTable[][][] derivatives, double factor,
      ExactSum[] sums) {
    for (int i = 0; i < a.length; i++)
      for (int j = 0; j < b.length; j++) {
        int row = i;
        int column = j;
        int[] parameters = IntStream.range(0, derivatives.length)
            .filter(p -> !derivatives[p][row][column].vanishes()).toArray();
        if (parameters.length > 0)
          filterTranspose(a[i], b[j], pencil,
              Arrays.stream(parameters).mapToObj(p -> derivatives[p][row][column]).toArray(ModeTable[]::new), factor,
              Arrays.stream(parameters).mapToObj(p -> sums[p]).toArray(ExactSum[]::new));
      }
  }

  /**
   * Multiplies by factor · i k_axis, the Nyquist mode of that axis by 0: the first derivative, antisymmetric.
   */
  void gradient(Floats work, Pencil pencil, int axis, double factor);

  /** Multiplies by −factor/k², the mean mode by 0; self-adjoint. */
  void inverseLaplacian(Floats work, Pencil pencil, double factor);

  /**
   * Adds factor · Σ weight(k) Re(conj(a_k) b_k) over the modes with |k| in [edges[i], edges[i + 1]) to sums[i]. The
   * mean mode, k = 0, counts where an edge is 0 or below.
   *
   * @param edges two or more, ascending
   * @throws IllegalArgumentException if edges do not ascend, or are not one more than sums
   */
  void shells(Floats a, Floats b, Pencil pencil, double[] edges, double factor, ExactSum[] sums);

  /**
   * {@code out ← out + factor · cotangent · a} with the cotangent of each mode's shell, 0 outside all of them. An
   * inverse transform, unnormalised, makes it the transpose of {@link #shells} by b, since a and b are transforms of
   * real fields; by a it is that of b.
   */
  void shellsTranspose(Floats a, Pencil pencil, double[] edges, double[] cotangents, double factor, Floats out);

  /** Multiplies by factor · √P(k)/k², the mean mode by 0: white noise to −φ1, self-adjoint. */
  void colour(Floats work, Pencil pencil, RootPower power, double factor);

  /**
   * For each parameter j of {@link RootPower#PARAMETERS}: adds factor · Σ_k weight(k) Re(conj(a_k) b_k) ∂√P/∂θ_j / k²
   * over the modes of this rank to sums[j].
   */
  void powerTranspose(Floats a, Floats b, Pencil pencil, RootPower power, double factor, ExactSum[] sums);

  /**
   * Adds to each bin of |k|, [i, i+1) · binWidth: the number of modes, Σ|k|, factor Σ|a|², factor Σ|b|², factor Σ
   * Re(conj(a) b); each mode of the full spectrum but the zero mode counts once. sums is [bin][5]; modes beyond the
   * last bin are left out.
   *
   * @param binWidth h/Mpc
   */
  void binPower(Floats a, Floats b, Pencil pencil, double binWidth, double factor, ExactSum[][] sums);

  /** Refuses a matrix that does not fit its fields. */
  static void requireSquare(Floats[] fields, ModeTable[][] matrix) {
    if (fields.length < 1 || fields.length > MOST_FIELDS)
      throw new IllegalArgumentException(fields.length + " fields to mix: must be 1 to " + MOST_FIELDS);
    for (ModeTable[] row : matrix)
      if (matrix.length != fields.length || row.length != fields.length)
        throw new IllegalArgumentException("a matrix of " + matrix.length + " rows, one of " + row.length
            + " tables, for " + fields.length + " fields: must have as many of both");
  }

  /** Refuses sums that are not one for each node. */
  static void requireNodes(ModeTable.Nodes nodes, ExactSum[] sums) {
    if (sums.length != nodes.count())
      throw new IllegalArgumentException(sums.length + " sums for " + nodes.count() + " nodes: must be one for each");
  }

  /** Refuses edges that do not ascend, or have another number of shells between them. */
  static void requireShells(double[] edges, int shells) {
    if (shells < 1 || edges.length != shells + 1)
      throw new IllegalArgumentException(edges.length + " edges of " + shells + " shells: must be one more");
    for (int i = 0; i < shells; i++)
      if (!(edges[i] < edges[i + 1]))
        throw new IllegalArgumentException(
            "edges " + edges[i] + ", " + edges[i + 1] + " of shell " + i + ": must ascend");
  }
}
