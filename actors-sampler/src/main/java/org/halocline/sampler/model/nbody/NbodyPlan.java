package org.halocline.sampler.model.nbody;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Purpose;
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
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.tape.RankScope;

/** The plan of a model that observes an N-body simulation. */
record NbodyPlan(ModelSettings settings, NbodyKind kind) implements ModelPlan {

  /** The same for every kind, as files of earlier versions have it. */
  @Override
  public String title() {
    return "survey";
  }

  @Override
  public Mesh mesh() {
    return settings.simulation().mesh();
  }

  @Override
  public LayoutSettings layout() {
    return settings.layout();
  }

  @Override
  public ParameterSpace space() {
    return Cosmology.SPACE;
  }

  @Override
  public Theta reference() {
    return settings.theta();
  }

  @Override
  public Optional<LimitException> limit(Theta theta) {
    try {
      StepCoefficients.compute(theta, settings.simulation().timeline(), mesh().kMaxHMpc(), mesh().kMinHMpc());
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
    return settings.lensing().map(lens -> Map.of(NbodyModel.CONVERGENCE, lens.mapShape())).orElse(Map.of());
  }

  @Override
  public List<Path> inputs() {
    return settings.inputs();
  }

  @Override
  public List<String> warnings() {
    return settings.warnings();
  }

  @Override
  public Optional<Path> truth() {
    return settings.data().flatMap(DataSettings::truth);
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
    return settings.simulationMemory(settings.plan(), purpose(use), decomposition, rank);
  }

  static Purpose purpose(Use use) {
    return use == Use.SIMULATE ? Purpose.FORWARD : Purpose.GRADIENT;
  }

  @Override
  public List<MemoryPart> dataMemory(Use use, Decomposition decomposition, int rank) {
    if (use != Use.SAMPLE)
      return List.of(settings.dataMemory(rank));
    List<MemoryPart> parts = new ArrayList<>(
        layout().device().fields("data", 8L * decomposition.block(rank).size()));
    parts.add(MemoryPart.heap("maps", rank == 0 ? 8L * 8 * settings.mapNumbers() : 0));
    return parts;
  }

  @Override
  public long largestField(Decomposition decomposition, int rank) {
    return settings.plan().largestField(decomposition, rank);
  }

  @Override
  public OptionalDouble seconds(Forecasts forecasts, Decomposition decomposition, Sharing sharing, boolean gradient) {
    return forecasts.seconds(settings.plan(), decomposition, sharing, gradient);
  }

  @Override
  public Optional<Forecast> forecast(Forecasts forecasts, Decomposition decomposition, Sharing sharing,
      boolean gradient, double passes, String counted) {
    return Optional.of(gradient
        ? forecasts.gradient(settings.plan(), decomposition, sharing, passes, counted)
        : forecasts.simulation(settings.plan(), decomposition, sharing, passes));
  }

  @Override
  public Stream<ModelPlan> smaller() {
    return settings.smaller().map(small -> new NbodyPlan(small, kind));
  }

  @Override
  public int repeat() {
    return settings.simulation().repeat();
  }

  @Override
  public long updates() {
    return mesh().size() * settings.simulation().timeline().edges().steps();
  }

  @Override
  public List<String> products() {
    List<String> products = new ArrayList<>(
        List.of(NbodyModel.DISPLACEMENT, NbodyModel.MOMENTUM, NbodyModel.DENSITY, NbodyModel.POWER));
    if (settings.plan().planes() > 0)
      products.add(NbodyModel.PLANES);
    if (settings.lensing().isPresent())
      products.add(NbodyModel.KAPPA);
    return products;
  }

  @Override
  public Map<String, Object> facts() {
    return Map.of("max-displacement", settings.simulation().limit().toList());
  }

  @Override
  public RankModel open(Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope) throws IOException {
    return kind.open(settings, use, priors, scope);
  }
}
