package org.halocline.sampler.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.PassListener;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.RankScope;

/**
 * One rank of a job that is one command: the model is open, the command runs it and writes, and the summary tells what
 * that cost. Subclasses say what a run is.
 */
abstract class SingleProgram implements RankProgram {
  protected final ModelPlan plan;
  protected final RankScope scope;
  protected final RankModel model;
  private final RankContext context;
  private final Use use;
  private final Arena arena = Arena.ofShared();
  private final BlockGather gather;

  SingleProgram(ModelPlan plan, Use use, Map<Parameter, ScalarDistribution> priors, RankContext context)
      throws IOException {
    this.plan = plan;
    this.use = use;
    this.context = context;
    this.scope = new RankScope(context.kernels(), context.decomposition(), context.rank(),
        new Collectives(context.port(), arena));
    try {
      this.model = plan.open(use, priors, scope);
      this.gather = new BlockGather(scope.decomposition(), scope.rank(), scope.kernels(), context.port());
    } catch (IOException | RuntimeException failed) {
      arena.close();
      throw failed;
    }
  }

  /** Runs the model. */
  abstract void run(Stopwatch watch) throws IOException, BadJobException;

  /** Writes what the run made. */
  abstract void write(Results results) throws IOException;

  /** Numbers of the run, by dashed name. */
  abstract Map<String, Double> numbers();

  @Override
  public final RankReply run(RankCommand command) throws IOException, BadJobException {
    if (!(command instanceof RunOnce(Map<String, String> files)))
      throw new IllegalArgumentException("a job of one command does not know " + command);
    Stopwatch watch = new Stopwatch(context.meter());
    model.listen(new Told(watch));
    try {
      run(watch);
      try (Results results = new Results(files, context.runDirectory(), scope, gather)) {
        write(results);
        results.commit();
      }
    } catch (OutsideSupportException limit) {
      throw new BadJobException(limit.getMessage(), limit);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
    watch.lap("write");
    return summary(watch);
  }

  /** Passes on how far the model is. */
  private final class Told implements PassListener {
    private final Stopwatch watch;

    Told(Stopwatch watch) {
      this.watch = watch;
    }

    @Override
    public void forward(int step, int steps) {
      tell("step " + step + " of " + steps, step, steps);
    }

    @Override
    public void back(int step, int steps) {
      tell("back to step " + step + " of " + steps, 2 * steps - step + 1, 2 * steps);
    }

    private void tell(String line, int done, int all) {
      if (scope.first())
        context.tell(line, Map.of("done", (double) done, "of", (double) all));
    }

    @Override
    public void passed(String part) {
      watch.lap(part);
    }
  }

  /** All ranks call it, last. */
  private RunSummary summary(Stopwatch watch) {
    long device = 0;
    long heap = 0;
    long staging = 0;
    for (int rank = 0; rank < scope.decomposition().ranks(); rank++) {
      RankMemory memory = SinglePlan.withoutData(plan, use, scope.decomposition(), rank);
      device = Math.max(device, memory.deviceBytes());
      heap = Math.max(heap, memory.heapBytes());
      staging = Math.max(staging, memory.nativeBytes());
    }
    return new RunSummary(lanes(watch), collections(watch), bytesMoved(), context.meter().exchanges(), device, heap,
        staging, numbers());
  }

  /** Of all ranks together. */
  private Map<String, Long> bytesMoved() {
    Map<Port.Phase, Long> own = context.meter().bytesSent();
    ExactSum[] sums = new ExactSum[own.size()];
    own.forEach((phase, bytes) -> {
      sums[phase.ordinal()] = new ExactSum();
      sums[phase.ordinal()].add(bytes);
    });
    scope.collectives().sum(sums);
    Map<String, Long> all = new LinkedHashMap<>();
    for (Port.Phase phase : Port.Phase.values())
      if (sums[phase.ordinal()].value() > 0)
        all.put(Forecasts.name(phase), (long) sums[phase.ordinal()].value());
    return all;
  }

  /** Of every rank, on rank 0. */
  private Map<String, List<LaneUse>> lanes(Stopwatch watch) {
    double[][] all = gathered(watch.parts().values().stream()
        .flatMapToDouble(use -> DoubleStream.of(use.computing(), use.waiting(), use.copying())).toArray());
    Map<String, List<LaneUse>> lanes = new LinkedHashMap<>();
    int part = 0;
    for (String name : watch.parts().keySet()) {
      int at = 3 * part++;
      lanes.put(name, Arrays.stream(all).map(rank -> new LaneUse(rank[at], rank[at + 1], rank[at + 2])).toList());
    }
    return lanes;
  }

  /** By part, of the rank whose JVM collected most; on rank 0. */
  private Map<String, Collected> collections(Stopwatch watch) {
    double[][] all = gathered(watch.collections().values().stream()
        .flatMapToDouble(one -> DoubleStream.of(one.count(), one.ms(), one.garbageBytes())).toArray());
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

  /** As many numbers of each rank. */
  private double[][] gathered(double[] own) {
    int[] lengths = new int[scope.decomposition().ranks()];
    Arrays.fill(lengths, own.length);
    return scope.collectives().gather(own, lengths);
  }

  @Override
  public final void close() {
    try {
      model.close();
    } finally {
      arena.close();
    }
  }
}
