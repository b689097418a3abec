package org.halocline.sampler.model.nbody;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.PlaneWeights;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.input.NpyInput;

/**
 * The forward model of a job and its data: the blocks {@code cosmology}, {@code simulation}, {@code lensing},
 * {@code data} and {@code layout}, checked by themselves and against each other. Shared by all job kinds.
 *
 * @param theta the job's reference point: the quanta of the particles are chosen there
 * @param lensing there when the job makes convergence maps
 * @param data there when the job has a likelihood
 * @param warnings what is legal but worth saying
 */
public record ModelSettings(Theta theta, SimulationSettings simulation, Optional<LensingSettings> lensing,
    Optional<DataSettings> data, LayoutSettings layout, List<String> warnings) {

  /** Cells of all planes together: they are gathered on one rank, in double. */
  private static final long MOST_PLANE_CELLS = 1 << 28;

  public ModelSettings {
    warnings = List.copyOf(warnings);
  }

  /** Whether a job must have a block {@code data}. */
  public enum DataUse {
    /** Read and checked where there is one. */
    OPTIONAL, REQUIRED
  }

  /**
   * Reads the blocks and notes every problem; empty when there was any. The caller reads its own blocks and then ends
   * the reading by {@link Settings#finish}.
   *
   * @param job the top of the job
   * @param inputs how closely files are looked at
   * @param reach further points θ that the displacement limit must cover, given the reference point: corners of a prior
   */
  public static Optional<ModelSettings> read(Settings job, DataUse use, NpyInput inputs,
      Function<Theta, List<Theta>> reach) {
    int before = job.problems().size();
    Theta theta = CosmologySettings.read(job.block("cosmology"));
    boolean thetaIsGood = job.problems().size() == before;
    SimulationSettings.Draft draft = SimulationSettings.read(job.block("simulation"), inputs);
    List<String> warnings = new ArrayList<>();
    Optional<Settings> lensingBlock = job.optionalBlock("lensing");
    Optional<LensingSettings> lensing = lensingBlock.flatMap(block -> LensingSettings.read(block, warnings));
    Optional<Settings> dataBlock = use == DataUse.REQUIRED ? Optional.of(job.block("data")) : job.optionalBlock("data");
    Optional<DataSettings> data = dataBlock
        .flatMap(block -> DataSettings.read(block, lensing, lensingBlock.isPresent(), draft.shape(), inputs, warnings));
    LayoutSettings layout = LayoutSettings.read(job, draft.cells());
    if (draft.mesh().isEmpty() || draft.timeline().isEmpty())
      return Optional.empty();
    if (lensingBlock.isPresent() && !(draft.timeline().get().edges() instanceof Edges.LightCone))
      job.problem("lensing", "", "needs planes, and the simulation has none",
          "replace simulation.snapshot by simulation.light-cone, or remove the block lensing");
    if (!thetaIsGood || job.problems().size() > before && (lensingBlock.isPresent() && lensing.isEmpty()))
      return Optional.empty();
    Optional<SimulationSettings> simulation = new Resolution(job, draft, theta, lensing, warnings).resolve(reach);
    if (simulation.isEmpty() || job.problems().size() > before)
      return Optional.empty();
    return Optional.of(new ModelSettings(theta, simulation.get(), lensing, data, layout, warnings));
  }

  /** What the numerics need to know of it. */
  public SimulationPlan plan() {
    return new SimulationPlan(simulation.mesh(), simulation.timeline(), simulation.limit().toArray(),
        simulation.units());
  }

  /** Numbers of the convergence map, all bins; 0 without lensing. */
  public long mapNumbers() {
    return lensing.map(map -> (long) map.sources().bins() * map.pixels() * map.pixels()).orElse(0L);
  }

  /**
   * What one evaluation of the data holds on a rank beside the simulation: the map's arrays on rank 0; a density lies
   * in the simulation.
   */
  public MemoryPart dataMemory(int rank) {
    return MemoryPart.heap("data", rank == 0 ? 8L * 6 * mapNumbers() : 0);
  }

  /** The parts of a simulation that every kind of job has. */
  public RankMemory simulationMemory(SimulationPlan plan, Purpose purpose, Decomposition decomposition, int rank) {
    List<MemoryPart> parts = new ArrayList<>(
        layout.device().fields("particles and meshes", plan.fieldBytes(purpose, decomposition, rank)));
    parts.addAll(layout.device().kernels(decomposition));
    parts.add(MemoryPart.heap("planes", LightCone.heapBytes(plan, decomposition, rank)));
    parts.add(MemoryPart.beside("halos and pencils",
        plan.stagingBytes(decomposition, rank) + LightCone.stagingBytes(plan, decomposition, rank)));
    parts.add(MemoryPart.beside("gathering", BlockGather.stagingBytes(decomposition)));
    return new RankMemory(parts);
  }

  /**
   * The model on meshes of the same shape with fewer cells, largest first; limits in cells shrink with the mesh. Only
   * for reckoning: files of the job's mesh would not fit these.
   */
  public Stream<ModelSettings> smaller() {
    Mesh mesh = simulation.mesh();
    int steps = IntStream.of(mesh.ny(), mesh.nz()).reduce(mesh.nx(), ModelSettings::greatestDivisor);
    int planes = plan().planes();
    return IntStream.range(1, steps).map(i -> steps - i)
        .filter(i -> smooth(mesh.nx() / steps * i) && smooth(mesh.ny() / steps * i) && smooth(mesh.nz() / steps * i))
        .filter(i -> planes == 0 || mesh.nz() / steps * i % planes == 0)
        .mapToObj(i -> shrunk(mesh, i, steps));
  }

  private ModelSettings shrunk(Mesh mesh, int i, int steps) {
    Mesh small = new Mesh(mesh.nx() / steps * i, mesh.ny() / steps * i, mesh.nz() / steps * i, mesh.lxMpcH(),
        mesh.lyMpcH(), mesh.lzMpcH());
    return new ModelSettings(theta, new SimulationSettings(small, simulation.timeline(), simulation.noise(),
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

  /** Every file that the model reads. */
  public List<Path> inputs() {
    List<Path> files = new ArrayList<>();
    if (simulation.noise() instanceof NoiseSource.FromFile(Path path))
      files.add(path);
    lensing.ifPresent(settings -> files.add(settings.sourcesFile()));
    data.ifPresent(settings -> files.add(settings.file()));
    data.flatMap(DataSettings::truth).ifPresent(files::add);
    return files;
  }

  /** The lensing efficiencies of the light cone, where the job has both. */
  public Optional<LensingKernel> lensingKernel() {
    return lensing.flatMap(settings -> kernel(settings, simulation.timeline()));
  }

  /** The maps of a simulation of this model; only with {@code lensing}. */
  public ConvergenceMap maps(Simulation simulation) {
    LensingSettings settings = lensing.orElseThrow();
    return new ConvergenceMap(simulation, lensingKernel().orElseThrow(), settings.fieldOfViewRad(), settings.pixels());
  }

  static Optional<LensingKernel> kernel(LensingSettings settings, Timeline timeline) {
    return timeline.edges() instanceof Edges.LightCone(int before, int planes, double length)
        ? Optional.of(new LensingKernel(settings.sources(), planes, length, settings.distance()))
        : Optional.empty();
  }

  /** Fills in what follows from the physics at the reference point, and checks the model's limits there. */
  private record Resolution(Settings job, SimulationSettings.Draft draft, Theta theta,
      Optional<LensingSettings> lensing, List<String> warnings) {

    Optional<SimulationSettings> resolve(Function<Theta, List<Theta>> reach) {
      Mesh mesh = draft.mesh().orElseThrow();
      Timeline timeline = draft.timeline().orElseThrow();
      Optional<LensingKernel> kernel = lensing.flatMap(settings -> kernel(settings, timeline));
      StepCoefficients coefficients;
      Optional<PlaneWeights> weights = Optional.empty();
      try {
        Background background = Background.within(theta);
        coefficients = StepCoefficients.compute(background, timeline, mesh.kMaxHMpc(), mesh.kMinHMpc());
        if (kernel.isPresent())
          weights = Optional.of(PlaneWeights.compute(background, kernel.get()));
      } catch (LimitException limit) {
        refuse(limit);
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
      kernel.ifPresent(this::checkTruncation);
      weights.ifPresent(found -> checkNearest(kernel.orElseThrow(), found));
      kernel.ifPresent(lens -> checkFieldOfView(lens, mesh));
      DisplacementLimit limit = draft.limit().orElseGet(() -> linearLimit(mesh, timeline, coefficients, reach));
      draft.block().derive("max-displacement", limit.toList());
      checkLimit(limit, mesh);
      FixedPoint units = Quanta.read(draft.block().block("fixed-point"), limit, coefficients);
      return draft.noise().map(noise -> new SimulationSettings(mesh, timeline, noise, limit, units, draft.repeat()));
    }

    private DisplacementLimit linearLimit(Mesh mesh, Timeline timeline, StepCoefficients coefficients,
        Function<Theta, List<Theta>> reach) {
      DisplacementLimit limit = DisplacementLimit.linear(mesh, coefficients.rootPower()::at, draft.margin());
      for (Theta corner : reach.apply(theta))
        try {
          StepCoefficients there = StepCoefficients.compute(corner, timeline, mesh.kMaxHMpc(), mesh.kMinHMpc());
          limit = limit.or(DisplacementLimit.linear(mesh, there.rootPower()::at, draft.margin()));
        } catch (LimitException outside) {
          // a corner of the prior that cannot be simulated is a divergence there, and asks for no room
        }
      return limit;
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

    private void refuse(LimitException limit) {
      job.problem(new Problem(limit.quantity(), Double.toString(limit.value()), "must be " + limit.bound(),
          "change " + limit.key()));
    }

    private void checkTruncation(LensingKernel kernel) {
      double[] share;
      try {
        share = kernel.truncatedShare(theta);
      } catch (LimitException limit) {
        refuse(limit);
        return;
      }
      LensingSettings settings = lensing.orElseThrow();
      for (int bin = 0; bin < share.length; bin++)
        if (share[bin] > LensingSettings.TRUNCATED_SHARE) {
          String percent = String.format(Locale.ROOT, "%.1f%%", 100 * share[bin]);
          if (settings.allowTruncatedSources())
            warnings.add(percent + " of the lensing weight of source bin " + bin + " lies beyond the box");
          else
            job.block("lensing").problem("sources", "bin " + bin,
                "has " + percent + " of its lensing weight beyond the box, more than 1%",
                "lengthen simulation.box-mpc-h along z, or set lensing.allow-truncated-sources = true");
        }
    }

    /** A bin whose sources all lie before the middle of the first plane has a map of zeros for any parameters. */
    private void checkNearest(LensingKernel kernel, PlaneWeights found) {
      double[] weights = found.weights();
      for (int bin = 0; bin < kernel.bins(); bin++) {
        int first = bin * kernel.planes();
        if (IntStream.range(first, first + kernel.planes()).allMatch(i -> weights[i] == 0))
          job.block("lensing").problem("sources", "bin " + bin,
              "has no sources beyond the middle of the first plane, " + (float) kernel.planeDistanceMpcH(0)
                  + " Mpc/h away: nothing lenses them",
              "take more planes, or leave the bin out of table and map");
      }
    }

    private void checkFieldOfView(LensingKernel kernel, Mesh mesh) {
      double widest;
      try {
        widest = lensing.orElseThrow().fieldOfViewRad() * kernel.transverseMpcH(theta, mesh.lzMpcH());
      } catch (LimitException limit) {
        return; // closed space ends in the last plane, where the box is as narrow as it gets
      }
      if (widest > mesh.lxMpcH() || widest > mesh.lyMpcH())
        warnings.add(String.format(Locale.ROOT,
            "the field of view is %.0f Mpc/h wide at the far end of a box of %.0f × %.0f Mpc/h: it sees the box "
                + "repeated",
            widest, mesh.lxMpcH(), mesh.lyMpcH()));
    }
  }
}
