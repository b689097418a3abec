package org.halocline.sampler.survey;

import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.nbody.Cotangents;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.ShardedOperation;

/** (θ, z) → the final density, mean 1, and its reverse pass. */
public final class Density implements ShardedOperation {
  private final Simulation simulation;
  private final Parameters parameters;

  public Density(Simulation simulation, Parameters parameters) {
    this.simulation = simulation;
    this.parameters = parameters;
  }

  @Override
  public Field.Floats forward(double[] scalars, Field.Floats field) {
    try {
      simulation.forward(parameters.at(scalars), field);
      return simulation.density();
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
  }

  @Override
  public double[] reverse(Field.Floats cotangent, Field.Floats field, Field.Floats gradient) {
    return parameters.select(simulation.reverse(new Cotangents.OfDensity(cotangent), field, gradient));
  }
}
