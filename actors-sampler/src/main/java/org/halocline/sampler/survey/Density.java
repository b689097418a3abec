package org.halocline.sampler.survey;

import java.util.List;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.theta.LimitException;
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
  private final FinalDensity end;

  public Density(Simulation simulation, Parameters parameters) {
    this.simulation = simulation;
    this.parameters = parameters;
    this.end = new FinalDensity(simulation);
  }

  @Override
  public List<Value> forward(Values inputs) {
    int scalars = inputs.size() - 1;
    try {
      simulation.forward(parameters.at(inputs.numbers(0, scalars)), inputs.field(scalars), end);
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
    return List.of(Sharded.constant(end.density(), inputs.sharded(scalars).decomposition()));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    int scalars = inputs.size() - 1;
    end.cotangent(pullback.ofField(0));
    pullback.toNumbers(0,
        parameters.select(simulation.reverse(end, inputs.field(scalars), pullback.toField(scalars))));
  }
}
