package org.halocline.sampler.model.nbody;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.PowerSpectrum;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.PassListener;
import org.halocline.sampler.model.Products;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Sites;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.FieldFile;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Value;

/**
 * A model that observes an N-body simulation, on one rank: parameters from their priors, white noise for the initial
 * conditions, the simulation, and what a subclass observes of it.
 */
public abstract class NbodyModel implements RankModel {
  /** The site of the white noise. */
  public static final String NOISE = "z";
  /** The name of the convergence map among the program's arrays. */
  public static final String CONVERGENCE = "kappa";

  static final String DISPLACEMENT = "displacement.npy";
  static final String MOMENTUM = "momentum.npy";
  static final String DENSITY = "density.npy";
  static final String POWER = "power.csv";
  protected static final String PLANES = "planes.npy";
  protected static final String KAPPA = "kappa.npy";

  protected final ModelSettings settings;
  protected final Simulation simulation;
  private final Map<Parameter, ScalarDistribution> priors;
  private final Parameters parameters;
  private final RankScope scope;
  private final Density density;
  /** The observed density; empty where it is read anew for each evaluation, or not at all. */
  private final Optional<Field.Floats> observedDensity;
  private Optional<Field.Floats> noise = Optional.empty();
  private PassListener listener = PassListener.NONE;

  /** Allocates the simulation, and reads an observed density. */
  protected NbodyModel(ModelSettings settings, Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope)
      throws IOException {
    this.settings = settings;
    this.priors = priors;
    this.scope = scope;
    this.parameters = new Parameters(List.copyOf(priors.keySet()), settings.theta());
    this.simulation = new Simulation(settings.plan(), NbodyPlan.purpose(use), scope.decomposition(), scope.rank(),
        scope.kernels(), scope.collectives().port());
    this.density = new Density(this);
    try {
      this.observedDensity = use == Use.SAMPLE ? readDensity() : Optional.empty();
    } catch (IOException | RuntimeException failed) {
      simulation.close();
      throw failed;
    }
  }

  private Optional<Field.Floats> readDensity() throws IOException {
    Optional<DataSettings> data = settings.data()
        .filter(given -> given.observed() == DataSettings.Observed.DENSITY);
    if (data.isEmpty())
      return Optional.empty();
    Field.Floats field = scope.kernels().memory().floats(scope.block().size());
    FieldFile.read(data.get().file(), field, scope.block(), scope.kernels());
    return Optional.of(field);
  }

  /** What is seen of a simulation that is not compared with data. */
  protected abstract Observable simulated();

  /** Writes what {@link #simulated} saw. */
  protected abstract void writeObserved(Products products) throws IOException;

  /** Samples the parameters and the white noise: the inputs of the model's operations, in this order. */
  protected final List<Value> latents(Program p) {
    List<Value> inputs = new ArrayList<>();
    priors.forEach((parameter, prior) -> inputs.add(p.sample(Sites.name(parameter), prior)));
    inputs.add(p.sample(NOISE, whiteNoise(settings.simulation().mesh())));
    return inputs;
  }

  /** Compares the final density with the data. */
  protected final void observeDensity(Program p, List<Value> inputs) {
    DataSettings data = settings.data().orElseThrow();
    var rho = p.deterministic("density", p.apply(density, inputs).sharded(0));
    p.observe("data", normal(rho, data.sigma()), observedDensity.orElseGet(() -> spareDensity(data)));
  }

  /** The observed density in memory that the simulation does not use between a forward pass and its reverse pass. */
  private Field.Floats spareDensity(DataSettings data) {
    try {
      FieldFile.read(data.file(), simulation.spare(), scope.block(), scope.kernels());
      return simulation.spare();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }

  /** Runs the simulation at values of the program's parameters. */
  public final void forward(double[] scalars, Field.Floats field, Observable observable) {
    forward(parameters.at(scalars), field, observable);
  }

  private void forward(Theta theta, Field.Floats field, Observable observable) {
    int steps = settings.simulation().timeline().edges().steps();
    simulation.onStep(step -> listener.forward(step + 1, steps));
    try {
      simulation.forward(theta, field, observable);
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
    listener.passed("forward");
  }

  /** Runs the simulation back; the cotangents of the program's parameters, the same bits on every rank. */
  public final double[] reverse(Observable observable, Field.Floats field, Field.Floats gradient) {
    listener.passed("likelihood");
    int steps = settings.simulation().timeline().edges().steps();
    simulation.onStep(step -> listener.back(step + 1, steps));
    double[] theta = simulation.reverse(observable, field, gradient);
    listener.passed("reverse");
    return parameters.select(theta);
  }

  @Override
  public final void listen(PassListener to) {
    listener = to;
  }

  @Override
  public final void reference(String site, Field.Floats into) throws IOException {
    settings.simulation().noise().fill(into, scope);
    listener.passed("noise");
  }

  @Override
  public final void simulate() throws IOException {
    if (noise.isEmpty())
      noise = Optional.of(scope.kernels().memory().floats(scope.block().size()));
    reference(NOISE, noise.get());
    forward(settings.theta(), noise.get(), simulated());
  }

  @Override
  public final void write(Products products) throws IOException {
    ParticleSet particles = simulation.particles();
    products.fields(DISPLACEMENT, sources(particles.x(), particles.units().cell()));
    products.fields(MOMENTUM, sources(particles.p(), simulation.momentumQuantum(true)));
    writeObserved(products);
    try {
      Field.Floats present = simulation.density();
      products.fields(DENSITY, BlockGather.Source.of(scope.kernels(), present));
      products.text(POWER, table(simulation.power(present)));
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
  }

  private BlockGather.Source[] sources(Field.Ints[] axes, double quantum) {
    return Arrays.stream(axes).map(axis -> BlockGather.Source.of(scope.kernels(), axis, quantum))
        .toArray(BlockGather.Source[]::new);
  }

  private static String table(PowerSpectrum.Bin[] bins) {
    StringBuilder table = new StringBuilder("k_h_mpc,modes,power_mpc_h_3\n");
    for (PowerSpectrum.Bin bin : bins)
      table.append(String.format(Locale.ROOT, "%s,%d,%s%n", bin.kHMpc(), bin.modes(), bin.powerA()));
    return table.toString();
  }

  @Override
  public final void close() {
    simulation.close();
  }
}
