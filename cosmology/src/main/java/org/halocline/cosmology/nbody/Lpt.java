package org.halocline.cosmology.nbody;

import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.mesh.ExactSum;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Meshes;

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
   * Sets x and P (with A_0 = 1, P = p) from the noise; the cotangents' memory serves as scratch.
   *
   * @return largest |x| on each axis in cells, then largest |P|
   */
  double[] forward(Coefficients c, Floats noise) {
    double growth = c.value(c.lptFirst());
    double growth2 = c.value(c.lptSecond());
    double velocity2 = c.value(c.lptVelocity());
    double[] largest = new double[4];
    firstPotential(c, noise);
    Floats[] psi1 = w.pi;
    for (int axis = 0; axis < 3; axis++)
      meshes.difference(w.potential, w.potentialGrid, axis, -1 / w.cell(axis), psi1[axis], w.plainGrid);
    if (secondOrder) {
      secondPotential();
    }
    Floats psi2 = w.xi[0];
    for (int axis = 0; axis < 3; axis++) {
      double cell = w.cell(axis);
      if (secondOrder)
        meshes.difference(w.potential, w.potentialGrid, axis, -1 / cell, psi2, w.plainGrid);
      Floats second = secondOrder ? psi2 : psi1[axis];
      largest[axis] = w.kernels.particles().fix(psi1[axis], growth / cell, second, secondOrder ? growth2 / cell : 0,
          w.plan.units().cell(), w.x[axis]);
      largest[3] = Math.max(largest[3], w.kernels.particles().fix(psi1[axis], 1 / cell, second,
          secondOrder ? velocity2 / cell : 0, w.plan.units().momentum(), w.p[axis]));
    }
    w.port.breathe();
    return largest;
  }

  /** φ1 with ghosts, from noise. */
  private void firstPotential(Coefficients c, Floats noise) {
    w.fourier.forward(noise, w.plainGrid, w.work);
    w.kernels.spectra().colour(w.work, w.fourier.pencil(), c.rootPower(), colourFactor());
    w.fourier.inverse(w.work, w.potential, w.potentialGrid);
    w.halo.fill(w.potential, w.potentialGrid);
    w.port.breathe();
  }

  /** φ2 with ghosts in place of φ1: the source is summed in {@code sum}; {@code first}, {@code second}, {@code work} are scratch. */
  private void secondPotential() {
    Grid plain = w.plainGrid;
    w.kernels.vectors().fill(w.sum, 0);
    firstDerivative(0);
    derivative(0, w.first);
    subtractSquare(1);
    subtractSquare(2);
    firstDerivative(1);
    derivative(1, w.second);
    meshes.product(w.first, plain, w.second, plain, 1, w.sum, plain);
    meshes.addInterior(w.second, plain, w.first, plain);
    subtractSquare(2);
    firstDerivative(2);
    derivative(2, w.second);
    meshes.product(w.first, plain, w.second, plain, 1, w.sum, plain);
    w.port.breathe();
    w.inverseLaplacian(w.sum, w.potential, w.potentialGrid);
    w.halo.fill(w.potential, w.potentialGrid);
  }

  private void subtractSquare(int axis) {
    derivative(axis, w.second);
    meshes.product(w.second, w.plainGrid, w.second, w.plainGrid, -1, w.sum, w.plainGrid);
  }

  /** {@code spare ← D_axis φ}, with two ghost cells. */
  private void firstDerivative(int axis) {
    meshes.difference(w.potential, w.potentialGrid, axis, 1 / w.cell(axis), w.spare, w.differenceGrid);
  }

  /** {@code out ← D_axis spare}. */
  private void derivative(int axis, Floats out) {
    meshes.difference(w.spare, w.differenceGrid, axis, 1 / w.cell(axis), out, w.plainGrid);
  }

  /**
   * The transpose at the initial state: from ξ and π to the noise's cotangent, written to {@code gradient}.
   *
   * @param cotangents by coefficient; the growth factors' are added here, on this rank's sites
   * @param power by parameter; the cotangent through √P(k) is added, on this rank's modes
   */
  void reverse(Coefficients c, Floats noise, Floats gradient, ExactSum[] cotangents, ExactSum[] power) {
    int nz = w.plainGrid.nz();
    firstPotential(c, noise);
    for (int axis = 0; axis < 3; axis++) {
      meshes.difference(w.potential, w.potentialGrid, axis, -1 / w.cell(axis), w.first, w.plainGrid);
      scaledDot(w.xi[axis], w.first, nz, 1 / w.cell(axis), cotangents[c.lptFirst()]);
    }
    Floats phi1Bar = gradient;
    w.kernels.vectors().fill(phi1Bar, 0);
    if (secondOrder)
      secondOrderReverse(c, noise, cotangents, nz);
    for (int axis = 0; axis < 3; axis++) {
      if (secondOrder)
        curvature(axis, w.first);
      else
        w.kernels.vectors().fill(w.first, 0);
      // ψ1 = −Dφ1, and (−D)ᵀ = D.
      w.kernels.vectors().add((float) (c.value(c.lptFirst()) / w.cell(axis)), w.xi[axis], w.first);
      w.kernels.vectors().add((float) (1 / w.cell(axis)), w.pi[axis], w.first);
      addDivergence(w.first, axis, phi1Bar);
    }
    w.port.breathe();
    w.fourier.forward(phi1Bar, w.plainGrid, w.work);
    w.fourier.forward(noise, w.plainGrid, w.spare);
    w.kernels.spectra().powerTranspose(w.work, w.spare, w.fourier.pencil(), c.rootPower(), colourFactor(), power);
    w.kernels.spectra().colour(w.work, w.fourier.pencil(), c.rootPower(), colourFactor());
    w.fourier.inverse(w.work, gradient, w.plainGrid);
    w.port.breathe();
  }

  /**
   * Leaves in {@code sum} the cotangent of φ2's source, in {@code second} the Laplacian of φ1 by differences, and φ1 in the
   * potential.
   */
  private void secondOrderReverse(Coefficients c, Floats noise, ExactSum[] cotangents, int nz) {
    double growth2 = c.value(c.lptSecond());
    double velocity2 = c.value(c.lptVelocity());
    secondPotential();
    w.kernels.vectors().fill(w.sum, 0);
    for (int axis = 0; axis < 3; axis++) {
      double cell = w.cell(axis);
      meshes.difference(w.potential, w.potentialGrid, axis, -1 / cell, w.first, w.plainGrid);
      scaledDot(w.xi[axis], w.first, nz, 1 / cell, cotangents[c.lptSecond()]);
      scaledDot(w.pi[axis], w.first, nz, 1 / cell, cotangents[c.lptVelocity()]);
      w.kernels.vectors().fill(w.first, 0);
      w.kernels.vectors().add((float) (growth2 / cell), w.xi[axis], w.first);
      w.kernels.vectors().add((float) (velocity2 / cell), w.pi[axis], w.first);
      addDivergence(w.first, axis, w.sum);
    }
    w.inverseLaplacian(w.sum, w.sum, w.plainGrid);
    firstPotential(c, noise);
    w.kernels.vectors().fill(w.second, 0);
    for (int axis = 0; axis < 3; axis++) {
      firstDerivative(axis);
      meshes.addDifference(w.spare, w.differenceGrid, axis, 1 / w.cell(axis), w.second, w.plainGrid);
    }
  }

  /**
   * {@code out ← Σ_j D_j T_ij} with T_ij = S̄ (δ_ij ∇²φ1 − φ1,ij): φ1's cotangent through the source is Σ_i D_i of it.
   */
  private void curvature(int i, Floats out) {
    Grid grid = w.differenceGrid;
    firstDerivative(i);
    w.kernels.vectors().fill(out, 0);
    for (int j = 0; j < 3; j++) {
      w.kernels.vectors().fill(w.work, 0);
      meshes.addDifference(w.spare, grid, j, -1 / w.cell(j), w.work, grid);
      if (i == j)
        meshes.addInterior(w.second, w.plainGrid, w.work, grid);
      meshes.product(w.work, grid, w.sum, w.plainGrid, 0, w.work, grid);
      w.halo.fill(w.work, grid);
      meshes.addDifference(w.work, grid, j, 1 / w.cell(j), out, w.plainGrid);
    }
    w.port.breathe();
  }

  /** {@code out ← out + D_axis field}, through the work mesh. */
  private void addDivergence(Floats field, int axis, Floats out) {
    meshes.copyInterior(field, w.plainGrid, w.work, w.differenceGrid);
    w.halo.fill(w.work, w.differenceGrid);
    meshes.addDifference(w.work, w.differenceGrid, axis, 1 / w.cell(axis), out, w.plainGrid);
  }

  private void scaledDot(Floats a, Floats b, int nz, double factor, ExactSum into) {
    w.kernels.vectors().dot(a, b, nz, factor, into);
  }
}
