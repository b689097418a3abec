package org.halocline.sampler.model.nbody;

import java.util.List;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** (θ, z) → the final density, mean 1, and its reverse pass. */
final class Density implements Operation {
  private final NbodyModel model;
  private final FinalDensity end;

  Density(NbodyModel model) {
    this.model = model;
    this.end = new FinalDensity(model.simulation);
  }

  @Override
  public List<Value> forward(Values inputs) {
    int scalars = inputs.size() - 1;
    model.forward(inputs.numbers(0, scalars), inputs.field(scalars), end);
    return List.of(Sharded.constant(end.density(), inputs.sharded(scalars).decomposition()));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    int scalars = inputs.size() - 1;
    end.cotangent(pullback.ofField(0));
    pullback.toNumbers(0, model.reverse(end, inputs.field(scalars), pullback.toField(scalars)));
  }
}
