package org.halocline.sampler.job;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankContext;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.sampler.model.nbody.NoiseField;

/** What the programs of {@code simulate} and {@code gradient} share: one simulation on one rank, its noise, its results. */
final class Session implements AutoCloseable {
  private final RankContext context;
  private final ModelSettings settings;
  private final Purpose purpose;
  private final Simulation simulation;
  private final Field.Floats noise;
  private final BlockGather gather;

  Session(RankContext context, Purpose purpose) {
    this.context = context;
    this.purpose = purpose;
    this.settings = ModelSettings.resolved(context.job());
    this.simulation = new Simulation(settings.plan(), purpose, context.decomposition(), context.rank(),
        context.kernels(), context.port());
    this.noise = context.kernels().memory().floats(context.decomposition().block(context.rank()).size());
    this.gather = new BlockGather(context.decomposition(), context.rank(), context.kernels(), context.port());
  }

  ModelSettings settings() {
    return settings;
  }

  Simulation simulation() {
    return simulation;
  }

  Field.Floats noise() {
    return noise;
  }

  int repeat() {
    return settings.simulation().repeat();
  }

  Mesh mesh() {
    return settings.simulation().mesh();
  }

  /** Starts it. */
  Stopwatch stopwatch() {
    return new Stopwatch(context.meter());
  }

  boolean root() {
    return context.rank() == 0;
  }

  /** Fills the noise and runs to a = 1, telling each step. */
  void forward(Stopwatch watch, Observable observable) throws IOException, BadJobException {
    NoiseField.fill(settings.simulation().noise(), noise, context.decomposition(), context.rank(), context.kernels());
    watch.lap("noise");
    int steps = settings.simulation().timeline().edges().steps();
    simulation.onStep(step -> tell("step " + (step + 1) + " of " + steps, step + 1, steps));
    try {
      simulation.forward(settings.theta(), noise, observable);
    } catch (LimitException limit) {
      throw new BadJobException(limit.getMessage(), limit);
    }
    watch.lap("forward");
  }

  /** Runs back, telling each step. */
  void countBack() {
    int steps = settings.simulation().timeline().edges().steps();
    simulation.onStep(step -> tell("back to step " + (step + 1) + " of " + steps, 2 * steps - step, 2 * steps));
  }

  private void tell(String line, int done, int all) {
    if (root())
      context.tell(line, Map.of("done", (double) done, "of", (double) all));
  }

  Results results(Map<String, String> files) {
    return new Results(files, context.runDirectory(), mesh(), gather, root());
  }

  /** Elements of a field of floats. */
  BlockGather.Source source(Field.Floats field) {
    return (start, into, count) -> context.kernels().memory().read(field, start, into, 0, count);
  }

  /** Elements of a field of integers, times a quantum. */
  BlockGather.Source source(Field.Ints field, double quantum) {
    return (start, into, count) -> {
      int[] quanta = new int[count];
      context.kernels().memory().read(field, start, quanta, 0, count);
      for (int i = 0; i < count; i++)
        into[i] = (float) (quanta[i] * quantum);
    };
  }

  /** All ranks call it, last. */
  RunSummary summary(Stopwatch watch, Map<String, Double> results) {
    SimulationPlan plan = settings.plan();
    Decomposition decomposition = context.decomposition();
    long device = 0;
    long heap = 0;
    long staging = 0;
    for (int rank = 0; rank < decomposition.ranks(); rank++) {
      RankMemory memory = memory(settings, plan, purpose, decomposition, rank);
      device = Math.max(device, memory.deviceBytes());
      heap = Math.max(heap, memory.heapBytes());
      staging = Math.max(staging, memory.nativeBytes());
    }
    try (Arena arena = Arena.ofShared()) {
      Collectives collectives = new Collectives(context.port(), arena);
      return new RunSummary(lanes(watch, collectives), collections(watch, collectives), bytesMoved(collectives),
          context.meter().exchanges(), device, heap, staging, results);
    }
  }

  /** Of all ranks together. */
  private Map<String, Long> bytesMoved(Collectives collectives) {
    Map<Port.Phase, Long> own = context.meter().bytesSent();
    ExactSum[] sums = new ExactSum[own.size()];
    own.forEach((phase, bytes) -> {
      sums[phase.ordinal()] = new ExactSum();
      sums[phase.ordinal()].add(bytes);
    });
    collectives.sum(sums);
    Map<String, Long> all = new LinkedHashMap<>();
    for (Port.Phase phase : Port.Phase.values())
      if (sums[phase.ordinal()].value() > 0)
        all.put(Forecasts.name(phase), (long) sums[phase.ordinal()].value());
    return all;
  }

  /** Of every rank, on rank 0. */
  private Map<String, List<LaneUse>> lanes(Stopwatch watch, Collectives collectives) {
    List<LaneUse> own = List.copyOf(watch.parts().values());
    double[] numbers = new double[3 * own.size()];
    for (int i = 0; i < own.size(); i++) {
      numbers[3 * i] = own.get(i).computing();
      numbers[3 * i + 1] = own.get(i).waiting();
      numbers[3 * i + 2] = own.get(i).copying();
    }
    int[] lengths = new int[context.decomposition().ranks()];
    Arrays.fill(lengths, numbers.length);
    double[][] all = collectives.gather(numbers, lengths);
    Map<String, List<LaneUse>> lanes = new LinkedHashMap<>();
    int part = 0;
    for (String name : watch.parts().keySet()) {
      int at = 3 * part++;
      lanes.put(name, Arrays.stream(all).map(rank -> new LaneUse(rank[at], rank[at + 1], rank[at + 2])).toList());
    }
    return lanes;
  }

  /** By part, of the rank whose JVM collected most; on rank 0. */
  private Map<String, Collected> collections(Stopwatch watch, Collectives collectives) {
    double[] numbers = watch.collections().values().stream()
        .flatMapToDouble(one -> DoubleStream.of(one.count(), one.ms(), one.garbageBytes())).toArray();
    int[] lengths = new int[context.decomposition().ranks()];
    Arrays.fill(lengths, numbers.length);
    double[][] all = collectives.gather(numbers, lengths);
    Map<String, Collected> most = new LinkedHashMap<>();
    int part = 0;
    for (String name : watch.collections().keySet()) {
      int at = 3 * part++;
      most.put(name,
          Arrays.stream(all).map(rank -> new Collected((long) rank[at], (long) rank[at + 1], (long) rank[at + 2]))
              .reduce(Collected.NONE, Collected::or));
    }
    return most;
  }

  /** What one chain of {@code simulate} or {@code gradient} keeps on a rank, but for its data. */
  static RankMemory memory(ModelSettings settings, SimulationPlan plan, Purpose purpose, Decomposition decomposition,
      int rank) {
    return settings.simulationMemory(plan, purpose, decomposition, rank)
        .and(settings.layout().device().fields("noise", 4L * decomposition.block(rank).size()))
        .and(MemoryPart.heap("file buffers", BlockGather.bufferBytes(decomposition, rank)));
  }

  RankContext context() {
    return context;
  }

  @Override
  public void close() {
    simulation.close();
  }
}
