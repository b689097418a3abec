package org.halocline.sampler.survey;

import java.util.List;
import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.nbody.Cotangents;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** (θ, z) → the final density, mean 1, and its reverse pass. */
public final class Density implements Operation {
  private final Simulation simulation;
  private final Parameters parameters;

  public Density(Simulation simulation, Parameters parameters) {
    this.simulation = simulation;
    this.parameters = parameters;
  }

  @Override
  public List<Value> forward(Values inputs) {
    int scalars = inputs.size() - 1;
    try {
      simulation.forward(parameters.at(inputs.numbers(0, scalars)), inputs.field(scalars));
      return List.of(Sharded.constant(simulation.density(), inputs.sharded(scalars).decomposition()));
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    int scalars = inputs.size() - 1;
    pullback.toNumbers(0, parameters.select(simulation.reverse(new Cotangents.OfDensity(pullback.ofField(0)),
        inputs.field(scalars), pullback.toField(scalars))));
  }
}
