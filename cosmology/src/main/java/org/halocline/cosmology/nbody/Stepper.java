package org.halocline.cosmology.nbody;

import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.kernel.Potential;

/**
 * One drift-kick-drift step and its reverse. Forward: x½ = x + hA P; P ← P + k g(x½); x = x½ + hA′ P. The reverse subtracts the
 * same rounded increments, so it finds every earlier state bit for bit, and carries the cotangents ξ, π and those of the
 * coefficients along.
 */
final class Stepper {
  private final Workspace w;
  private final Particles particles;
  private final FixedPoint units;
  private final int[] reach;
  /** By axis the largest of the cotangents that are painted, and the fullest cell. */
  private final double[] bounds = new double[4];
  private Port.Exchange boundsTravel = () -> {};

  Stepper(Workspace workspace) {
    this.w = workspace;
    this.particles = workspace.kernels.particles();
    this.units = workspace.plan.units();
    this.reach = workspace.plan.reach();
  }

  /**
   * How far the particles are now, over all ranks, which decides what is exchanged and looked at, but no number: the same on every
   * rank.
   *
   * @param largest |x| by axis, cells
   */
  void reaches(double[] largest) {
    for (int axis = 0; axis < 3; axis++)
      reach[axis] = largest[axis] < w.plan.haloCells(axis) ? (int) largest[axis] + 1 : w.plan.haloCells(axis);
  }

  /** What {@link #reaches} made of the last distances. */
  int[] reach() {
    return reach.clone();
  }

  /** Goes back to an earlier {@link #reach}. */
  void reach(int[] earlier) {
    System.arraycopy(earlier, 0, reach, 0, reach.length);
  }

  /**
   * Moves every axis by round(c P).
   *
   * @return the largest |x| by axis, cells
   */
  double[] drift(double c) {
    double[] largest = particles.drift(w.set, c, 1);
    w.port.breathe();
    return largest;
  }

  /**
   * Undoes drifts by each c, the last first, and takes {@code ξ, π} through their transposes; the cotangents of the
   * coefficients are added to {@code sums}.
   *
   * @return the largest |π| by axis
   */
  double[] driftTranspose(double[] cs, ExactSum[] sums) {
    double[] largest = particles.driftTranspose(w.set, cs, sums);
    w.port.breathe();
    return largest;
  }

  /**
   * Paints the particles: the painted mesh, with its own ghosts added, and the overdensity without ghosts in a mesh.
   *
   * @return the interior's total mass, in mass units
   */
  long paint(double offset, Floats overdensity) {
    particles.paint(w.set, reach, w.painted, w.paintGrid, this::beginAdd);
    w.halo.finish();
    return w.kernels.meshes().overdensity(w.painted, w.paintGrid, 1.0 / units.massUnits(), offset, overdensity,
        w.plainGrid);
  }

  private void beginAdd() {
    w.halo.beginAdd(w.painted, w.paintGrid, reach[0], reach[1]);
  }

  /** The overdensity in the potential mesh becomes its potential, whose ghosts are under way: a kick must follow. */
  void potential() {
    w.inverseLaplacian(w.potential, w.work, w.potential, w.potentialGrid);
    w.halo.beginFill(w.potential, w.potentialGrid, reach[0] + Potential.DIFFERENCE, reach[1] + Potential.DIFFERENCE);
  }

  /**
   * Kicks by the potential's force, and drifts by each of drifts while the particles are at hand.
   *
   * @return how far all that brought them
   */
  Moved kick(double k, double[] drifts) {
    Moved moved = particles.kick(w.set, reach, w.force, k, drifts, w.halo::finish);
    w.port.breathe();
    return moved;
  }

  /**
   * Finds what bounds the cotangents that a kick's reverse will paint, which travels until then.
   *
   * @param largest |π| by axis
   */
  void cotangentBounds(double k, double[] largest) {
    for (int axis = 0; axis < 3; axis++)
      bounds[axis] = Math.abs(k) / w.cell(axis) * largest[axis];
    bounds[3] = particles.largest(w.painted, w.paintGrid) / (double) units.massUnits();
    boundsTravel = w.collectives.beginMax(bounds);
  }

  /**
   * Undoes the kick and pulls its cotangents back: k's is added to {@code sum}, ξ gains through the read, and the potential's is
   * left in the work mesh, without ghosts. {@link #cotangentBounds} must have gone before.
   */
  void kickTranspose(double k, ExactSum sum) {
    particles.kickTranspose(w.set, reach, w.force, k, sum, w.halo::finish);
    boundsTravel.finish();
    w.kernels.vectors().fill(w.work, 0);
    for (int axis = 0; axis < 3; axis++) {
      double cell = w.cell(axis);
      double scale = cotangentScale(bounds[axis], bounds[3]);
      if (scale > 0) {
        particles.paintCotangent(w.set, reach, w.pi[axis], k / cell * scale, w.painted, w.paintGrid,
            this::beginAdd);
        w.halo.finish();
        w.halo.beginFill(w.painted, w.paintGrid, axis == 0 ? Potential.DIFFERENCE : 0, axis == 1 ? Potential.DIFFERENCE : 0);
        // The force is −Dφ, and (−D)ᵀ = D.
        w.kernels.meshes().addDifference(w.painted, w.paintGrid, axis, 1 / (cell * scale), w.work, w.plainGrid,
            w.halo::finish);
      }
      w.port.breathe();
    }
  }

  /** The potential's cotangent in the work mesh becomes the density's, on the grid that {@link #paintTranspose} reads. */
  void densityCotangent() {
    w.inverseLaplacian(w.work, w.potential, w.work, w.forceGrid);
  }

  /**
   * A power of two that keeps a painted cotangent within int32: its largest magnitude times the mass in the fullest cell,
   * with a margin of two. 0 where there is nothing to paint, or nothing that is finite: the sums then carry the NaN.
   */
  private static double cotangentScale(double largest, double fullestCell) {
    double bound = largest * fullestCell;
    if (!(bound > 0) || bound == Double.POSITIVE_INFINITY)
      return 0;
    return Math.scalb(1.0, Math.min(1000, 29 - Math.getExponent(bound)));
  }

  /** {@code ξ ← ξ + ∇read(cotangent)}: the paint's transpose, of a density's cotangent on the force grid of the work mesh. */
  void paintTranspose() {
    w.halo.beginFill(w.work, w.forceGrid, reach[0], reach[1]);
    particles.paintTranspose(w.set, reach, w.work, w.forceGrid, w.halo::finish);
    w.port.breathe();
  }
}
