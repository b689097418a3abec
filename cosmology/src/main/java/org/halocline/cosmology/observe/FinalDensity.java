package org.halocline.cosmology.observe;

import java.util.Optional;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.Simulation;

/** The density at a = 1, mean 1, of each rank's block without ghosts. */
public final class FinalDensity implements Observable {
  private final Simulation simulation;
  private Optional<Floats> density = Optional.empty();
  private Optional<Floats> cotangent = Optional.empty();

  public FinalDensity(Simulation simulation) {
    this.simulation = simulation;
  }

  @Override
  public boolean atEnd() {
    return true;
  }

  @Override
  public void forward(int place, Painted painted) {
    if (place == simulation.coefficients().steps())
      density = Optional.of(painted.density());
  }

  /** The density of the last forward pass, in memory of the simulation; it may become its own cotangent. */
  public Floats density() {
    return density.orElseThrow(() -> new IllegalStateException("no forward pass has ended"));
  }

  /** Takes the cotangent of the density for the next reverse pass. */
  public void cotangent(Floats ofDensity) {
    cotangent = Optional.of(ofDensity);
  }

  @Override
  public void addCotangent(int place, Floats ofDensity, Grid grid) {
    if (place == simulation.coefficients().steps())
      simulation.kernels().meshes().combine(1,
          cotangent.orElseThrow(() -> new IllegalStateException("the density has no cotangent")), 1, ofDensity,
          ofDensity,
          grid);
  }
}
