package org.halocline.cosmology.observe;

import java.util.Arrays;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.lensing.Born;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.PlaneWeights;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;

/**
 * Convergence maps κ of a light cone in the Born approximation: lens planes, their weights by θ, and the projection on
 * rank 0.
 */
public final class ConvergenceMap implements Observable {
  private final Simulation simulation;
  private final LensingKernel kernel;
  private final LightCone cone;
  private final Born born;
  /** Of the maps of all bins. */
  private final int numbers;
  private PlaneWeights weights;
  /** On rank 0, from a forward pass to its reverse pass. */
  private double[] planes = {};
  /** Of the planes' weights, then of their distances. */
  private double[] cotangent = {};

  /**
   * @param kernel of the planes of the simulation's timeline
   * @param fieldOfViewRad side of the square maps
   * @param pixels along a side of the maps
   */
  public ConvergenceMap(Simulation simulation, LensingKernel kernel, double fieldOfViewRad, int pixels) {
    if (!(simulation.plan().timeline().edges() instanceof Edges.LightCone edges) || edges.planes() != kernel.planes()
        || edges.lengthMpcH() != kernel.lengthMpcH())
      throw new IllegalArgumentException("lensing by " + kernel.planes() + " planes over " + kernel.lengthMpcH()
          + " Mpc/h does not fit " + simulation.plan().timeline().edges());
    Mesh mesh = simulation.plan().mesh();
    this.simulation = simulation;
    this.kernel = kernel;
    this.cone = new LightCone(simulation);
    this.born = new Born(mesh.nx(), mesh.ny(), mesh.lxMpcH(), mesh.lyMpcH(), mesh.lzMpcH(), kernel.planes(),
        fieldOfViewRad, pixels);
    this.numbers = kernel.bins() * pixels * pixels;
  }

  /** The planes beneath the maps. */
  public LightCone lightCone() {
    return cone;
  }

  @Override
  public void begin(Theta theta) throws LimitException {
    Coefficients agreed = simulation.agree(background -> PlaneWeights.compute(background, kernel).coefficients(),
        Coefficients::toArray, Coefficients::from);
    weights = new PlaneWeights(kernel.bins(), kernel.planes(), agreed);
  }

  @Override
  public void forward(int place, Painted painted) {
    cone.forward(place, painted);
  }

  /** κ of the last forward pass on rank 0, [bin][x pixel][y pixel]; empty on other ranks. All ranks call it. */
  public double[] convergence() {
    planes = cone.planes();
    if (planes.length == 0)
      return planes;
    double[] kappa = new double[numbers];
    born.aim(weights.distances());
    born.convergence(planes, weights.weights(), kappa);
    return kappa;
  }

  /**
   * Takes the cotangent of {@link #convergence} for the next reverse pass. All ranks call it.
   *
   * @param onFirstRank [bin][x pixel][y pixel] on rank 0, not read elsewhere
   */
  public void cotangent(double[] onFirstRank) {
    if (simulation.rank() == 0 && planes.length == 0)
      throw new IllegalStateException("the maps have a cotangent before they were made");
    double[] ofPlanes = new double[planes.length];
    ExactSum[] sums = new ExactSum[weights.coefficients().count()];
    Arrays.setAll(sums, _ -> new ExactSum());
    if (planes.length > 0) {
      double[] ofWeights = new double[kernel.bins() * kernel.planes()];
      double[] ofDistances = new double[kernel.planes()];
      born.transpose(onFirstRank, planes, weights.weights(), ofPlanes, ofWeights, ofDistances);
      for (int i = 0; i < sums.length; i++)
        sums[i].add(i < ofWeights.length ? ofWeights[i] : ofDistances[i - ofWeights.length]);
      planes = new double[0];
    }
    simulation.collectives().sum(sums);
    cotangent = Arrays.stream(sums).mapToDouble(ExactSum::value).toArray();
    cone.cotangent(ofPlanes);
  }

  @Override
  public void addCotangent(int place, Floats density, Grid grid) {
    cone.addCotangent(place, density, grid);
  }

  @Override
  public void addGradient(double[] gradient) {
    cone.addGradient(gradient);
    weights.coefficients().addPullBack(cotangent, gradient);
  }
}
