package org.halocline.sampler.survey;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.input.FieldFile;
import org.halocline.sampler.model.nbody.DataSettings;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Value;

/**
 * The model of a survey on one rank: parameters from their priors, white noise for the initial conditions, the simulation,
 * and a Gaussian likelihood of the convergence map or of the density.
 */
public final class SurveyModel implements Model, AutoCloseable {
  /** The name of the convergence map among the program's arrays. */
  public static final String CONVERGENCE = "kappa";

  private final Map<Parameter, ScalarDistribution> priors;
  private final Mesh mesh;
  private final Simulation simulation;
  private final Likelihood likelihood;

  /** How the data enter the program. */
  private interface Likelihood {
    void observe(Program p, List<Value> inputs);
  }

  private SurveyModel(Map<Parameter, ScalarDistribution> priors, Mesh mesh, Simulation simulation,
      Likelihood likelihood) {
    this.priors = priors;
    this.mesh = mesh;
    this.simulation = simulation;
    this.likelihood = likelihood;
  }

  /**
   * Allocates the simulation and reads the data.
   *
   * @param priors of the parameters that are sampled; the others keep the job's values
   * @throws IOException if the data cannot be read
   */
  public static SurveyModel open(ModelSettings settings, Map<Parameter, ScalarDistribution> priors, RankScope scope)
      throws IOException {
    DataSettings data = settings.data()
        .orElseThrow(() -> new IllegalStateException("an inference without data was not refused"));
    SimulationPlan plan = settings.plan();
    Simulation simulation = new Simulation(plan, scope.decomposition(), scope.rank(), scope.kernels(),
        scope.collectives().port());
    Parameters parameters = new Parameters(List.copyOf(priors.keySet()), settings.theta());
    try {
      Likelihood likelihood = switch (data.observed()) {
        case CONVERGENCE -> map(settings, data, simulation, parameters, scope);
        case DENSITY -> density(data, simulation, parameters, scope);
      };
      return new SurveyModel(priors, plan.mesh(), simulation, likelihood);
    } catch (IOException | RuntimeException failed) {
      simulation.close();
      throw failed;
    }
  }

  private static Likelihood map(ModelSettings settings, DataSettings data, Simulation simulation,
      Parameters parameters, RankScope scope) throws IOException {
    Convergence convergence = new Convergence(simulation, parameters, settings.maps(simulation));
    double[] observed = scope.first() ? readMap(data) : new double[0];
    return (p, inputs) -> {
      var kappa = p.deterministic(CONVERGENCE, p.apply(convergence, inputs).gathered(0));
      p.observe("map", normal(kappa, data.sigma()), observed);
    };
  }

  private static Likelihood density(DataSettings data, Simulation simulation, Parameters parameters, RankScope scope)
      throws IOException {
    Density density = new Density(simulation, parameters);
    Field.Floats observed = readDensity(data, scope);
    return (p, inputs) -> {
      var rho = p.deterministic("density", p.apply(density, inputs).sharded(0));
      p.observe("data", normal(rho, data.sigma()), observed);
    };
  }

  private static double[] readMap(DataSettings data) throws IOException {
    try (NpyFile map = NpyFile.open(data.file())) {
      return map.readAllDoubles();
    } catch (BadNpyException changed) {
      throw new IOException("changed since the job was checked: " + changed.getMessage(), changed);
    }
  }

  private static Field.Floats readDensity(DataSettings data, RankScope scope) throws IOException {
    Block block = scope.block();
    Field.Floats field = scope.kernels().memory().floats(block.size());
    FieldFile.read(data.file(), field, block, scope.kernels());
    return field;
  }

  @Override
  public void run(Program p) {
    List<Value> inputs = new ArrayList<>();
    priors.forEach((parameter, prior) -> inputs.add(p.sample(Parameters.siteName(parameter), prior)));
    inputs.add(p.sample("z", whiteNoise(mesh)));
    likelihood.observe(p, inputs);
  }

  @Override
  public void close() {
    simulation.close();
  }
}
