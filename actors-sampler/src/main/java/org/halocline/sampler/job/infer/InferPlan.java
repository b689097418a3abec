package org.halocline.sampler.job.infer;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.LayoutRequest;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.chain.ChainProgram;
import org.halocline.sampler.chain.ChainStart;
import org.halocline.sampler.job.TransportSettings;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.nbody.DataSettings;
import org.halocline.sampler.model.nbody.LayoutDevice;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.transport.DataPlaneSettings;
import org.slf4j.LoggerFactory;

/**
 * An inference that passed its checks.
 *
 * @param truth by site name, if the job names a file
 * @param starts where each chain starts; none for draws from the prior
 */
record InferPlan(Config resolved, ModelSettings model, InferSettings infer, Forecasts forecasts,
    OptionalLong shakeSeed, Map<String, Double> truth, List<ChainStart> starts) implements JobPlan {
  private static final long BUFFERS = 8L << 20;

  static Checked<JobPlan> check(JobFile file, Forecasts forecasts) {
    Settings job = file.settings();
    Optional<InferSettings> infer = InferSettings.read(job);
    Optional<ModelSettings> model = ModelSettings.read(job, ModelSettings.DataUse.REQUIRED, NpyInput.EXAMINE,
        reference -> infer.map(settings -> settings.corners(reference)).orElse(List.of()));
    OptionalLong shake = TransportSettings.shakeSeed(job);
    Map<String, Double> truth = truth(job, model);
    List<String> warnings = new ArrayList<>();
    List<ChainStart> starts = new ArrayList<>();
    if (model.isPresent() && infer.isPresent()) {
      PriorCheck priors = new PriorCheck(infer.get(), model.get());
      int before = job.problems().size();
      priors.middle(job);
      if (job.problems().size() == before)
        priors.warning().ifPresent(warnings::add);
      starts.addAll(StartCheck.starts(job, infer.get(), model.get().simulation().mesh(), warnings));
    }
    return job.finish(
        () -> new InferPlan(job.resolved(), model.orElseThrow().withWarnings(warnings), infer.orElseThrow(), forecasts,
            shake, truth, List.copyOf(starts)));
  }

  private static Map<String, Double> truth(Settings job, Optional<ModelSettings> model) {
    Optional<Path> file = model.flatMap(ModelSettings::data).flatMap(DataSettings::truth);
    try {
      return file.isPresent() ? Truth.read(file.get()) : Map.of();
    } catch (IOException bad) {
      job.block("data").problem("truth", "\"" + file.get().getFileName() + "\"",
          "is not a truth file: " + bad.getMessage().lines().findFirst().orElse(""),
          "write JSON with a number a parameter, such as { \"cosmology\": { \"omega_m\": 0.3 } }");
      return Map.of();
    }
  }

  @Override
  public List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(model.inputs());
    infer.start().ifPresent(files -> inputs.addAll(files.all()));
    return inputs;
  }

  @Override
  public List<String> notes() {
    return model.warnings();
  }

  @Override
  public int chains() {
    return infer.chains();
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
    return model.cost(layout, this::memory);
  }

  @Override
  public Stream<Smaller> smaller() {
    return model.smaller().map(small -> new Smaller(small.meshText(),
        new InferPlan(resolved, small, infer, forecasts, shakeSeed, truth, starts)));
  }

  /** Of one chain on a rank. */
  private RankMemory memory(SimulationPlan plan, Decomposition decomposition, int rank) {
    long sites = decomposition.block(rank).size();
    long arrays = rank == 0 ? 8L * 8 * model.mapNumbers() : 0;
    LayoutDevice device = model.layout().device();
    return model.simulationMemory(plan, Purpose.GRADIENT, decomposition, rank)
        .and(device.fields("sampler", ChainProgram.bytesPerSite(infer.sampler()) * sites)).and(device.fields("data", 8 * sites))
        .and(MemoryPart.heap("maps", arrays), MemoryPart.heap("file buffers", BUFFERS),
            MemoryPart.beside("sums", decomposition.ranks() > 1 ? 1 << 20 : 0));
  }

  @Override
  public OptionalDouble seconds(Layout layout, Sharing sharing) {
    return model.layout().device().known(forecasts).seconds(model.plan(), model.decomposition(layout), sharing, true);
  }

  /** Trajectories are reckoned with the step size that the warm-up begins with. */
  @Override
  public Optional<Forecast> forecast(Layout layout, Sharing sharing) {
    int steps = infer.sampler().usualGradients();
    int draws = infer.sampler().warmUp() + infer.draws();
    double gradients = (double) layout.chainsPerDomain(chains()) * draws * steps;
    return Optional.of(model.layout().device().known(forecasts).gradient(model.plan(),
        model.decomposition(layout), sharing, gradients,
        infer.sampler().supposition() + ": " + steps + " a draw"));
  }

  @Override
  public long outputBytes() {
    long cells = model.simulation().mesh().size();
    long checkpoints = 3L * chains() * (20 * cells + 16 * model.mapNumbers());
    long fields = infer.thinNoise() > 0 ? (long) chains() * (infer.draws() / infer.thinNoise()) * 4 * cells : 0;
    long maps = infer.thinKappa() > 0
        ? (long) chains() * (infer.draws() / infer.thinKappa()) * 4 * model.mapNumbers()
        : 0;
    return checkpoints + fields + maps + 8 * cells + 300L * chains() * infer.draws() + (1 << 20);
  }

  /** A chain goes on from its last draw, and nothing before depends on how many follow. */
  @Override
  public Set<String> growingKeys() {
    return Set.of("infer.draws");
  }

  @Override
  public DataPlaneSettings dataPlane(DataPlaneSettings base) {
    return shakeSeed.isPresent() ? base.withShake(shakeSeed.getAsLong()) : base;
  }

  /** What a killed run was writing: parts that never got their name. */
  private static void removeParts(Path directory) {
    if (!Files.isDirectory(directory))
      return;
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*.part-*")) {
      for (Path part : parts)
        Files.deleteIfExists(part);
    } catch (IOException kept) {
      LoggerFactory.getLogger(InferPlan.class).warn("left-over parts in {} stay: {}", directory, kept.toString());
    }
  }

  @Override
  public Behavior<JobCommand> start(JobContext context) {
    if (context.run().isCurrent())
      removeParts(context.run().file(InferJob.FIELDS));
    return InferJob.create(context, this);
  }
}
