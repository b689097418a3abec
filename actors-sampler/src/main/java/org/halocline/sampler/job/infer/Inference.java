package org.halocline.sampler.job.infer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.chain.ChainProgram;
import org.halocline.sampler.chain.ChainStart;
import org.halocline.sampler.job.ModelJob;
import org.halocline.sampler.model.ModelKind;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.slf4j.LoggerFactory;

/**
 * The work of an inference: chains on domains.
 *
 * @param warnings what is worth saying of priors and starts
 * @param truth by site name, if the job names a file
 * @param starts where each chain starts; none for draws from the prior
 */
record Inference(InferSettings infer, List<String> warnings, Map<String, Double> truth, List<ChainStart> starts)
    implements
      ModelJob.Work {
  private static final long BUFFERS = 8L << 20;

  Inference {
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
    return ModelJob.of(job, forecasts, model, () -> new Inference(infer.orElseThrow(), warnings, truth, starts));
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
  public List<Path> inputs() {
    return infer.start().map(StartFiles::all).orElse(List.of());
  }

  @Override
  public int chains() {
    return infer.chains();
  }

  @Override
  public RankMemory memory(ModelPlan model, Decomposition decomposition, int rank) {
    long sites = model.fields().stream().mapToLong(field -> field.over(decomposition).block(rank).size()).sum();
    return model.memory(Use.SAMPLE, decomposition, rank)
        .and(model.layout().device().fields("sampler", ChainProgram.bytesPerSite(infer.sampler()) * sites))
        .and(model.dataMemory(Use.SAMPLE, decomposition, rank))
        .and(MemoryPart.heap("file buffers", BUFFERS),
            MemoryPart.beside("sums", decomposition.ranks() > 1 ? 1 << 20 : 0));
  }

  /** Trajectories are reckoned with the step size that the warm-up begins with. */
  @Override
  public double passes(ModelPlan model, int chains) {
    return (double) chains * (infer.sampler().warmUp() + infer.draws()) * infer.sampler().usualGradients();
  }

  @Override
  public String counted() {
    return infer.sampler().supposition() + ": " + infer.sampler().usualGradients() + " a draw";
  }

  @Override
  public long outputBytes(ModelPlan model) {
    long cells = model.fields().stream().mapToLong(field -> field.mesh().size()).sum();
    long numbers = model.numbersOfArrays();
    long checkpoints = 3L * chains() * (20 * cells + 16 * numbers);
    long drawn = written(infer.thinNoise(), cells) + written(infer.thinKappa(), numbers);
    return checkpoints + drawn + 8 * cells + 300L * chains() * infer.draws() + (1 << 20);
  }

  /** Of floats that are written of every so many draws. */
  private long written(int thin, long floats) {
    return thin > 0 ? (long) chains() * (infer.draws() / thin) * 4 * floats : 0;
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
      LoggerFactory.getLogger(Inference.class).warn("left-over parts in {} stay: {}", directory, kept.toString());
    }
  }

  @Override
  public Behavior<JobCommand> start(JobContext context, ModelJob job) {
    if (context.run().isCurrent())
      removeParts(context.run().file(InferJob.FIELDS));
    return InferJob.create(context, job, this);
  }
}
