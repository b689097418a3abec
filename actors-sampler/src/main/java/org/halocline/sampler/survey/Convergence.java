package org.halocline.sampler.survey;

import java.util.List;
import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.lensing.Born;
import org.halocline.cosmology.nbody.Cotangents;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** (θ, z) → the convergence map on rank 0, [bin][x pixel][y pixel]: a light cone and Born lensing, and their reverse pass. */
public final class Convergence implements Operation {
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
  public List<Value> forward(Values inputs) {
    int scalars = inputs.size() - 1;
    try {
      simulation.forward(parameters.at(inputs.numbers(0, scalars)), inputs.field(scalars));
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
    planes = simulation.planes();
    if (planes.length == 0)
      return List.of(Gathered.constant(new double[0]));
    double[] kappa = new double[numbers];
    born.aim(simulation.coefficients().planeDistances());
    born.convergence(planes, simulation.coefficients().planeWeights(), kappa);
    return List.of(Gathered.constant(kappa));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    int scalars = inputs.size() - 1;
    double[] planesCotangent = new double[planes.length];
    double[] weightsCotangent = new double[0];
    double[] distancesCotangent = new double[0];
    if (planes.length > 0) {
      double[] weights = simulation.coefficients().planeWeights();
      weightsCotangent = new double[weights.length];
      distancesCotangent = new double[simulation.plan().planes()];
      born.transpose(pullback.ofArray(0), planes, weights, planesCotangent, weightsCotangent, distancesCotangent);
    }
    pullback.toNumbers(0, parameters.select(
        simulation.reverse(new Cotangents.OfPlanes(planesCotangent, weightsCotangent, distancesCotangent),
            inputs.field(scalars), pullback.toField(scalars))));
  }
}
