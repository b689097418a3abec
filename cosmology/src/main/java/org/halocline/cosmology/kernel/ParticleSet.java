package org.halocline.cosmology.kernel;

import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.mesh.Grid;

/**
 * The particles of one block. A particle is the displacement x from its site, in quanta of {@link FixedPoint#cell()} of
 * a cell, and the momentum P = p/Πα, in quanta of {@link FixedPoint#momentum()}. Every field has one element a site, in
 * the order of the block's cells.
 *
 * @param x displacements by axis
 * @param p momenta by axis
 * @param xi ξ, the cotangents of x by axis, a cell
 * @param pi π, the cotangents of P by axis, a unit; empty where no reverse pass follows
 * @param sites the block without ghosts
 */
public record ParticleSet(Ints[] x, Ints[] p, Floats[] xi, Floats[] pi, Grid sites, FixedPoint units) {

  /** Allocates particles at rest on their sites. */
  public static ParticleSet of(Memory memory, Grid sites, FixedPoint units, boolean withMomentumCotangents) {
    Ints[] x = new Ints[3];
    Ints[] p = new Ints[3];
    Floats[] xi = new Floats[3];
    Floats[] pi = new Floats[withMomentumCotangents ? 3 : 0];
    for (int axis = 0; axis < 3; axis++) {
      x[axis] = memory.ints(sites.size());
      p[axis] = memory.ints(sites.size());
      xi[axis] = memory.floats(sites.size());
      if (withMomentumCotangents)
        pi[axis] = memory.floats(sites.size());
    }
    return new ParticleSet(x, p, xi, pi, sites, units);
  }
}
