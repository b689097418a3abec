package org.halocline.sampler.model.survey;

import java.util.List;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/**
 * (θ, z) → the convergence map on rank 0, [bin][x pixel][y pixel]: a light cone and Born lensing, and their reverse
 * pass.
 */
final class Convergence implements Operation {
  private final SurveyModel model;
  private final ConvergenceMap maps;

  Convergence(SurveyModel model, ConvergenceMap maps) {
    this.model = model;
    this.maps = maps;
  }

  @Override
  public List<Value> forward(Values inputs) {
    int scalars = inputs.size() - 1;
    model.forward(inputs.numbers(0, scalars), inputs.field(scalars), maps);
    return List.of(Gathered.constant(maps.convergence()));
  }

  @Override
  public void reverse(Values inputs, Pullback pullback) {
    int scalars = inputs.size() - 1;
    maps.cotangent(pullback.ofArray(0));
    pullback.toNumbers(0, model.reverse(maps, inputs.field(scalars), pullback.toField(scalars)));
  }
}
