package org.halocline.sampler.job.infer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.files.PendingFile;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.Doubts;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.run.Checkpoint;
import org.halocline.sampler.chain.ChainEvent;
import org.halocline.sampler.chain.CheckpointTally;
import org.halocline.sampler.diagnostics.Mixing;
import org.halocline.sampler.diagnostics.Summary;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.draws.Draws;
import org.halocline.sampler.draws.GetDist;
import org.halocline.sampler.draws.Table;
import org.halocline.sampler.job.ModelJob;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Sites;
import org.halocline.sampler.moments.FieldMoments;

/** What an inference leaves behind when its chains are done: moments of the fields, diagnostics, table and summary. */
final class InferResults {
  private static final String ENERGY = "energy__";

  private final JobContext job;
  private final ModelJob plan;
  private final Inference work;
  private final List<ChainEvent.Finished> chains;

  /** @param chains that finished, in their order */
  InferResults(JobContext job, ModelJob plan, Inference work, List<ChainEvent.Finished> chains) {
    this.job = job;
    this.plan = plan;
    this.work = work;
    this.chains = chains;
  }

  record Written(String table, String summary) {}

  /** Name of a chain's CSV in the run directory. */
  static String drawFile(int chain) {
    return "chain-" + chain + ".csv";
  }

  Written write() throws IOException {
    List<Draws> draws = new ArrayList<>();
    for (ChainEvent.Finished chain : chains)
      draws.add(Draws.read(job.run().file(drawFile(chain.chain()))));
    List<Summary> summaries = new ArrayList<>();
    for (String name : draws.getFirst().parameters())
      summaries.add(Summary.of(name, draws.stream().map(chain -> chain.column(name)).toArray(double[][]::new)));
    for (Map.Entry<String, String> file : GetDist.files(draws, columns(draws.getFirst())).entrySet())
      job.run().write(file.getKey(), file.getValue());
    moments();
    List<String> doubts = Verdict.doubts(chains, draws, summaries);
    Map<String, Object> parameters = parameters(summaries);
    Map<String, Object> diagnostics = new LinkedHashMap<>();
    diagnostics.put("parameters", parameters);
    diagnostics.put("chains", chainFacts(draws));
    job.run().write("diagnostics.json", json(diagnostics));
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("kind", InferKind.NAME);
    summary.put("layout",
        Map.of("domains", job.layout().domains(), "x", job.layout().x(), "y", job.layout().y()));
    summary.put("chains", chains.size());
    summary.put("draws", draws.stream().mapToInt(Draws::size).sum());
    summary.put("divergences", chains.stream().mapToInt(chain -> chain.report().divergences()).sum());
    summary.put("gradients", chains.stream().mapToLong(chain -> chain.report().gradients()).sum());
    summary.put("seconds", chains.stream().mapToDouble(chain -> chain.report().seconds()).max().orElse(0));
    summary.put("checkpoints", checkpointCost());
    summary.put("parameters", parameters);
    Map<String, List<LaneUse>> lanes = lanes();
    summary.put("lanes", lanes);
    Collected collected = chains.stream().map(chain -> chain.report().collected()).reduce(Collected.NONE,
        Collected::or);
    summary.put("collections", Map.of("trajectory", collected));
    summary.put("warnings", plan.notes());
    if (!doubts.isEmpty())
      summary.put(Doubts.KEY, doubts);
    return new Written(Table.of(summaries, work.truth()) + footer(summaries, doubts) + footer(lanes)
        + (collected.count() > 0 ? "collections: " + collected.words() + " in the trajectories of a chain\n" : ""),
        json(summary));
  }

  /** Of all chains together, since this start; the share is the mean over chains. */
  private CheckpointTally checkpointCost() {
    List<CheckpointTally> tallies = chains.stream().map(chain -> chain.report().checkpoints()).toList();
    return new CheckpointTally(tallies.stream().mapToLong(CheckpointTally::count).sum(),
        tallies.stream().mapToDouble(CheckpointTally::seconds).sum(),
        tallies.stream().mapToLong(CheckpointTally::bytes).sum(),
        tallies.stream().mapToDouble(CheckpointTally::share).average().orElse(0));
  }

