package org.halocline.sampler.survey;

import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.lensing.Born;
import org.halocline.cosmology.nbody.Cotangents;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.sampler.tape.GatheredOperation;
import org.halocline.sampler.tape.OutsideSupportException;

/** (θ, z) → the convergence map on rank 0, [bin][x pixel][y pixel]: a light cone and Born lensing, and their reverse pass. */
public final class Convergence implements GatheredOperation {
  private final Simulation simulation;
  private final Parameters parameters;
  private final Born born;
  private final int numbers;
  private double[] planes = {};

  /** @param numbers pixels of all bins together */
  public Convergence(Simulation simulation, Parameters parameters, Born born, int numbers) {
    this.simulation = simulation;
    this.parameters = parameters;
    this.born = born;
    this.numbers = numbers;
  }

  @Override
  public double[] forward(double[] scalars, Field.Floats field) {
    try {
      simulation.forward(parameters.at(scalars), field);
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
    planes = simulation.planes();
    if (planes.length == 0)
      return new double[0];
    double[] kappa = new double[numbers];
    born.aim(simulation.coefficients().planeDistances());
    born.convergence(planes, simulation.coefficients().planeWeights(), kappa);
    return kappa;
  }

  @Override
  public double[] reverse(double[] cotangent, Field.Floats field, Field.Floats gradient) {
    double[] planesCotangent = new double[planes.length];
    double[] weightsCotangent = new double[0];
    double[] distancesCotangent = new double[0];
    if (planes.length > 0) {
      double[] weights = simulation.coefficients().planeWeights();
      weightsCotangent = new double[weights.length];
      distancesCotangent = new double[simulation.plan().planes()];
      born.transpose(cotangent, planes, weights, planesCotangent, weightsCotangent, distancesCotangent);
    }
    return parameters.select(
        simulation.reverse(new Cotangents.OfPlanes(planesCotangent, weightsCotangent, distancesCotangent), field,
            gradient));
  }
}
