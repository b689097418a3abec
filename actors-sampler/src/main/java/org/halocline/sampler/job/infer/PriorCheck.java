package org.halocline.sampler.job.infer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.ppl.Handlers;
import org.halocline.sampler.tape.Scalar;

/**
 * Whether chains can live under the priors: the middle of the priors must be a point that the model can simulate, and
 * most draws from the priors should be. Points outside have log density −∞, so a chain never stands there.
 */
record PriorCheck(InferSettings infer, ModelPlan model) {
  private static final int DRAWS = 100;
  private static final double LARGE_SHARE = 0.1;

  /** Where a prior has its middle: the point that a chain's program is first run at. */
  static double middle(ScalarDistribution prior) {
    return prior.constrain(Scalar.constant(0)).value();
  }

  /** Notes a middle that cannot be simulated. Each parameter's own range was checked where its prior was read. */
  void middle(Settings job) {
    Theta middle = model.reference();
    for (Map.Entry<Parameter, ScalarDistribution> prior : infer.priors().entrySet())
      middle = middle.with(prior.getKey().name(), middle(prior.getValue()));
    List<ParameterSpace.Breach> breaches = model.space().breaches(middle);
    for (ParameterSpace.Breach breach : breaches)
      job.problem("infer.parameters",
          breach.parameter().name() + " = " + breach.value() + " at the middle of the priors",
          "must be " + breach.bound(), "move the priors, or change the values under cosmology");
    if (breaches.isEmpty())
      model.limit(middle).ifPresent(limit -> job.problem("infer.parameters",
          limit.quantity() + " = " + limit.value() + " at the middle of the priors", "must be " + limit.bound(),
          "move the priors, or change " + limit.key()));
  }

  /** Says so where a large share of the priors cannot be simulated; the same draws for the same job. */
  Optional<String> warning() {
    int outside = 0;
    String first = "";
    for (int draw = 0; draw < DRAWS; draw++) {
      Optional<LimitException> limit = model.limit(drawn(draw));
      if (limit.isPresent() && outside++ == 0)
        first = limit.get().quantity() + " = " + limit.get().value() + ", must be " + limit.get().bound();
    }
    return outside > LARGE_SHARE * DRAWS
        ? Optional.of(String.format(Locale.ROOT, "%.0f%% of the draws from infer.parameters lie where nothing can be "
            + "simulated and the posterior is zero (one of them: %s): narrow the priors", 100.0 * outside / DRAWS,
            first))
        : Optional.empty();
  }

  private Theta drawn(int draw) {
    NoiseKey key = new NoiseKey(infer.seed(), NoiseKey.Purpose.INITIAL, 0, 0, draw);
    Theta drawn = model.reference();
    int site = 0;
    for (Map.Entry<Parameter, ScalarDistribution> prior : infer.priors().entrySet()) {
      double u = Handlers.draw(prior.getValue(), key, site++);
      drawn = drawn.with(prior.getKey().name(), prior.getValue().constrain(Scalar.constant(u)).value());
    }
    return drawn;
  }
}