  private Map<String, Object> parameters(List<Summary> summaries) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Summary row : summaries) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("mean", row.mean());
      facts.put("sd", row.sd());
      facts.put("q5", row.low());
      facts.put("q95", row.high());
      facts.put("r-hat", row.rHat());
      facts.put("ess-bulk", row.bulkSize());
      facts.put("ess-tail", row.tailSize());
      if (work.truth().containsKey(row.name())) {
        facts.put("truth", work.truth().get(row.name()));
        facts.put("off-by-sd", (row.mean() - work.truth().get(row.name())) / row.sd());
      }
      parameters.put(row.name(), facts);
    }
    return parameters;
  }

  private List<Map<String, Object>> chainFacts(List<Draws> draws) {
    List<Map<String, Object>> facts = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      ChainEvent.ChainReport report = chains.get(i).report();
      Map<String, Object> chain = new LinkedHashMap<>();
      chain.put("chain", chains.get(i).chain());
      chain.put("acceptance", report.meanAcceptance());
      chain.putAll(report.learned());
      chain.put("divergences", report.divergences());
      chain.put("gradients", report.gradients());
      if (draws.get(i).columns().contains(ENERGY))
        chain.put("e-bfmi", Mixing.energyFraction(draws.get(i).column(ENERGY)));
      report.lastDivergence().ifPresent(why -> chain.put("last-divergence", why));
      facts.add(chain);
    }
    return facts;
  }

  /** What the lanes of each domain did until the last draw of its last chain. */
  private Map<String, List<LaneUse>> lanes() {
    Map<String, List<LaneUse>> lanes = new TreeMap<>();
    for (ChainEvent.Finished chain : chains)
      if (!chain.report().lanes().isEmpty())
        lanes.merge("domain " + chain.chain() % job.layout().domains(), chain.report().lanes(),
            (one, other) -> one.getFirst().seconds() >= other.getFirst().seconds() ? one : other);
    return lanes;
  }

  private static String footer(Map<String, List<LaneUse>> lanes) {
    StringBuilder footer = new StringBuilder();
    lanes.forEach((domain, ranks) -> {
      for (int rank = 0; rank < ranks.size(); rank++)
        footer.append(domain).append(", lane ").append(rank).append(": ").append(ranks.get(rank).shares())
            .append('\n');
    });
    return footer.toString();
  }

  private List<GetDist.Column> columns(Draws draws) {
    Map<String, Parameter> sites = new TreeMap<>();
    work.infer().priors().keySet().forEach(parameter -> sites.put(Sites.name(parameter), parameter));
    Map<String, ScalarDistribution> own = plan.model().ownPriors();
    return draws.parameters().stream().map(name -> sites.containsKey(name)
        ? new GetDist.Column(name, sites.get(name).latex(), false,
            Optional.of(work.infer().support(sites.get(name))))
        : new GetDist.Column(name, name.replace("_", "\\_"), !own.containsKey(name),
            Optional.ofNullable(own.get(name)).flatMap(ScalarDistribution::bounds)))
        .toList();
  }

  private String footer(List<Summary> summaries, List<String> doubts) {
    StringBuilder footer = new StringBuilder();
    doubts.forEach(doubt -> footer.append("not to be believed: ").append(doubt).append('\n'));
    int divergences = chains.stream().mapToInt(chain -> chain.report().divergences()).sum();
    if (divergences > 0)
      footer.append(divergences).append(" divergences after the warm-up; see diagnostics.json\n");
    for (Summary row : summaries)
      if (row.rHat() > 1.05)
        footer.append(String.format(java.util.Locale.ROOT,
            "R̂ of %s is %.3f: the chains have not met; raise infer.warm-up and infer.draws%n", row.name(),
            row.rHat()));
    return footer.toString();
  }

  private void moments() throws IOException {
    long count = chains.stream().mapToLong(chain -> chain.report().counted()).sum();
    if (count == 0)
      return;
    List<Checkpoint> last = chains.stream().map(ChainEvent.Finished::last).toList();
    List<ModelPlan.LatentGrid> fields = plan.model().fields();
    for (int i = 0; i < fields.size(); i++) {
      Mesh mesh = fields.get(i).mesh();
      write(fields.get(i).word(), FieldMoments.ofField(last, i), new int[]{mesh.nx(), mesh.ny(), mesh.nz()}, count);
    }
    for (Map.Entry<String, int[]> array : plan.model().arrays().entrySet())
      write(array.getKey(), FieldMoments.ofArray(last, array.getKey()), array.getValue(), count);
  }

  private void write(String what, FieldMoments moments, int[] shape, long count) throws IOException {
    PendingFile mean = job.run().pending("mean_" + what + ".npy");
    PendingFile deviation = job.run().pending("sd_" + what + ".npy");
    try (moments) {
      if (moments.isEmpty())
        return;
      moments.write(mean.path(), deviation.path(), shape, count);
      PendingFile.commitAll(List.of(mean, deviation));
    } catch (IOException failed) {
      throw StorageException.of(mean.file(), "written", failed);
    }
  }

  private static String json(Map<String, Object> document) {
    return StrictJson.indented(document) + "\n";
  }
}
