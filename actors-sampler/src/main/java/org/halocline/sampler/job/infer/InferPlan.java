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
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.chain.ChainProgram;
import org.halocline.sampler.chain.ChainStart;
import org.halocline.sampler.job.ModelJob;
import org.halocline.sampler.job.TransportSettings;
import org.halocline.sampler.model.ModelKind;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.slf4j.LoggerFactory;

/**
 * An inference that passed its checks.
 *
 * @param warnings what is worth saying of priors and starts
 * @param truth by site name, if the job names a file
 * @param starts where each chain starts; none for draws from the prior
 */
record InferPlan(Config resolved, ModelPlan model, InferSettings infer, Forecasts forecasts, OptionalLong shakeSeed,
    List<String> warnings, Map<String, Double> truth, List<ChainStart> starts) implements ModelJob {
  private static final long BUFFERS = 8L << 20;

  InferPlan {
    warnings = List.copyOf(warnings);
    starts = List.copyOf(starts);
  }

  static Checked<JobPlan> check(JobFile file, Forecasts forecasts) {
    Settings job = file.settings();
    Optional<ModelKind> kind = ModelKinds.of(job);
    if (kind.isEmpty())
      return Checked.invalid(job.problems());
    Optional<InferSettings> infer = InferSettings.read(job, kind.get().space());
    Optional<ModelPlan> model = kind.get()
        .read(job, new Reading(Use.SAMPLE, NpyInput.EXAMINE, infer.map(InferSettings::ends).orElse(Map.of())));
    OptionalLong shake = TransportSettings.shakeSeed(job);
    Map<String, Double> truth = model.map(plan -> truth(job, plan)).orElse(Map.of());
    List<String> warnings = new ArrayList<>();
    List<ChainStart> starts = new ArrayList<>();
    if (model.isPresent() && infer.isPresent()) {
      PriorCheck priors = new PriorCheck(infer.get(), model.get());
      int before = job.problems().size();
      priors.middle(job);
      if (job.problems().size() == before)
        priors.warning().ifPresent(warnings::add);
      starts.addAll(StartCheck.starts(job, infer.get(), model.get(), warnings));
    }
    return job.finish(() -> new InferPlan(job.resolved(), model.orElseThrow(), infer.orElseThrow(), forecasts, shake,
        warnings, truth, starts));
  }

  private static Map<String, Double> truth(Settings job, ModelPlan model) {
    Optional<Path> file = model.truth();
    try {
      return file.isPresent() ? Truth.read(file.get(), model.space()) : Map.of();
    } catch (IOException bad) {
      job.block("data").problem("truth", "\"" + file.get().getFileName() + "\"",
          "is not a truth file: " + bad.getMessage().lines().findFirst().orElse(""),
          "write JSON with a number a parameter, such as { \"cosmology\": { \"omega_m\": 0.3 } }");
      return Map.of();
    }
  }

  @Override
  public Use use() {
    return Use.SAMPLE;
  }

  @Override
  public ModelJob with(ModelPlan other) {
    return new InferPlan(resolved, other, infer, forecasts, shakeSeed, warnings, truth, starts);
  }

  @Override
  public List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(model.inputs());
    infer.start().ifPresent(files -> inputs.addAll(files.all()));
    return inputs;
  }

  @Override
  public List<String> notes() {
    return Stream.concat(model.warnings().stream(), warnings.stream()).toList();
  }

  @Override
  public int chains() {
    return infer.chains();
  }

  @Override
  public RankMemory memory(Decomposition decomposition, int rank) {
    long sites = model.fields().stream().mapToLong(field -> field.over(decomposition).block(rank).size()).sum();
    return model.memory(Use.SAMPLE, decomposition, rank)
        .and(model.layout().device().fields("sampler", ChainProgram.bytesPerSite(infer.sampler()) * sites))
        .and(model.dataMemory(Use.SAMPLE, decomposition, rank).toArray(MemoryPart[]::new))
        .and(MemoryPart.heap("file buffers", BUFFERS),
            MemoryPart.beside("sums", decomposition.ranks() > 1 ? 1 << 20 : 0));
  }

  /** Trajectories are reckoned with the step size that the warm-up begins with. */
  @Override
  public Optional<Forecast> forecast(Layout layout, Sharing sharing) {
    int steps = infer.sampler().usualGradients();
    int draws = infer.sampler().warmUp() + infer.draws();
    double gradients = (double) layout.chainsPerDomain(chains()) * draws * steps;
    return model.forecast(known(), decomposition(layout), sharing, true, gradients,
        infer.sampler().supposition() + ": " + steps + " a draw");
  }

  @Override
  public long outputBytes() {
    long cells = model.fields().stream().mapToLong(field -> field.mesh().size()).sum();
    long numbers = numbersOfArrays();
    long checkpoints = 3L * chains() * (20 * cells + 16 * numbers);
    long fields = infer.thinNoise() > 0 ? (long) chains() * (infer.draws() / infer.thinNoise()) * 4 * cells : 0;
    long maps = infer.thinKappa() > 0
        ? (long) chains() * (infer.draws() / infer.thinKappa()) * 4 * numbers
        : 0;
    return checkpoints + fields + maps + 8 * cells + 300L * chains() * infer.draws() + (1 << 20);
  }

  /** A chain goes on from its last draw, and nothing before depends on how many follow. */
  @Override
  public Set<String> growingKeys() {
    return Set.of("infer.draws");
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
