package org.halocline.cosmology.nbody;

import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Meshes;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.power.RootPower;
import org.halocline.cosmology.timeline.StepCoefficients;

/**
 * Lagrangian perturbation theory: white noise to displacement and momentum at a_initial, and its transpose. With D the
 * 4th-order difference, ψ1 = −D φ1, ∇²φ1 = δ, and in second order ψ2 = −D φ2, ∇²φ2 = Σ_{i<j} φ1,ii φ1,jj − φ1,ij².
 */
final class Lpt {
  private final Workspace w;
  private final Meshes meshes;
  private final boolean secondOrder;

  Lpt(Workspace workspace) {
    this.w = workspace;
    this.meshes = workspace.kernels.meshes();
    this.secondOrder = workspace.plan.timeline().lptOrder() == 2;
  }

  /** The coefficient of √P(k)/k² that takes transformed noise to φ1. */
  private double colourFactor() {
    return -w.normalisation() / Math.sqrt(w.plan.mesh().cellVolumeMpcH3());
  }

  /**
   * Sets x and P (with A_0 = 1, P = p) from the noise; three fields without ghosts are scratch.
   *
   * @return largest |x| on each axis in cells, then largest |P|
   */
  double[] forward(StepCoefficients c, Floats noise) {
    double growth = c.value(StepCoefficients.LPT_FIRST);
    double growth2 = secondOrder ? c.value(StepCoefficients.LPT_SECOND) : 0;
    double velocity2 = secondOrder ? c.value(StepCoefficients.LPT_VELOCITY) : 0;
    double[] largest = new double[4];
    firstPotential(c, noise);
    // What is left of the first potential when the second takes its mesh.
    Floats[] first = {w.work, w.xi[1], w.xi[2]};
    if (secondOrder) {
      meshes.secondOrderSource(w.potential, w.potentialGrid, w.cells(), w.xi[0], w.plainGrid);
      w.inverseLaplacian(w.xi[0], w.work, w.xi[0], w.plainGrid);
      for (int axis = 0; axis < 3; axis++)
        displacement(w.potential, axis, first[axis]);
      meshes.copyInterior(w.xi[0], w.plainGrid, w.potential, w.potentialGrid);
      w.halo.fill(w.potential, w.potentialGrid, 2, 2);
    }
    for (int axis = 0; axis < 3; axis++) {
      double cell = w.cell(axis);
      Floats ofFirst = first[axis];
      Floats ofSecond = secondOrder ? w.xi[0] : ofFirst;
      displacement(w.potential, axis, secondOrder ? ofSecond : ofFirst);
      largest[axis] = w.kernels.particles().fix(ofFirst, growth / cell, ofSecond, growth2 / cell,
          w.plan.units().cell(), w.x[axis]);
      largest[3] = Math.max(largest[3], w.kernels.particles().fix(ofFirst, 1 / cell, ofSecond, velocity2 / cell,
          w.plan.units().momentum(), w.p[axis]));
    }
    w.port.yieldPoint();
    return largest;
  }

  /** φ1 with ghosts, from noise. */
  private void firstPotential(StepCoefficients c, Floats noise) {
    w.fourier.forward(noise, w.plainGrid, w.work);
    w.kernels.modes().colour(w.work, w.fourier.pencil(), c.rootPower(), colourFactor());
    w.fourier.inverse(w.work, w.potential, w.potentialGrid);
    w.halo.fill(w.potential, w.potentialGrid, 4, 4);
    w.port.yieldPoint();
  }

  /**
   * From φ1 with ghosts in {@code potential}, φ2 with ghosts in {@code out}, which may be the source or the potential.
   */
  private void secondPotential(Floats source, Floats spectrum, Floats out) {
    meshes.secondOrderSource(w.potential, w.potentialGrid, w.cells(), source, w.plainGrid);
    w.port.yieldPoint();
    w.inverseLaplacian(source, spectrum, out, w.potentialGrid);
    w.halo.fill(out, w.potentialGrid, 2, 2);
  }

