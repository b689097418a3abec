package org.halocline.cosmology.kernel;

import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.mesh.Grid;

/**
 * What a lane does with a {@link ParticleSet}. Meshes are shaped by a {@link Grid} whose halo holds every cell that a
 * particle within the largest displacement can touch. A reach is the number of cells by axis that bounds the whole part
 * of every displacement: it lies in [−reach, reach).
 *
 * <p>
 * A kernel that touches ghosts takes a moment: an action that the kernel runs once. Ghosts travel while the kernel
 * works on the cells that touch none.
 */
public interface Particles {

  /** Sites of a z line, its last part apart, whose terms are summed one after another: part of the arithmetic. */
  int PIECE = 256;

  /**
   * {@code x ← x + sign · round(c P)} on all axes; the same c with the other sign undoes it bit for bit.
   *
   * @param c displacement a unit of momentum, cells
   * @return the largest |x| after it by axis, cells; NaN if c is not finite
   */
  double[] drift(ParticleSet set, double c, int sign);

  /**
   * The reverse of drifts, one after another: for each c, {@code x ← x − round(c P)}, {@code π ← π + c ξ}, and
   * {@code Σ ξ · P} over the block is added to that c's sum, its cotangent. Sums are taken over z lines, in order.
   *
   * @param cs as they were drifted by, the last first
   * @param sums one for each c
   * @return the largest |π| after all, by axis; NaN if any is
   */
  double[] driftTranspose(ParticleSet set, double[] cs, ExactSum[] sums);

  /**
   * Cloud-in-cell paint. The mesh is cleared, ghosts included; every particle adds integers that sum to exactly
   * {@link FixedPoint#massUnits()}.
   *
   * @param ghostsPainted runs once, when ghosts will not change any more; cells of the block still may
   */
  void paint(ParticleSet set, int[] reach, Ints mesh, Grid grid, Runnable ghostsPainted);

  /**
   * The transpose of {@link #paint}: {@code ξ_a ← ξ_a + Σ_corners cotangent · ∂weight/∂x_a}.
   *
   * @param ghostsNeeded runs once, before a ghost is read
   */
  void paintTranspose(ParticleSet set, int[] reach, Floats cotangent, Grid grid, Runnable ghostsNeeded);

  /**
   * How far a kick and the drifts after it brought the particles.
   *
   * @param momentum the largest |P|, in quanta; NaN if a force was not finite
   * @param displacements after each drift the largest |x| by axis, cells; NaN if its c is not finite
   */
  record Moved(double momentum, double[][] displacements) {}

  /**
   * Reads the force at every particle and kicks: with g_a the force along axis a, {@code P_a ← P_a + round(k / cell_a ·
   * g_a)}. Then drifts all axes, each time as {@link #drift} does.
   *
   * @param drifts the c of each drift, in turn; none: x stays as it is
   * @param reach of the positions before any drift
   * @param ghostsNeeded runs once, before a ghost is read
   */
  Moved kick(ParticleSet set, int[] reach, Potential potential, double k, double[] drifts, Runnable ghostsNeeded);

  /**
   * The reverse of {@link #kick} without drifts: undoes it, adds {@code Σ_a Σ π_a g_a / cell_a} to a sum (the cotangent
   * of k), and pulls the force's cotangent back through the read to the position: {@code ξ_b ← ξ_b + Σ_a k / cell_a π_a
   * ∂g_a/∂x_b}. Sums are taken over pieces of {@link #PIECE} sites of a z line, in order.
   *
   * @param ghostsNeeded runs once, before a ghost is read
   */
  void kickTranspose(ParticleSet set, int[] reach, Potential potential, double k, ExactSum sum, Runnable ghostsNeeded);

  /**
   * Paints {@code round(factor · value)} times the weights of {@link #kick}'s read: the transpose of reading, in
   * integers so that no order matters. The mesh is cleared first, ghosts included.
   *
   * @param value one a particle
   * @param ghostsPainted runs once, when ghosts will not change any more; cells of the block still may
   */
  void paintCotangent(ParticleSet set, int[] reach, Floats value, double factor, Ints mesh, Grid grid,
      Runnable ghostsPainted);

  /** The largest element of a painted mesh, in mass units; ghosts included. */
  int largest(Ints mesh, Grid grid);

  /**
   * {@code x ← round((a first + b second) / cell quantum)}; without a second field, pass first again and b = 0.
   *
   * @return the largest |x|, in the unit that quantum is given in (cells for x)
   */
  double fix(Floats first, double a, Floats second, double b, double quantum, Ints into);
}
