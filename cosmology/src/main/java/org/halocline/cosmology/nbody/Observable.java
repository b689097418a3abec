package org.halocline.cosmology.nbody;

import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;

/**
 * What is seen of a simulation. A forward pass shows an observable the painted particles of each step, and a reverse
 * pass takes the cotangents of what the observable has made of them at the same places. Places are numbered: n is the
 * middle of step n, where the step paints for its force, and the number of steps is the end. Every rank of the domain
 * makes the same calls; an observable may speak with the other ranks in each of them.
 */
public interface Observable {

  /** Nothing is seen. */
  Observable NONE = (_, _) -> {};

  /**
   * Painted particles; an observable changes none of it, and may keep the density of the end until the reverse pass.
   *
   * @param mass with its own ghosts added, in {@link org.halocline.cosmology.kernel.FixedPoint#massUnits} a particle
   * @param grid of the mass
   * @param density of this rank's block without ghosts: the density at the end, mean 1, and the overdensity in a step
   * @param particles that were painted; in a step before its kick
   */
  record Painted(Ints mass, Grid grid, Floats density, ParticleSet particles) {}

  /** Whether the end is looked at; it is painted for observables alone. */
  default boolean atEnd() {
    return false;
  }

  /**
   * Before the first step of a forward pass: {@link Simulation#coefficients} are there, particles are not.
   *
   * @throws LimitException on every rank alike, where θ makes the observable impossible
   */
  default void begin(Theta theta) throws LimitException {}

  /** Looks at the painted particles of a place, in the order of the places. */
  void forward(int place, Painted painted);

  /**
   * Adds the cotangent of what the observable has made of the density of a place, in the reverse order of the places.
   *
   * @param density cotangent of the density on this rank's block
   */
  default void addCotangent(int place, Floats density, Grid grid) {}

  /** Adds to ξ and π the cotangent of what the observable has made of the particles themselves at a place. */
  default void addCotangent(int place, ParticleSet particles) {}

  /** At the end of a reverse pass, adds the part of the gradient by θ that does not flow through the particles. */
  default void addGradient(double[] gradient) {}
}
