package org.halocline.cosmology.nbody;

import org.halocline.cosmology.kernel.Field;

/** What a likelihood hands back to the reverse pass. */
public sealed interface Cotangents {

  /**
   * Of a light cone's planes, the lensing weights and the planes' transverse distances.
   *
   * @param planes [plane][x][y] of the mesh on rank 0, empty elsewhere
   * @param weights [bin][plane] on rank 0, empty elsewhere
   * @param distances [plane] on rank 0, empty elsewhere
   */
  record OfPlanes(double[] planes, double[] weights, double[] distances) implements Cotangents {
    /** Of the planes alone. */
    public OfPlanes(double[] planes) {
      this(planes, new double[0], new double[0]);
    }
  }

  /** Of the final density, on every rank's block, without ghosts. */
  record OfDensity(Field.Floats density) implements Cotangents {}
}
