package org.halocline.sampler.job.infer;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.kernel.Sampler;
import org.halocline.sampler.kernel.SamplerSettings;
import org.halocline.sampler.kernel.Samplers;
import org.halocline.sampler.model.Sites;
import org.halocline.sampler.prior.DistributionParser;
import org.halocline.sampler.prior.DistributionParser.BadDistributionException;

/**
 * The blocks {@code infer} and {@code checkpoint}.
 *
 * @param priors of the sampled parameters, in their order
 * @param thinNoise every so many draws the initial conditions are written; 0 for never
 * @param thinKappa every so many draws the convergence is written; 0 for never
 * @param start what chains start from; empty for draws from the prior
 */
public record InferSettings(Map<Parameter, ScalarDistribution> priors, int chains, int draws, long seed,
    SamplerSettings sampler, boolean saveWarmUp, int thinNoise, int thinKappa, Duration checkpointEvery,
    int checkpointDraws, Optional<StartFiles> start) {
  private static final int MOST = 1_000_000;

  public InferSettings {
    priors = Collections.unmodifiableMap(new LinkedHashMap<>(priors));
  }

  /**
   * Reads both blocks; empty where a problem was noted.
   *
   * @param space the parameters that the model has; none of a model whose program says its priors
   */
  public static Optional<InferSettings> read(Settings job, ParameterSpace space) {
    int before = job.problems().size();
    Settings infer = job.block("infer");
    Map<Parameter, ScalarDistribution> priors = priors(infer, space);
    Sampler sampler = Samplers.named(infer.choice("sampler", Samplers.names(), Samplers.USUAL));
    int chains = infer.integer("chains", 4, 1, 4096);
    int warmUp = infer.integer("warm-up", 200, 0, MOST);
    int draws = infer.integer("draws", 300, 1, MOST);
    long seed = infer.longInteger("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
    SamplerSettings settings = sampler.read(infer, warmUp);
    boolean saveWarmUp = infer.flag("save-warm-up", false);
    Optional<StartFiles> start = StartFiles.read(infer, chains);
    Settings thin = infer.block("thin");
    int noise = thin.integer("noise", 50, 0, MOST);
    int kappa = thin.integer("kappa", 50, 0, MOST);
    Settings checkpoint = job.block("checkpoint");
    double seconds = checkpoint.number("seconds", 10, Range.between(0, 1e6));
    int every = checkpoint.integer("draws", 25, 1, MOST);
    if (job.problems().size() > before)
      return Optional.empty();
    return Optional.of(new InferSettings(priors, chains, draws, seed, settings, saveWarmUp, noise, kappa,
        Duration.ofMillis((long) (1000 * seconds)), every, start));
  }

  private static Map<Parameter, ScalarDistribution> priors(Settings infer, ParameterSpace space) {
    Map<Parameter, ScalarDistribution> priors = new LinkedHashMap<>();
    if (space.parameters().isEmpty()) {
      if (infer.has("parameters"))
        infer.refuse("parameters", "gives priors, but the model's program says its own", "leave it out");
      infer.ignore("parameters");
      return priors;
    }
    if (!infer.has("parameters")) {
      infer.refuse("parameters", "is missing",
          "name what is to be inferred: parameters { omega-m = \"uniform(0.1, 0.5)\" }");
      infer.ignore("parameters");
      return priors;
    }
    Settings block = infer.block("parameters");
    for (Parameter parameter : space.parameters())
      block.text(parameter.name()).flatMap(text -> prior(block, parameter, text))
          .ifPresent(prior -> priors.put(parameter, prior));
    if (block.keys().isEmpty())
      infer.problem("parameters", "{}", "names no parameter", "name one: omega-m = \"uniform(0.1, 0.5)\"");
    return priors;
  }

  private static Optional<ScalarDistribution> prior(Settings block, Parameter parameter, String text) {
    try {
      ScalarDistribution prior = DistributionParser.parse(text);
      Optional<double[]> bounds = prior.bounds();
      Range range = Sites.range(parameter);
      if (bounds.isPresent() && !(range.contains(bounds.get()[0]) && range.contains(bounds.get()[1]))) {
        block.refuse(parameter.name(),
            "reaches beyond what the model allows: " + parameter.name() + " " + range.bound(),
            "narrow its bounds");
        return Optional.empty();
      }
      double middle = PriorCheck.middle(prior);
      if (!range.contains(middle)) {
        block.refuse(parameter.name(),
            "has its middle at " + middle + ", but " + parameter.name() + " " + range.bound(),
            prior.advice().isEmpty() ? "move the prior" : "move the prior; " + prior.advice());
        return Optional.empty();
      }
      return Optional.of(prior);
    } catch (BadDistributionException bad) {
      block.refuse(parameter.name(), "is no prior: " + bad.getMessage(), "write one of " + DistributionParser.forms());
      return Optional.empty();
    }
  }

  /** Between which numbers a sampled parameter has a density: its prior's hard ends, or the model's range. */
  double[] support(Parameter parameter) {
    return priors.get(parameter).bounds().orElseGet(() -> new double[]{parameter.least(), parameter.most()});
  }

  /** Two numbers by parameter between which practically all of its prior lies. */
  Map<String, double[]> ends() {
    Map<String, double[]> ends = new LinkedHashMap<>();
    priors.forEach((parameter, prior) -> ends.put(parameter.name(), prior.ends()));
    return ends;
  }
}
