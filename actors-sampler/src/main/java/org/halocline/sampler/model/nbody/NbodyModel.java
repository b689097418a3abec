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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.PowerSpectrum;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.PassListener;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.Sites;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.DataSettings;
import org.halocline.sampler.model.input.FieldFile;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

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

  protected final NbodyPlan plan;
  protected final Simulation simulation;
  private final Map<Parameter, ScalarDistribution> priors;
  private final RankScope scope;
  private final FinalDensity end;
  /** The observed density; empty where it is read anew for each evaluation, or not at all. */
  private final Optional<Field.Floats> observedDensity;
  private Optional<Field.Floats> noise = Optional.empty();
  private PassListener listener = PassListener.NONE;

  /** Allocates the simulation, and reads an observed density. */
  protected NbodyModel(NbodyPlan plan, Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope)
      throws IOException {
    this.plan = plan;
    this.priors = priors;
    this.scope = scope;
    this.simulation = new Simulation(plan.plan(), NbodyPlan.purpose(use), scope.decomposition(), scope.rank(),
        scope.kernels(), scope.collectives().port());
    this.end = new FinalDensity(simulation);
    try {
      this.observedDensity = use == Use.SAMPLE ? readDensity() : Optional.empty();
    } catch (IOException | RuntimeException failed) {
      simulation.close();
      throw failed;
    }
  }

  private Optional<Field.Floats> readDensity() throws IOException {
    Optional<DataSettings> data = plan.data()
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
  protected abstract void writeObserved(Results results) throws IOException;

  /** Samples the parameters and the white noise: the inputs of the model's operations, in this order. */
  protected final List<Value> latents(Program p) {
    List<Value> inputs = new ArrayList<>();
    priors.forEach((parameter, prior) -> inputs.add(p.sample(Sites.name(parameter), prior)));
    inputs.add(p.sample(NOISE, whiteNoise(plan.simulation().mesh())));
    return inputs;
  }

  /** Compares the final density with the data. */
  protected final void observeDensity(Program p, List<Value> inputs) {
    DataSettings data = plan.data().orElseThrow();
    var rho = p.deterministic("density",
        p.apply(observation(end, () -> Sharded.constant(end.density(), scope.decomposition()),
            pullback -> end.cotangent(pullback.ofField(0))), inputs).sharded(0));
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

  /**
   * (θ, z) → what is observed of the simulation, and the reverse pass.
   *
   * @param seen what was observed, after the forward pass
   * @param cotangent hands the observable the cotangent of what was observed
   */
  protected final Operation observation(Observable observable, Supplier<Value> seen, Consumer<Pullback> cotangent) {
    return new Operation() {
      @Override
      public List<Value> forward(Values inputs) {
        Theta theta = plan.theta();
        int at = 0;
        for (Parameter parameter : priors.keySet())
          theta = theta.with(parameter.name(), inputs.number(at++));
        NbodyModel.this.forward(theta, inputs.field(at), observable);
        return List.of(seen.get());
      }

      @Override
      public void reverse(Values inputs, Pullback pullback) {
        int field = priors.size();
        cotangent.accept(pullback);
        double[] gradient = NbodyModel.this.reverse(observable, inputs.field(field), pullback.toField(field));
        pullback.toNumbers(0, priors.keySet().stream()
            .mapToDouble(parameter -> gradient[plan.theta().index(parameter.name())]).toArray());
      }
    };
  }

  private void forward(Theta theta, Field.Floats field, Observable observable) {
    int steps = plan.simulation().timeline().edges().steps();
    simulation.onStep(step -> listener.forward(step + 1, steps));
    try {
      simulation.forward(theta, field, observable);
    } catch (LimitException limit) {
      throw new OutsideSupportException(limit.getMessage());
    }
    listener.passed("forward");
  }

  /** Runs the simulation back; the cotangents of all parameters, the same bits on every rank. */
  private double[] reverse(Observable observable, Field.Floats field, Field.Floats gradient) {
    listener.passed("likelihood");
    int steps = plan.simulation().timeline().edges().steps();
    simulation.onStep(step -> listener.back(step + 1, steps));
    double[] theta = simulation.reverse(observable, field, gradient);
    listener.passed("reverse");
    return theta;
  }

  @Override
  public final void listen(PassListener to) {
    listener = to;
  }

  @Override
  public final void reference(String site, Field.Floats into) throws IOException {
    plan.simulation().noise().fill(into, scope);
    listener.passed("noise");
  }

  @Override
  public final void simulate() throws IOException {
    if (noise.isEmpty())
      noise = Optional.of(scope.kernels().memory().floats(scope.block().size()));
    reference(NOISE, noise.get());
    forward(plan.theta(), noise.get(), simulated());
  }

  @Override
  public final void write(Results results) throws IOException {
    ParticleSet particles = simulation.particles();
    results.fields(DISPLACEMENT, sources(particles.x(), particles.units().cell()));
    results.fields(MOMENTUM, sources(particles.p(), simulation.momentumQuantum(true)));
    writeObserved(results);
    try {
      Field.Floats present = simulation.density();
      results.fields(DENSITY, BlockGather.Source.of(scope.kernels(), present));
      results.text(POWER, table(simulation.power(present)));
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
