package org.halocline.sampler.support;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.ModelKind;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.PassListener;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.Sites;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Values;

/**
 * A model without a simulation, on a sky of two axes: s = offset + z/2 with white noise z, and data of ones with
 * Gaussian noise. It is a user's model: nothing but this class and a line in {@code META-INF/services} knows it.
 */
public final class GaussianSky implements ModelKind {
  private static final double FACTOR = 0.5;
  private static final Parameter OFFSET = new Parameter("sky", "offset", -10, 10, 0.25, "o");

  @Override
  public String name() {
    return "gaussian-sky";
  }

  @Override
  public ParameterSpace space() {
    return new ParameterSpace(List.of(OFFSET), List.of());
  }

  @Override
  public Optional<ModelPlan> read(Settings job, Reading reading) {
    int before = job.problems().size();
    Settings sky = job.block("sky");
    Optional<List<Integer>> cells = sky.requiredIntegers("cells", 2, 2, 2, 4096);
    double offset = sky.number("offset", OFFSET.usual(), Sites.range(OFFSET));
    double sigma = job.block("data").number("sigma", 1, Range.between(0.01, 100));
    LayoutSettings layout = LayoutSettings.read(job, cells);
    return job.problems().size() > before
        ? Optional.empty()
        : Optional.of(new Plan(cells.orElseThrow(), Theta.of(List.of(OFFSET.name()), offset), sigma, layout, space()));
  }

  private record Plan(List<Integer> cells, Theta reference, double sigma, LayoutSettings layout, ParameterSpace space)
      implements
        ModelPlan {
    @Override
    public String title() {
      return "gaussian-sky";
    }

    @Override
    public Mesh mesh() {
      return new Mesh(cells.get(0), cells.get(1), 1, 1, 1, 1);
    }

    @Override
    public Optional<LimitException> limit(Theta theta) {
      return Optional.empty();
    }

    @Override
    public List<LatentGrid> fields() {
      return List.of(new LatentGrid("z", "sky", mesh()));
    }

    @Override
    public Map<String, int[]> arrays() {
      return Map.of();
    }

    @Override
    public List<Path> inputs() {
      return List.of();
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }

    @Override
    public Optional<Path> truth() {
      return Optional.empty();
    }

    @Override
    public Map<String, List<? extends Number>> identity() {
      return Map.of("sky.cells", cells);
    }

    @Override
    public RankMemory memory(Use use, Decomposition decomposition, int rank) {
      return new RankMemory(List.of(MemoryPart.heap("sky", 16L * decomposition.block(rank).size())));
    }

    @Override
    public List<MemoryPart> dataMemory(Use use, Decomposition decomposition, int rank) {
      return List.of(MemoryPart.heap("data", 4L * decomposition.block(rank).size()));
    }

    @Override
    public long largestField(Decomposition decomposition, int rank) {
      return decomposition.block(rank).size();
    }

    @Override
    public List<String> products() {
      return List.of("sky.npy");
    }

    @Override
    public RankModel open(Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope) {
      return new Sky(this, priors, scope);
    }
  }

  private static final class Sky implements RankModel {
    private final Plan plan;
    private final Map<Parameter, ScalarDistribution> priors;
    private final RankScope scope;
    private final Shift shift;
    private final Field.Floats observed;
    private final Field.Floats noise;

    Sky(Plan plan, Map<Parameter, ScalarDistribution> priors, RankScope scope) {
      this.plan = plan;
      this.priors = priors;
      this.scope = scope;
      this.shift = new Shift(scope, FACTOR, OFFSET.most());
      this.observed = scope.kernels().memory().floats(scope.block().size());
      this.noise = scope.kernels().memory().floats(scope.block().size());
      scope.kernels().vectors().fill(observed, 1);
    }

    @Override
    public void run(Program p) {
      Scalar offset = priors.containsKey(OFFSET)
          ? p.sample(Sites.name(OFFSET), priors.get(OFFSET))
          : Scalar.constant(plan.reference().value(OFFSET.name()));
      var z = p.sample("z", whiteNoise(plan.mesh()));
      p.observe("data", normal(p.apply(shift, offset, z).sharded(0), plan.sigma()), observed);
    }

    @Override
    public void listen(PassListener listener) {}

    @Override
    public void reference(String site, Field.Floats into) {
      scope.kernels().vectors().normal(into, scope.decomposition(), scope.rank(),
          new NoiseKey(3, NoiseKey.Purpose.TRUTH));
    }

    @Override
    public void simulate() {
      reference("z", noise);
    }

    @Override
    public void write(Results results) throws IOException {
      var made = shift.forward(new Values(List.of(Scalar.constant(plan.reference().value(OFFSET.name())),
          org.halocline.sampler.tape.Sharded.constant(noise, scope.decomposition()))));
      results.fields("sky.npy", BlockGather.Source.of(scope.kernels(),
          new Values(made).field(0)));
    }

    @Override
    public void close() {}
  }
}
