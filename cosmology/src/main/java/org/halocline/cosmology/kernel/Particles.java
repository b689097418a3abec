package org.halocline.cosmology.kernel;

import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.mesh.Grid;

/**
 * Particles of one block. A particle is the displacement x from its site, in quanta of {@link FixedPoint#cell()} of a cell,
 * and the momentum P = p/Πα in quanta of {@link FixedPoint#momentum()}; arrays have one element a site, in the order of the
 * block's cells. Cotangents ξ (of x, a cell) and π (of P, a unit) are floats. Meshes are shaped by a {@link Grid} whose
 * halo holds whatever a particle within the largest displacement can touch.
 *
 * <p>
 * Kernels that touch ghosts take a moment: something to run once, in which ghosts travel while the kernel goes on with what
 * touches none. A lane that has nothing to gain from it leaves those forms as they are.
 */
public interface Particles {

  /** Sites of a z line, its last part apart, whose terms are summed one after another: part of the arithmetic. */
  int PIECE = 256;

  /**
   * {@code x ← x + sign · round(c P)} on one axis; the same c with the other sign undoes it bit for bit.
   *
   * @param c displacement a unit of momentum, cells
   * @return the largest |x| after it, cells; NaN if c is not finite
   */
  double drift(Ints x, Ints p, double c, int sign, FixedPoint units);

  /**
   * The reverse of drifts on all axes, one after another: for each c, {@code x ← x − round(c P)}, {@code π ← π + c ξ}, and
   * {@code Σ ξ · P} over the block is added to that c's sum, its cotangent. Sums are taken over lines of nz sites, in order.
   *
   * @param cs as they were drifted by, the last first
   * @param sums one for each c
   * @return the largest |π| after all, by axis; NaN if any is
   */
  double[] driftTranspose(Ints[] x, Ints[] p, Floats[] xi, Floats[] pi, double[] cs, FixedPoint units, int nz,
      ExactSum[] sums);

  /**
   * Cloud-in-cell paint. The grid's mesh is cleared, ghosts included; every particle adds integers that sum to exactly
   * {@link FixedPoint#massUnits()}.
   *
   * @param reach cells by axis: the whole part of every displacement lies in [−reach, reach)
   */
  void paint(Ints[] x, Grid grid, int[] reach, FixedPoint units, Ints mesh);

  /**
   * As {@link #paint(Ints[], Grid, int[], FixedPoint, Ints)}.
   *
   * @param ghostsPainted runs once, when ghosts will not change any more; cells of the block still may
   */
  default void paint(Ints[] x, Grid grid, int[] reach, FixedPoint units, Ints mesh, Runnable ghostsPainted) {
    paint(x, grid, reach, units, mesh);
    ghostsPainted.run();
  }

  /**
   * How far a kick and the drifts after it brought the particles.
   *
   * @param momentum the largest |P|, in quanta; NaN if a force was not finite
   * @param displacements after each drift the largest |x| by axis, cells; NaN if its c is not finite
   */
  record Moved(double momentum, double[][] displacements) {}

  /**
   * Reads the force {@code −∇φ} (4th-order differences, cloud in cell) at every particle and kicks: with g its axis a in
   * units of φ a Mpc/h, {@code P_a ← P_a + round(k / cell_a · g_a)}. Then drifts all axes, each time as {@link #drift} does.
   *
   * @param potential φ, with ghosts on split axes at least two wider than the reach
   * @param cells sides of a cell by axis, Mpc/h
   * @param drifts the c of each drift, in turn; none: x stays as it is
   * @param reach of the positions before any drift
   * @param memory scratch of {@link ForceBlock#floats}
   */
  Moved kick(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, double k, double[] drifts, int[] reach,
      FixedPoint units, Floats memory);

  /**
   * As {@link #kick(Ints[], Grid, Floats, double[], Ints[], double, double[], int[], FixedPoint, Floats)}.
   *
   * @param ghostsNeeded runs once, before a ghost is read
   */
  default Moved kick(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, double k, double[] drifts,
      int[] reach, FixedPoint units, Floats memory, Runnable ghostsNeeded) {
    ghostsNeeded.run();
    return kick(x, grid, potential, cells, p, k, drifts, reach, units, memory);
  }

  /**
   * The reverse of {@link #kick}: undoes it, adds {@code Σ_a Σ π_a g_a / cell_a} to a sum (the cotangent of k), and pulls the
   * force's cotangent back through the read to the position: {@code ξ_b ← ξ_b + Σ_a k / cell_a π_a ∂g_a/∂x_b}. Sums are taken
   * over pieces of {@link #PIECE} sites of a z line, in order.
   */
  void kickTranspose(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, Floats[] pi, Floats[] xi,
      double k,
      int[] reach, FixedPoint units, Floats memory, ExactSum sum);

  /**
   * As {@link #kickTranspose(Ints[], Grid, Floats, double[], Ints[], Floats[], Floats[], double, int[], FixedPoint, Floats,
   * ExactSum)}.
   *
   * @param ghostsNeeded runs once, before a ghost is read
   */
  default void kickTranspose(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, Floats[] pi,
      Floats[] xi, double k, int[] reach, FixedPoint units, Floats memory, ExactSum sum, Runnable ghostsNeeded) {
    ghostsNeeded.run();
    kickTranspose(x, grid, potential, cells, p, pi, xi, k, reach, units, memory, sum);
  }

  /**
   * Paints {@code round(scale · c · value)} times the weights of {@link #kick}'s read: the transpose of reading, in integers
   * so that no order matters. The mesh is cleared first, ghosts included.
   */
  void paintCotangent(Ints[] x, Grid grid, int[] reach, Floats value, double c, double scale, FixedPoint units,
      Ints mesh);

  /**
   * As {@link #paintCotangent(Ints[], Grid, int[], Floats, double, double, FixedPoint, Ints)}.
   *
   * @param ghostsPainted runs once, when ghosts will not change any more; cells of the block still may
   */
  default void paintCotangent(Ints[] x, Grid grid, int[] reach, Floats value, double c, double scale,
      FixedPoint units, Ints mesh, Runnable ghostsPainted) {
    paintCotangent(x, grid, reach, value, c, scale, units, mesh);
    ghostsPainted.run();
  }

  /** The transpose of {@link #paint}: {@code ξ_a ← ξ_a + Σ_corners cotangent · ∂weight/∂x_a}. */
  void paintTranspose(Ints[] x, Grid grid, int[] reach, Floats cotangent, FixedPoint units, Floats[] xi);

  /**
   * As {@link #paintTranspose(Ints[], Grid, int[], Floats, FixedPoint, Floats[])}.
   *
   * @param ghostsNeeded runs once, before a ghost is read
   */
  default void paintTranspose(Ints[] x, Grid grid, int[] reach, Floats cotangent, FixedPoint units, Floats[] xi,
      Runnable ghostsNeeded) {
    ghostsNeeded.run();
    paintTranspose(x, grid, reach, cotangent, units, xi);
  }

  /** The largest element of a painted mesh, in mass units; ghosts included. */
  int largest(Ints mesh, Grid grid);

  /**
   * {@code x ← round((a first + b second) / cell quantum)}; without a second field, pass first again and b = 0.
   *
   * @return the largest |x|, in the unit that quantum is given in (cells for x)
   */
  double fix(Floats first, double a, Floats second, double b, double quantum, Ints into);
}
