package org.halocline.cosmology.kernel;

import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.mesh.Grid;

/**
 * A potential φ whose force {@code −∇φ} particles read: 4th-order differences, then cloud in cell. The force's unit is
 * that of φ a Mpc/h.
 *
 * @param values φ, with ghosts on split axes at least two wider than the particles' reach
 * @param grid of the values
 * @param cells sides of a cell by axis, Mpc/h
 * @param scratch at least {@link ForceBlock#floats} elements, which are lost
 */
public record Potential(Floats values, Grid grid, double[] cells, Floats scratch) {
  /** Cells on either side that a difference looks at. */
  public static final int DIFFERENCE = 2;

  /** What the weighted sum of four cells is multiplied by to be the force along each axis. */
  public float[] differenceFactors() {
    float[] factors = new float[3];
    for (int axis = 0; axis < 3; axis++)
      factors[axis] = (float) (-1 / cells[axis] / 12);
    return factors;
  }

  /** Quanta of momentum that a unit of force adds along each axis in a kick by k. */
  public double[] kickQuanta(double k, FixedPoint units) {
    double[] quanta = new double[3];
    for (int axis = 0; axis < 3; axis++)
      quanta[axis] = k / cells[axis] / units.momentum();
    return quanta;
  }

  /** What π is multiplied by to be the force's cotangent along each axis in a kick by k. */
  public float[] cotangentFactors(double k) {
    float[] factors = new float[3];
    for (int axis = 0; axis < 3; axis++)
      factors[axis] = (float) (k / cells[axis]);
    return factors;
  }
}
