package org.halocline.sampler.survey;

import java.util.List;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.theta.LimitException;
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
  private final ConvergenceMap maps;

  public Convergence(Simulation simulation, Parameters parameters, ConvergenceMap maps) {
    this.simulation = simulation;
    this.parameters = parameters;
    this.maps = maps;
  }

  @Override
  public List<Value> forward(Values inputs) {
    int scalars = inputs.size() - 1;
    try {
      simulation.forward(parameters.at(inputs.numbers(0, scalars)), inputs.field(scalars), maps);
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
    return List.of(Gathered.constant(maps.convergence()));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    int scalars = inputs.size() - 1;
    maps.cotangent(pullback.ofArray(0));
    pullback.toNumbers(0,
        parameters.select(simulation.reverse(maps, inputs.field(scalars), pullback.toField(scalars))));
  }
}
