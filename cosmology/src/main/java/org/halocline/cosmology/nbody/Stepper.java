package org.halocline.cosmology.nbody;

import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.mesh.ExactSum;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.FixedPoint;
import org.halocline.cosmology.mesh.Particles;

/**
 * One drift-kick-drift step and its reverse. Forward: x½ = x + hA P; P ← P + k g(x½); x = x½ + hA′ P. The reverse subtracts the
 * same rounded increments, so it finds every earlier state bit for bit, and carries the cotangents ξ, π and those of the
 * coefficients along.
 */
final class Stepper {
  private final Workspace w;
  private final Particles particles;
  private final FixedPoint units;

  Stepper(Workspace workspace) {
    this.w = workspace;
    this.particles = workspace.kernels.particles();
    this.units = workspace.plan.units();
  }

  /** Moves every axis by sign · round(c P); the largest |x| of each axis, cells, is kept in {@code largest}. */
  void drift(double c, int sign, double[] largest) {
    for (int axis = 0; axis < 3; axis++)
      largest[axis] = Math.max(largest[axis], particles.drift(w.x[axis], w.p[axis], c, sign, units));
    w.port.breathe();
  }

  /** {@code ξ, π} through a drift's transpose; the coefficient's cotangent is added to {@code sum}. */
  void driftTranspose(double c, ExactSum sum) {
    for (int axis = 0; axis < 3; axis++)
      particles.driftTranspose(w.xi[axis], w.pi[axis], w.p[axis], c, units, w.plainGrid.nz(), sum);
    w.port.breathe();
  }

  /**
   * Paints the particles and leaves the overdensity in {@code sum}, the painted mesh with its own ghosts added.
   *
   * @return the interior's total mass, in mass units
   */
  long paint(double offset) {
    particles.paint(w.x, w.paintGrid, units, w.painted);
    w.halo.add(w.painted, w.paintGrid);
    return w.kernels.meshes().overdensity(w.painted, w.paintGrid, 1.0 / units.massUnits(), offset, w.sum, w.plainGrid);
  }

  /** The potential of the overdensity in {@code sum}, with ghosts. */
  void potential() {
    w.inverseLaplacian(w.sum, w.potential, w.potentialGrid);
    w.halo.fill(w.potential, w.potentialGrid);
  }

  /** One axis of the force of the potential, in the work mesh. */
  private void force(int axis) {
    w.kernels.meshes().difference(w.potential, w.potentialGrid, axis, -1 / w.cell(axis), w.work, w.forceGrid);
  }

  /**
   * Kicks by the potential's force.
   *
   * @return the largest |P| in quanta
   */
  double kick(double k) {
    double largest = 0;
    for (int axis = 0; axis < 3; axis++) {
      force(axis);
      largest = Math.max(largest, particles.kick(w.x, w.forceGrid, w.work, w.p[axis], k / w.cell(axis), 1, units));
      w.port.breathe();
    }
    return largest;
  }

  /**
   * Undoes the kick and pulls its cotangents back: k's is added to {@code sum}, ξ gains through the read and leaves in
   * {@code sum} mesh the cotangent of the potential.
   */
  void kickTranspose(double k, ExactSum sum) {
    double[] bounds = new double[4];
    for (int axis = 0; axis < 3; axis++)
      bounds[axis] = Math.abs(k) / w.cell(axis) * particles.largest(w.pi[axis]);
    bounds[3] = particles.largest(w.painted, w.paintGrid) / (double) units.massUnits();
    w.collectives.max(bounds);
    w.kernels.vectors().fill(w.sum, 0);
    for (int axis = 0; axis < 3; axis++) {
      double cell = w.cell(axis);
      force(axis);
      particles.kickTranspose(w.x, w.forceGrid, w.work, w.p[axis], w.pi[axis], w.xi, k / cell, units, 1 / cell, sum);
      double scale = cotangentScale(bounds[axis], bounds[3]);
      if (scale > 0) {
        particles.paintCotangent(w.x, w.paintGrid, w.pi[axis], k / cell, scale, units, w.painted);
        w.halo.add(w.painted, w.paintGrid);
        w.halo.fill(w.painted, w.paintGrid);
        // The force is −Dφ, and (−D)ᵀ = D.
        w.kernels.meshes().addDifference(w.painted, w.paintGrid, axis, 1 / (cell * scale), w.sum, w.plainGrid);
      }
      w.port.breathe();
    }
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

  /** {@code ξ ← ξ + ∇read(cotangent)}: the paint's transpose, of a density cotangent on the force grid of the potential mesh. */
  void paintTranspose() {
    w.halo.fill(w.potential, w.forceGrid);
    particles.paintTranspose(w.x, w.forceGrid, w.potential, units, w.xi);
    w.port.breathe();
  }

  /** Puts the cotangent of a density without ghosts where {@link #paintTranspose} reads it. */
  void densityCotangent(Floats cotangent) {
    w.kernels.meshes().copyInterior(cotangent, w.plainGrid, w.potential, w.forceGrid);
  }
}
