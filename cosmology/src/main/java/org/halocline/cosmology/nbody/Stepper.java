package org.halocline.cosmology.nbody;

import java.util.Arrays;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.nbody.Observable.Painted;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.timeline.StepCoefficients;

/**
 * The steps of a simulation: drift, paint, force, kick, drift, each with its adjoint below it. The reverse subtracts
 * the same rounded increments that the forward pass has added, so it finds every earlier state bit for bit, and it
 * carries the cotangents ξ, π and those of the coefficients along.
 *
 * <p>
 * Nothing looks at the particles between the last drift of a step and the first drift of the next step. So one sweep
 * over the particles makes a kick and both drifts after it, and one sweep makes the adjoints of both drifts.
 */
final class Stepper {
  /** The overdensity is the density less its mean. */
  private static final double LESS_MEAN = -1;

  private final Workspace w;
  private final Particles particles;
  private final FixedPoint units;
  private final Limits limits;
  private final int[] reach;
  /** By axis the largest of the cotangents that are painted, and the fullest cell. */
  private final double[] bounds = new double[4];
  private Port.Exchange boundsTravel = () -> {};

  private StepCoefficients c;
  /** Reach in the middle of each step of the last forward pass. */
  private int[][] reaches = new int[0][];
  /** Largest |x| by axis over all ranks, cells. */
  private double[] farthest = new double[3];
  /** Painted on this rank since the first step, mass units. */
  private long mass;

  Stepper(Workspace workspace) {
    this.w = workspace;
    this.particles = workspace.kernels.particles();
    this.units = workspace.plan.units();
    this.limits = new Limits(workspace.plan, workspace.collectives);
    this.reach = workspace.plan.reach();
  }

  /** Before the first step of a forward pass. */
  void begin(StepCoefficients coefficients) {
    c = coefficients;
    reaches = new int[c.steps()][];
    mass = 0;
  }

  /**
   * One step n, with the factors d = h A and d′ = h A′ of its drifts and k = β/A′ of its kick: x½ = x + d P; δ =
   * paint(x½) − 1; φ = ∇⁻²δ; P ← P + k g(x½), where g = −∇φ; x = x½ + d′ P.
   */
  void forward(int n, Observable observable) throws LimitException {
    if (n == 0)
      farthest = w.maximum(drift(c.value(c.driftIn(0)))); // the kick before has made this drift of any other step
    limits.within(farthest, "step " + (n + 1));
    reaches[n] = reached(farthest);
    mass += paint(LESS_MEAN, w.potential);
    observable.forward(n, painted(w.potential));
    force();
    farthest = limits.moved(n, kick(c.value(c.kick(n)), driftsAfter(n)));
  }

  /**
   * The adjoint of {@link #forward}. Painting and the force are made again, since nothing of the forward pass is kept.
   *
   * @param sums cotangents of the coefficients
   */
  void reverse(int n, Observable observable, ExactSum[] sums) {
    double[] largest = n + 1 == c.steps()
        ? driftAdjoint(sums, c.driftOut(n))
        : driftAdjoint(sums, c.driftIn(n + 1), c.driftOut(n));
    System.arraycopy(reaches[n], 0, reach, 0, reach.length);
    paint(LESS_MEAN, w.potential);
    cotangentBounds(c.value(c.kick(n)), largest);
    force();
    kickAdjoint(c.value(c.kick(n)), sums[c.kick(n)]);
    forceAdjoint();
    observable.addCotangent(n, w.work, w.forceGrid);
    paintAdjoint();
    observable.addCotangent(n, w.set);
    if (n == 0)
      driftAdjoint(sums, c.driftIn(0));
  }

  /** @throws LimitException where a cell overflowed in any step */
  void end() throws LimitException {
    limits.mass(mass, c.steps());
  }

  /**
   * The density of the present state, mean 1, of this rank's block without ghosts, in memory that a reverse pass uses
   * again.
   */
  Floats density() throws LimitException {
    // A drift by nothing, for how far particles are: displacements may have been written from outside.
    double[] largest = w.maximum(drift(0));
    reached(largest);
    limits.within(largest, "the present state");
    limits.mass(paint(0, w.xi[0]), 1);
    return w.xi[0];
  }

  /** The adjoint of {@link #density}, by an observable's cotangent, which may lie in ξ's memory; ξ and π begin here. */
  void densityAdjoint(Observable observable) {
    if (observable.atEnd()) {
      w.kernels.vectors().fill(w.potential, 0);
      observable.addCotangent(c.steps(), w.potential, w.plainGrid);
      w.kernels.meshes().copyInterior(w.potential, w.plainGrid, w.work, w.forceGrid);
    }
    for (int axis = 0; axis < 3; axis++) {
      w.kernels.vectors().fill(w.xi[axis], 0);
      w.kernels.vectors().fill(w.pi[axis], 0);
    }
    if (observable.atEnd()) {
      paintAdjoint();
      observable.addCotangent(c.steps(), w.set);
    }
  }

