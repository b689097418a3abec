package org.halocline.sampler.job.infer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.BoundedFile;
import org.halocline.runtime.config.Hocon;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.chain.ChainStart;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.prior.DistributionParser;
import org.halocline.sampler.prior.DistributionParser.BadDistributionException;
import org.halocline.sampler.tape.Scalar;

/**
 * Whether the chains of a job can start where those of an earlier run stood: the same mesh, box and parameters. Priors
 * may differ: a parameter keeps its value, and the metric its width.
 */
final class StartCheck {
  private static final String FROM = "start-from";
  private static final int MOST_BYTES = 1 << 20;

  private final Settings infer;
  private final InferSettings settings;
  private final ModelPlan model;
  private final Map<Parameter, ScalarDistribution> formerPriors = new LinkedHashMap<>();

  private StartCheck(Settings infer, InferSettings settings, ModelPlan model) {
    this.infer = infer;
    this.settings = settings;
    this.model = model;
  }

  /**
   * Notes what speaks against it.
   *
   * @param warnings is given what is legal but worth saying
   * @return where each chain starts; none where chains start from the prior
   */
  static List<ChainStart> starts(Settings job, InferSettings settings, ModelPlan model, List<String> warnings) {
    if (settings.start().isEmpty())
      return List.of();
    StartCheck check = new StartCheck(job.block("infer"), settings, model);
    StartFiles files = settings.start().get();
    try {
      return check.fits(files.job(), warnings) ? check.read(files) : List.of();
    } catch (ConfigException | BadInputException | IOException | BadDistributionException bad) {
      // What was found is not told: a file of another kind may hold anything.
      check.infer.refuse(FROM, "is not the directory of an inference, or of one by another version of Halocline",
          "name the run directory of an inference of this version");
      return List.of();
    }
  }

  private boolean fits(Path job, List<String> warnings) throws IOException, BadDistributionException {
    String text = BoundedFile.text(job, MOST_BYTES)
        .orElseThrow(() -> new IOException("too large for the settings of a run"));
    Config former = Hocon.read("job.json", text).orThrow();
    boolean fits = true;
    for (Map.Entry<String, List<? extends Number>> number : model.identity().entrySet())
      fits &= same(number.getKey(), numbers(former, number.getKey(), number.getValue()), number.getValue());
    for (Parameter parameter : model.space().parameters())
      if (former.hasPath("infer.parameters." + parameter.name()))
        formerPriors.put(parameter,
            DistributionParser.parse(former.getString("infer.parameters." + parameter.name())));
    fits &= same("infer.parameters", formerPriors.keySet().stream().map(Parameter::name).toList(),
        settings.priors().keySet().stream().map(Parameter::name).toList());
    if (former.getLong("infer.seed") == settings.seed())
      warnings.add(
          "infer.seed = " + settings.seed() + " is that of the run in infer.start-from too: its random numbers come"
              + " again; choose another");
    return fits;
  }

  /** The earlier job's, of the kind of this job's: a list of whole numbers or of any. */
  private static List<? extends Number> numbers(Config former, String key, List<? extends Number> now) {
    return now.getFirst() instanceof Integer ? former.getIntList(key) : former.getDoubleList(key);
  }

  private boolean same(String key, List<?> former, List<?> now) {
    if (former.equals(now))
      return true;
    infer.refuse(FROM, "is of a run with " + key + " = " + former + ", and this job has " + now,
        "start from a run with the same " + key + ", or leave " + FROM + " out");
    return false;
  }

  private List<ChainStart> read(StartFiles files) throws IOException {
    List<ChainStart> starts = new ArrayList<>();
    int numbers = settings.priors().size() + model.ownPriors().size();
    for (int chain = 0; chain < files.states().size(); chain++) {
      Map<String, String> parts = new TreeMap<>();
      for (int i = 0; i < files.shards().size(); i++)
        if (files.shards().get(i).startsWith(chain + " "))
          parts.put(files.shards().get(i).substring(files.shards().get(i).indexOf(' ') + 1),
              files.noise().get(i).toString());
      ChainStart former = ChainStart.read(files.states().get(chain), parts, numbers);
      former.begin(settings.sampler().policy(settings.seed(), chain, numbers),
          settings.sampler().sampler());
      try {
        starts.add(moved(former));
      } catch (IllegalArgumentException outside) {
        infer.refuse(FROM, "has a state of chain " + chain + " where this job's prior is zero: " + outside.getMessage(),
            "widen the priors, or leave " + FROM + " out");
        return List.of();
      }
    }
    return starts;
  }

  /** The same values of the parameters on the real lines of this job's priors. */
  private ChainStart moved(ChainStart former) {
    double[] unconstrained = former.unconstrained().clone();
    double[] stretch = former.stretch().clone();
    int i = 0;
    for (Parameter parameter : settings.priors().keySet()) {
      ScalarDistribution before = formerPriors.get(parameter);
      ScalarDistribution now = settings.priors().get(parameter);
      if (!before.text().equals(now.text())) {
        double u = unconstrained[i];
        unconstrained[i] = now.unconstrain(before.constrain(Scalar.constant(u)).value());
        stretch[i] = StrictMath.exp(logSlope(before, u) - logSlope(now, unconstrained[i]));
      }
      i++;
    }
    return former.on(unconstrained, stretch);
  }

  /** log |dx/du|. */
  private static double logSlope(ScalarDistribution prior, double u) {
    Scalar at = Scalar.constant(u);
    return prior.logDensityUnconstrained(at).value() - prior.logDensity(prior.constrain(at)).value();
  }
}
