package org.halocline.sampler.model.nbody;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.PlaneWeights;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Sites;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.DataSettings;
import org.halocline.sampler.model.lensing.LensingSettings;

/**
 * Reads the blocks of a model that observes an N-body simulation, checked by themselves and against each other. What
 * follows from the physics at the reference point is filled in, and the model's limits are checked there.
 */
record NbodyReading(Settings job, SimulationSettings.Draft draft, Theta theta, Optional<LensingSettings> lensing,
    List<String> warnings) {
  /** Cells of all planes together: they are gathered on one rank, in double. */
  private static final long MOST_PLANE_CELLS = 1 << 28;

  /**
   * Reads the blocks and notes every problem; empty when there was any. The caller reads its own blocks and then ends
   * the reading by {@link Settings#finish}.
   *
   * @param reading the displacement limit covers the corners of its priors too; only to simulate needs no data
   */
  static Optional<NbodyPlan> read(Settings job, Reading reading, NbodyPlan.Opening opening) {
    int before = job.problems().size();
    Theta theta = theta(job.block("cosmology"));
    boolean thetaIsGood = job.problems().size() == before;
    SimulationSettings.Draft draft = SimulationSettings.read(job.block("simulation"), reading.inputs());
    List<String> warnings = new ArrayList<>();
    Optional<Settings> lensingBlock = job.optionalBlock("lensing");
    Optional<LensingSettings> lensing = lensingBlock.flatMap(block -> LensingSettings.read(block, warnings));
    Optional<Settings> dataBlock = reading.use() == Use.SIMULATE
        ? job.optionalBlock("data")
        : Optional.of(job.block("data"));
    Optional<DataSettings> data = dataBlock
        .flatMap(block -> DataSettings.read(block, lensing, lensingBlock.isPresent(), draft.shape(), reading.inputs(),
            warnings));
    LayoutSettings layout = LayoutSettings.read(job, draft.cells());
    if (draft.mesh().isEmpty() || draft.timeline().isEmpty())
      return Optional.empty();
    if (lensingBlock.isPresent() && !(draft.timeline().get().edges() instanceof Edges.LightCone))
      job.problem("lensing", "", "needs planes, and the simulation has none",
          "replace simulation.snapshot by simulation.light-cone, or remove the block lensing");
    if (!thetaIsGood || job.problems().size() > before && (lensingBlock.isPresent() && lensing.isEmpty()))
      return Optional.empty();
    Optional<SimulationSettings> simulation = new NbodyReading(job, draft, theta, lensing, warnings).resolve(reading);
    if (simulation.isEmpty() || job.problems().size() > before)
      return Optional.empty();
    return Optional.of(new NbodyPlan(opening, theta, simulation.get(), lensing, data, layout, warnings));
  }

  /** The block {@code cosmology}; where a value is bad its default stands in, and the problem is noted. */
  private static Theta theta(Settings block) {
    Theta theta = Theta.usual(Cosmology.PARAMETERS);
    for (Parameter parameter : Cosmology.PARAMETERS)
      theta = theta.with(parameter.name(), block.number(parameter.name(), parameter.usual(), Sites.range(parameter)));
    for (ParameterSpace.Breach breach : Cosmology.SPACE.breaches(theta))
      block.problem(breach.parameter().name(), Double.toString(breach.value()), "must be " + breach.bound(),
          breach.remedy());
    return theta;
  }

  private Optional<SimulationSettings> resolve(Reading reading) {
    Mesh mesh = draft.mesh().orElseThrow();
    Timeline timeline = draft.timeline().orElseThrow();
    Optional<LensingKernel> kernel = lensing.flatMap(settings -> settings.kernel(timeline));
    StepCoefficients coefficients;
    Optional<PlaneWeights> weights = Optional.empty();
    try {
      Background background = Background.within(theta);
      coefficients = StepCoefficients.compute(background, timeline, mesh.kMaxHMpc(), mesh.kMinHMpc());
      if (kernel.isPresent())
        weights = Optional.of(PlaneWeights.compute(background, kernel.get()));
    } catch (LimitException limit) {
      job.problem(new Problem(limit.quantity(), Double.toString(limit.value()), "must be " + limit.bound(),
          "change " + limit.key()));
      return Optional.empty();
    }
    if (timeline.edges() instanceof Edges.LightCone cone
        && (long) cone.planes() * mesh.nx() * mesh.ny() > MOST_PLANE_CELLS) {
      job.problem(new Problem("simulation.light-cone.planes", Integer.toString(cone.planes()),
          "makes planes of " + (long) cone.planes() * mesh.nx() * mesh.ny() + " cells together, more than "
              + MOST_PLANE_CELLS,
          "take fewer planes, or fewer cells across"));
      return Optional.empty();
    }
    weights.ifPresent(
        found -> lensing.orElseThrow().check(kernel.orElseThrow(), found, theta, mesh, job, warnings));
    DisplacementLimit limit = draft.limit().orElseGet(() -> linearLimit(mesh, timeline, coefficients, reading));
    draft.block().derive("max-displacement", limit.toList());
    checkLimit(limit, mesh);
    FixedPoint units = SimulationSettings.units(draft.block().block("fixed-point"), limit, coefficients);
    return draft.noise().map(noise -> new SimulationSettings(mesh, timeline, noise, limit, units, draft.repeat()));
  }

  private DisplacementLimit linearLimit(Mesh mesh, Timeline timeline, StepCoefficients coefficients,
      Reading reading) {
    DisplacementLimit limit = DisplacementLimit.linear(mesh, coefficients.rootPower()::at, draft.margin());
    for (Theta corner : corners(theta, reading.ends()))
      try {
        StepCoefficients there = StepCoefficients.compute(corner, timeline, mesh.kMaxHMpc(), mesh.kMinHMpc());
        limit = limit.or(DisplacementLimit.linear(mesh, there.rootPower()::at, draft.margin()));
      } catch (LimitException outside) {
        // a corner of the prior that cannot be simulated is a divergence there, and asks for no room
      }
    return limit;
  }

  /**
   * The corners of priors at which particles must have room: each prior's ends, one at a time, at the largest
   * amplitude.
   *
   * @param ends where priors practically end, by parameter
   */
  private static List<Theta> corners(Theta reference, Map<String, double[]> ends) {
    if (ends.isEmpty())
      return List.of();
    String amplitude = Cosmology.SIGMA8.name();
    Theta loudest = ends.containsKey(amplitude)
        ? reference.with(amplitude, within(Cosmology.SIGMA8, ends.get(amplitude))[1])
        : reference;
    List<Theta> corners = new ArrayList<>(List.of(loudest));
    for (Parameter parameter : Cosmology.PARAMETERS)
      if (ends.containsKey(parameter.name()) && !parameter.equals(Cosmology.SIGMA8))
        for (double end : within(parameter, ends.get(parameter.name())))
          corners.add(loudest.with(parameter.name(), end));
    return corners;
  }

  private static double[] within(Parameter parameter, double[] ends) {
    return Arrays.stream(ends).map(end -> Math.clamp(end, parameter.least(), parameter.most())).toArray();
  }

  private void checkLimit(DisplacementLimit limit, Mesh mesh) {
    if (limit.largest() > SimulationSettings.LARGEST_LIMIT)
      draft.block().problem("max-displacement", Double.toString(limit.largest()),
          "follows from linear theory, but must be at most " + SimulationSettings.LARGEST_LIMIT + " cells",
          "lower simulation.displacement-margin, or take larger cells");
    for (int axis = 0; axis < 3; axis++)
      if (limit.toArray()[axis] > mesh.cells(axis) / 2.0)
        warnings.add("simulation.max-displacement is " + limit.toArray()[axis] + " cells on axis " + axis
            + ", more than half of the mesh: its halos are wider than the box is useful for");
  }
}