  Painted painted(Floats density) {
    return new Painted(w.painted, w.paintGrid, density, w.set);
  }

  /**
   * Bounds how far particles are from now on. This decides which ghosts travel, and no number.
   *
   * @param largest |x| by axis over all ranks, cells
   * @return the reach, to be kept
   */
  private int[] reached(double[] largest) {
    for (int axis = 0; axis < 3; axis++)
      reach[axis] = largest[axis] < w.plan.haloCells(axis) ? (int) largest[axis] + 1 : w.plan.haloCells(axis);
    return reach.clone();
  }

  /** The drift that ends a step, and the one that the next step begins with. */
  private double[] driftsAfter(int n) {
    double out = c.value(c.driftOut(n));
    return n + 1 == c.steps() ? new double[]{out} : new double[]{out, c.value(c.driftIn(n + 1))};
  }

  /**
   * Moves every axis by round(c P).
   *
   * @return the largest |x| by axis, cells
   */
  private double[] drift(double factor) {
    double[] largest = particles.drift(w.set, factor, 1);
    w.port.yieldPoint();
    return largest;
  }

  /**
   * Undoes drifts and takes ξ, π through their transposes.
   *
   * @param drifts indices of the drifts' coefficients, the last first
   * @return the largest |π| by axis
   */
  private double[] driftAdjoint(ExactSum[] sums, int... drifts) {
    double[] largest = particles.driftTranspose(w.set, Arrays.stream(drifts).mapToDouble(c::value).toArray(),
        Arrays.stream(drifts).mapToObj(i -> sums[i]).toArray(ExactSum[]::new));
    w.port.yieldPoint();
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

  /**
   * {@code ξ ← ξ + ∇read(cotangent)}: the paint's transpose, of a density's cotangent on the force grid of the work
   * mesh.
   */
  void paintAdjoint() {
    w.halo.beginFill(w.work, w.forceGrid, reach[0], reach[1]);
    particles.paintTranspose(w.set, reach, w.work, w.forceGrid, w.halo::finish);
    w.port.yieldPoint();
  }

  /**
   * The overdensity in the potential mesh becomes its potential, whose ghosts travel until the kick that must follow.
   */
  private void force() {
    w.inverseLaplacian(w.potential, w.work, w.potential, w.potentialGrid);
    w.halo.beginFill(w.potential, w.potentialGrid, reach[0] + Potential.DIFFERENCE, reach[1] + Potential.DIFFERENCE);
  }

  /** The potential's cotangent in the work mesh becomes the density's, on the grid that {@link #paintAdjoint} reads. */
  private void forceAdjoint() {
    w.inverseLaplacian(w.work, w.potential, w.work, w.forceGrid);
  }

  /**
   * Kicks by the potential's force, then drifts by each factor in the same sweep.
   *
   * @return how far the kick and the drifts brought the particles
   */
  private Moved kick(double k, double[] drifts) {
    Moved moved = particles.kick(w.set, reach, w.force, k, drifts, w.halo::finish);
    w.port.yieldPoint();
    return moved;
  }

  /**
   * Undoes the kick and pulls its cotangents back: the cotangent of k is added to {@code sum}, ξ gains through the
   * read, and the potential's cotangent is left in the work mesh, without ghosts. {@link #cotangentBounds} must have
   * begun before.
   */
  private void kickAdjoint(double k, ExactSum sum) {
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
        w.halo.beginFill(w.painted, w.paintGrid, axis == 0 ? Potential.DIFFERENCE : 0,
            axis == 1 ? Potential.DIFFERENCE : 0);
        // The force is −Dφ, and (−D)ᵀ = D.
        w.kernels.meshes().addDifference(w.painted, w.paintGrid, axis, 1 / (cell * scale), w.work, w.plainGrid,
            w.halo::finish);
      }
      w.port.yieldPoint();
    }
  }

  /**
   * Begins to find the bounds of the cotangents that {@link #kickAdjoint} will paint, over all ranks.
   *
   * @param largest |π| by axis
   */
  private void cotangentBounds(double k, double[] largest) {
    for (int axis = 0; axis < 3; axis++)
      bounds[axis] = Math.abs(k) / w.cell(axis) * largest[axis];
    bounds[3] = particles.largest(w.painted, w.paintGrid) / (double) units.massUnits();
    boundsTravel = w.collectives.beginMax(bounds);
  }

  /**
   * A power of two that keeps a painted cotangent within int32: its largest magnitude times the mass in the fullest
   * cell, with a margin of two. 0 where all cotangents are zero, or one is not finite and the sums carry the NaN.
   */
  private static double cotangentScale(double largest, double fullestCell) {
    double bound = largest * fullestCell;
    if (!(bound > 0) || bound == Double.POSITIVE_INFINITY)
      return 0;
    return Math.scalb(1.0, Math.min(1000, 29 - Math.getExponent(bound)));
  }
}
