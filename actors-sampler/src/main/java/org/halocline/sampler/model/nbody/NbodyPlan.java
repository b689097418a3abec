package org.halocline.sampler.model.nbody;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.DataSettings;
import org.halocline.sampler.model.lensing.LensingSettings;
import org.halocline.sampler.tape.RankScope;

/**
 * The plan of a model that observes an N-body simulation: the forward model and its data, as the blocks
 * {@code cosmology}, {@code simulation}, {@code lensing}, {@code data} and {@code layout} say.
 *
 * @param opening opens the model on a rank
 * @param theta the job's reference point: the quanta of the particles are chosen there
 * @param lensing there when the job makes convergence maps
 * @param data there when the job has a likelihood
 * @param warnings what is legal but worth saying
 */
public record NbodyPlan(Opening opening, Theta theta, SimulationSettings simulation, Optional<LensingSettings> lensing,
    Optional<DataSettings> data, LayoutSettings layout, List<String> warnings) implements ModelPlan {

  /** Opens a model on a rank; see {@link ModelPlan#open}. */
  @FunctionalInterface
  public interface Opening {
    RankModel open(NbodyPlan plan, Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope)
        throws IOException;
  }

  public NbodyPlan {
    warnings = List.copyOf(warnings);
  }

  /** The same for every kind, as files of earlier versions have it. */
  @Override
  public String title() {
    return "survey";
  }

  @Override
  public Mesh mesh() {
    return simulation.mesh();
  }

  @Override
  public ParameterSpace space() {
    return Cosmology.SPACE;
  }

  @Override
  public Theta reference() {
    return theta;
  }

  /** What the numerics need to know of it. */
  public SimulationPlan plan() {
    return new SimulationPlan(simulation.mesh(), simulation.timeline(), simulation.limit().toArray(),
        simulation.units());
  }

  @Override
  public Optional<LimitException> limit(Theta at) {
    try {
      StepCoefficients.compute(at, simulation.timeline(), mesh().kMaxHMpc(), mesh().kMinHMpc());
      return Optional.empty();
    } catch (LimitException limit) {
      return Optional.of(limit);
    }
  }

  @Override
  public List<LatentGrid> fields() {
    return List.of(new LatentGrid(NbodyModel.NOISE, "noise", mesh()));
  }

  @Override
  public Map<String, int[]> arrays() {
    return lensing.map(lens -> Map.of(NbodyModel.CONVERGENCE, lens.mapShape())).orElse(Map.of());
  }

  @Override
  public List<Path> inputs() {
    List<Path> files = new ArrayList<>();
    if (simulation.noise() instanceof NoiseSource.FromFile(Path path))
      files.add(path);
    lensing.ifPresent(settings -> files.add(settings.sourcesFile()));
    data.ifPresent(settings -> files.add(settings.file()));
    data.flatMap(DataSettings::truth).ifPresent(files::add);
    return files;
  }

  @Override
  public Optional<Path> truth() {
    return data.flatMap(DataSettings::truth);
  }

  @Override
  public Map<String, List<? extends Number>> identity() {
    Mesh mesh = mesh();
    Map<String, List<? extends Number>> identity = new LinkedHashMap<>();
    identity.put("simulation.mesh", List.of(mesh.nx(), mesh.ny(), mesh.nz()));
    identity.put("simulation.box-mpc-h", List.of(mesh.lxMpcH(), mesh.lyMpcH(), mesh.lzMpcH()));
    return identity;
  }

  @Override
  public RankMemory memory(Use use, Decomposition decomposition, int rank) {
    SimulationPlan plan = plan();
    List<MemoryPart> parts = new ArrayList<>(
        layout.device().fields("particles and meshes", plan.fieldBytes(purpose(use), decomposition, rank)));
    parts.addAll(layout.device().kernels(decomposition));
    parts.add(MemoryPart.heap("planes", LightCone.heapBytes(plan, decomposition, rank)));
    parts.add(MemoryPart.beside("halos and pencils",
        plan.stagingBytes(decomposition, rank) + LightCone.stagingBytes(plan, decomposition, rank)));
    parts.add(MemoryPart.beside("gathering", BlockGather.stagingBytes(decomposition)));
    return new RankMemory(parts);
  }

  static Purpose purpose(Use use) {
    return use == Use.SIMULATE ? Purpose.FORWARD : Purpose.GRADIENT;
  }

  /** The arrays of a map are on rank 0. A density that is looked at once lies in the simulation. */
  @Override
  public List<MemoryPart> dataMemory(Use use, Decomposition decomposition, int rank) {
    long maps = rank == 0 ? 8 * numbersOfArrays() : 0;
    if (use != Use.SAMPLE)
      return List.of(MemoryPart.heap("data", 6 * maps));
    List<MemoryPart> parts = new ArrayList<>(layout.device().fields("data", 8L * decomposition.block(rank).size()));
    parts.add(MemoryPart.heap("maps", 8 * maps));
    return parts;
  }

  @Override
  public long largestField(Decomposition decomposition, int rank) {
    return plan().largestField(decomposition, rank);
  }

  @Override
  public OptionalDouble seconds(Forecasts forecasts, Decomposition decomposition, Sharing sharing, boolean gradient) {
    return forecasts.seconds(plan(), decomposition, sharing, gradient);
  }

  @Override
  public Optional<Forecast> forecast(Forecasts forecasts, Decomposition decomposition, Sharing sharing,
      boolean gradient, double passes, String counted) {
    return Optional.of(forecasts.forecast(plan(), decomposition, sharing, gradient, passes, counted));
  }

  /** Limits in cells shrink with the mesh. Files of the job's mesh would not fit these. */
  @Override
  public Stream<ModelPlan> smaller() {
    Mesh mesh = simulation.mesh();
    int steps = IntStream.of(mesh.ny(), mesh.nz()).reduce(mesh.nx(), NbodyPlan::greatestDivisor);
    int planes = plan().planes();
    return IntStream.range(1, steps).map(i -> steps - i)
        .filter(i -> smooth(mesh.nx() / steps * i) && smooth(mesh.ny() / steps * i) && smooth(mesh.nz() / steps * i))
        .filter(i -> planes == 0 || mesh.nz() / steps * i % planes == 0)
        .mapToObj(i -> shrunk(mesh, i, steps));
  }

  private ModelPlan shrunk(Mesh mesh, int i, int steps) {
    Mesh small = new Mesh(mesh.nx() / steps * i, mesh.ny() / steps * i, mesh.nz() / steps * i, mesh.lxMpcH(),
        mesh.lyMpcH(), mesh.lzMpcH());
    return new NbodyPlan(opening, theta, new SimulationSettings(small, simulation.timeline(), simulation.noise(),
        simulation.limit().scaled((double) i / steps), simulation.units(), simulation.repeat()), lensing, data,
        new LayoutSettings(layout.device(), layout.domains(), layout.x(), layout.y(), Optional.empty(),
            Optional.empty()),
        warnings);
  }

  private static int greatestDivisor(int a, int b) {
    return b == 0 ? a : greatestDivisor(b, a % b);
  }

  /** Whether fast transforms like it. */
  private static boolean smooth(int cells) {
    int left = cells;
    for (int prime : new int[]{2, 3, 5, 7})
      while (left % prime == 0)
        left /= prime;
    return cells >= SimulationSettings.LEAST_CELLS && left == 1;
  }

  @Override
  public int repeat() {
    return simulation.repeat();
  }

  @Override
  public long updates() {
    return mesh().size() * simulation.timeline().edges().steps();
  }

  @Override
  public List<String> products() {
    List<String> products = new ArrayList<>(
        List.of(NbodyModel.DISPLACEMENT, NbodyModel.MOMENTUM, NbodyModel.DENSITY, NbodyModel.POWER));
    if (plan().planes() > 0)
      products.add(NbodyModel.PLANES);
    if (lensing.isPresent())
      products.add(NbodyModel.KAPPA);
    return products;
  }

  @Override
  public Map<String, Object> facts() {
    return Map.of("max-displacement", simulation.limit().toList());
  }

  @Override
  public RankModel open(Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope) throws IOException {
    return opening.open(this, use, priors, scope);
  }

  /** The maps of a simulation of this model; only with {@code lensing}. */
  public ConvergenceMap maps(Simulation of) {
    LensingSettings settings = lensing.orElseThrow();
    return new ConvergenceMap(of, settings.kernel(simulation.timeline()).orElseThrow(), settings.fieldOfViewRad(),
        settings.pixels());
  }
}