  /**
   * The transpose at the initial state: from ξ and π, which are lost, to the noise's cotangent.
   *
   * @param gradient receives the noise's cotangent; may be the noise itself
   * @param cotangents by coefficient; the growth factors' are added here, on this rank's sites
   * @param power by {@link RootPower#PARAMETERS}; the cotangent through √P(k) is added, on this rank's modes
   */
  void reverse(StepCoefficients c, Floats noise, Floats gradient, ExactSum[] cotangents, ExactSum[] power) {
    firstPotential(c, noise);
    for (int axis = 0; axis < 3; axis++) {
      displacement(w.potential, axis, w.work);
      scaledDot(w.xi[axis], w.work, 1 / w.cell(axis), cotangents[StepCoefficients.LPT_FIRST]);
    }
    if (secondOrder)
      sourceCotangent(c, cotangents);
    // ψ1 takes part in x and in P; π is free from here on.
    for (int axis = 0; axis < 3; axis++)
      meshes.combine(c.value(StepCoefficients.LPT_FIRST) / w.cell(axis), w.xi[axis], 1 / w.cell(axis), w.pi[axis],
          w.xi[axis],
          w.plainGrid);
    Floats source = w.pi[0];
    if (secondOrder) {
      w.inverseLaplacian(w.potential, w.work, source, w.plainGrid);
      firstPotential(c, noise);
    }
    Floats phi1 = w.pi[1];
    w.kernels.vectors().fill(phi1, 0);
    for (int axis = 0; axis < 3; axis++) {
      meshes.copyInterior(w.xi[axis], w.plainGrid, w.work, w.differenceGrid);
      addDivergence(axis, phi1);
    }
    if (secondOrder)
      for (int i = 0; i < 3; i++)
        for (int j = i; j < 3; j++)
          addCurvature(i, j, source, phi1);
    w.port.yieldPoint();
    w.fourier.forward(phi1, w.plainGrid, w.work);
    w.fourier.forward(noise, w.plainGrid, w.potential);
    w.kernels.modes().powerTranspose(w.work, w.potential, w.fourier.pencil(), c.rootPower(), colourFactor(), power);
    w.kernels.modes().colour(w.work, w.fourier.pencil(), c.rootPower(), colourFactor());
    w.fourier.inverse(w.work, gradient, w.plainGrid);
    w.port.yieldPoint();
  }

  /**
   * From φ1 in the potential mesh: leaves there, without ghosts, the cotangent of φ2, and adds the sums of second
   * order.
   */
  private void sourceCotangent(StepCoefficients c, ExactSum[] cotangents) {
    secondPotential(w.work, w.potential, w.work);
    for (int axis = 0; axis < 3; axis++) {
      displacement(w.work, axis, w.potential);
      scaledDot(w.xi[axis], w.potential, 1 / w.cell(axis), cotangents[StepCoefficients.LPT_SECOND]);
      scaledDot(w.pi[axis], w.potential, 1 / w.cell(axis), cotangents[StepCoefficients.LPT_VELOCITY]);
    }
    w.kernels.vectors().fill(w.potential, 0);
    for (int axis = 0; axis < 3; axis++) {
      meshes.combine(c.value(StepCoefficients.LPT_SECOND) / w.cell(axis), w.xi[axis],
          c.value(StepCoefficients.LPT_VELOCITY) / w.cell(axis),
          w.pi[axis], w.work, w.differenceGrid);
      addDivergence(axis, w.potential);
    }
  }

  /**
   * The source is Σ_{i<j} φ,ii φ,jj − φ,ij², so with its cotangent S̄ that of φ gains Σ_ij D_j D_i T_ij with T_ij = S̄
   * (δ_ij ∇²φ − φ,ij); both orders of i and j at once.
   */
  private void addCurvature(int i, int j, Floats source, Floats out) {
    Grid grid = w.secondDifferenceGrid;
    if (i == j)
      for (int other = 1; other < 3; other++)
        secondDerivative((i + other) % 3, (i + other) % 3, 1, other == 2);
    else
      secondDerivative(i, j, -2, false);
    meshes.multiply(source, w.plainGrid, w.work, grid);
    w.halo.fill(w.work, grid);
    meshes.secondDifference(w.work, grid, j, i, 1 / (w.cell(i) * w.cell(j)), true, out, w.plainGrid);
    w.port.yieldPoint();
  }

  private void secondDerivative(int i, int j, double factor, boolean add) {
    meshes.secondDifference(w.potential, w.potentialGrid, i, j, factor / (w.cell(i) * w.cell(j)), add, w.work,
        w.secondDifferenceGrid);
  }

  /** {@code out ← −D_axis potential}, without ghosts. */
  private void displacement(Floats potential, int axis, Floats out) {
    meshes.difference(potential, w.potentialGrid, axis, -1 / w.cell(axis), out, w.plainGrid);
  }

  /** {@code out ← out + D_axis work}: ψ = −Dφ, and (−D)ᵀ = D. */
  private void addDivergence(int axis, Floats out) {
    w.halo.fill(w.work, w.differenceGrid, axis == 0 ? 2 : 0, axis == 1 ? 2 : 0);
    meshes.addDifference(w.work, w.differenceGrid, axis, 1 / w.cell(axis), out, w.plainGrid);
  }

  private void scaledDot(Floats a, Floats b, double factor, ExactSum into) {
    w.kernels.vectors().dot(a, b, w.plainGrid.nz(), factor, into);
  }
}
