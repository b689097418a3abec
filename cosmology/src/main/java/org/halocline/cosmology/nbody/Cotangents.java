package org.halocline.cosmology.nbody;

import org.halocline.cosmology.mesh.Field;

/** What a likelihood hands back to the reverse pass. */
public sealed interface Cotangents {

  /**
   * Of a light cone's planes and the lensing weights.
   *
   * @param planes [plane][x][y] of the mesh on rank 0, empty elsewhere
   * @param weights [bin][plane] on rank 0, empty elsewhere
   */
  record OfPlanes(double[] planes, double[] weights) implements Cotangents {}

  /** Of the final density, on every rank's block, without ghosts. */
  record OfDensity(Field.Floats density) implements Cotangents {}
}
