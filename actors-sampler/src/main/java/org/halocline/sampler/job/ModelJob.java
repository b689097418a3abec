package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.LayoutRequest;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.transport.DataPlaneSettings;

/**
 * The plan of a job that drives a model.
 *
 * @param forecasts by which times are reckoned on cores
 * @param shakeSeed the seed by which deliveries are shaken, if the job asks for that: {@code transport.shake-seed}
 * delivers in a random order, to show that no number depends on it
 * @param work what the job does with the model
 */
public record ModelJob(Config resolved, ModelPlan model, Forecasts forecasts, OptionalLong shakeSeed, Work work)
    implements
      JobPlan {
  /** Elements of one array of a JVM. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8L;

  /** What a job does with its model. Immutable and thread-safe. */
  public interface Work {
    Use use();

    default int chains() {
      return 1;
    }

    /** What one chain keeps on a rank. */
    RankMemory memory(ModelPlan model, Decomposition decomposition, int rank);

    /** How many passes a domain makes that has so many chains. */
    double passes(ModelPlan model, int chains);

    /** How the passes were counted, in words; empty where the job says how many. */
    default String counted() {
      return "";
    }

    /** What the job writes, bytes, roughly. */
    long outputBytes(ModelPlan model);

    /** Files that the job reads beside the model's. */
    default List<Path> inputs() {
      return List.of();
    }

    /** What is worth saying beside the model's warnings. */
    default List<String> warnings() {
      return List.of();
    }

    /** See {@link JobPlan#growingKeys}. */
    default Set<String> growingKeys() {
      return Set.of();
    }

    /** See {@link JobPlan#start}. */
    Behavior<JobCommand> start(JobContext context, ModelJob job);
  }

  /** Ends the reading of a job whose model was read. */
  public static Checked<JobPlan> of(Settings job, Forecasts forecasts, Optional<ModelPlan> model, Supplier<Work> work) {
    OptionalLong shake = job.optionalBlock("transport")
        .flatMap(block -> block.longInteger("shake-seed", Long.MIN_VALUE, Long.MAX_VALUE)).map(OptionalLong::of)
        .orElse(OptionalLong.empty());
    return job.finish(() -> new ModelJob(job.resolved(), model.orElseThrow(), forecasts, shake, work.get()));
  }

  /** How a layout cuts the model's grid. */
  public Decomposition decomposition(Layout layout) {
    return model.layout().cut(model.mesh(), layout);
  }

  /** Forecasts for the lanes of the job. */
  private Forecasts known() {
    return model.layout().device().known(forecasts);
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(model.inputs().stream(), work.inputs().stream()).toList();
  }

  @Override
  public List<String> notes() {
    return Stream.concat(model.warnings().stream(), work.warnings().stream()).toList();
  }

  @Override
  public int chains() {
    return work.chains();
  }

  @Override
  public long outputBytes() {
    return work.outputBytes(model);
  }

  @Override
  public Set<String> growingKeys() {
    return work.growingKeys();
  }

  @Override
  public Behavior<JobCommand> start(JobContext context) {
    return work.start(context, this);
  }

  @Override
  public List<String> laneKinds() {
    return model.layout().device().laneKinds();
  }

  @Override
  public LayoutRequest layoutRequest() {
    return model.layout().request();
  }

  @Override
  public LayoutCost cost(Layout layout) {
    Mesh mesh = model.mesh();
    LayoutDevice device = model.layout().device();
    try {
      return cost(layout, decomposition(layout), device);
    } catch (IllegalArgumentException cannot) {
      return refused(layout, cannot.getMessage(),
          "ask for at most " + mesh.nx() + " parts along x and " + mesh.ny() + " along y");
    }
  }

  /** @throws IllegalArgumentException where a grid of the model cannot be cut so */
  private LayoutCost cost(Layout layout, Decomposition decomposition, LayoutDevice device) {
    List<RankMemory> ranks = new ArrayList<>();
    for (int rank = 0; rank < decomposition.ranks(); rank++) {
      Block block = decomposition.block(rank);
      long cells = (long) block.nx() * block.ny() * block.nz();
      if (cells > device.mostCells())
        return refused(layout, "gives a rank " + cells + " cells, more than " + device.mostCells(), "use more parts");
      long largest = model.largestField(decomposition, rank);
      if (largest > MOST_ELEMENTS)
        return refused(layout,
            "gives a rank a mesh of " + largest + " cells with its halo, more than " + MOST_ELEMENTS,
            "cut the mesh into squarer parts, or lower simulation.max-displacement");
      ranks.add(work.memory(model, decomposition, rank));
    }
    return new LayoutCost.Bytes(ranks);
  }

  private static LayoutCost refused(Layout layout, String bound, String remedy) {
    return new LayoutCost.Refused(new Problem("layout", layout.toString(), bound, remedy));
  }

  @Override
  public OptionalDouble seconds(Layout layout, Sharing sharing) {
    return model.seconds(known(), decomposition(layout), sharing, work.use() != Use.SIMULATE);
  }

  @Override
  public Optional<Forecast> forecast(Layout layout, Sharing sharing) {
    return model.forecast(known(), decomposition(layout), sharing, work.use() != Use.SIMULATE,
        work.passes(model, layout.chainsPerDomain(chains())), work.counted());
  }

  @Override
  public Stream<Smaller> smaller() {
    return model.smaller().map(small -> {
      Mesh mesh = small.mesh();
      return new Smaller(mesh.nx() + "×" + mesh.ny() + "×" + mesh.nz(),
          new ModelJob(resolved, small, forecasts, shakeSeed, work));
    });
  }

  @Override
  public DataPlaneSettings dataPlane(DataPlaneSettings base) {
    return shakeSeed.isPresent() ? base.withShake(shakeSeed.getAsLong()) : base;
  }
}
