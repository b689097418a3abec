package org.halocline.sampler.model.own;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.LayoutSettings;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.tape.RankScope;

/**
 * The plan of a model that a user wrote.
 *
 * @param settings the block {@code model.settings}, resolved
 * @param dried what dry runs found so far
 * @param seed of the draws from the priors that {@code simulate} makes
 */
record OwnPlan(String name, Optional<Path> jar, ModelClass maker, Config settings, Use use, long seed,
    LayoutSettings layout, Discovery discovery, Map<DryKey, Discovery.DryModel> dried) implements ModelPlan {

  /** A dry run, which is made once. */
  record DryKey(Decomposition decomposition, int rank) {}

  @Override
  public String title() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  @Override
  public Mesh mesh() {
    return discovery.domain();
  }

  @Override
  public ParameterSpace space() {
    return new ParameterSpace(List.of(), List.of());
  }

  @Override
  public Theta reference() {
    return Theta.of(List.of());
  }

  @Override
  public Map<String, ScalarDistribution> ownPriors() {
    return discovery.priors();
  }

  @Override
  public Optional<LimitException> limit(Theta theta) {
    return Optional.empty();
  }

  @Override
  public List<LatentGrid> fields() {
    return discovery.fields();
  }

  @Override
  public Map<String, int[]> arrays() {
    return discovery.arrays();
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(jar.stream(), discovery.files().stream()).distinct().toList();
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }

  @Override
  public Optional<Path> truth() {
    return Optional.empty();
  }

  @Override
  public Map<String, List<? extends Number>> identity() {
    return Map.of();
  }

  @Override
  public boolean gradientInPlace() {
    return false;
  }

  private Reading trusting() {
    return new Reading(use, NpyInput.TRUST);
  }

  /** Settings are read by one thread at a time. */
  private Settings fresh() {
    return Settings.of(settings, Path.of("/"));
  }

  private Discovery.DryModel dry(Decomposition decomposition, int rank) {
    return dried.computeIfAbsent(new DryKey(decomposition, rank), _ -> run(decomposition, rank));
  }

  private Discovery.DryModel run(Decomposition decomposition, int rank) {
    try {
      return Discovery.run(maker, fresh(), trusting(), decomposition, rank)
          .orElseThrow(() -> new IllegalStateException("the model notes a problem on " + decomposition));
    } catch (ModelClass.UnusableException unusable) {
      throw new IllegalArgumentException("the model " + unusable.getMessage(), unusable);
    }
  }

  @Override
  public RankMemory memory(Use ofJob, Decomposition decomposition, int rank) {
    Discovery.DryModel dry = dry(decomposition, rank);
    List<MemoryPart> parts = new ArrayList<>();
    if (ofJob == Use.SIMULATE)
      return new RankMemory(layout.device().fields("fields of a draw", dry.drawn()))
          .and(MemoryPart.beside("transforms", dry.staging()));
    dry.operations().forEach((operation, bytes) -> parts.addAll(layout.device().fields(operation, bytes)));
    if (dry.own() > 0)
      parts.addAll(layout.device().fields("own fields of operations", dry.own()));
    if (ofJob == Use.EVALUATE)
      parts.addAll(layout.device().fields("gradients, and a draw from the priors", dry.latents() + dry.drawn()));
    parts.add(MemoryPart.beside("transforms", dry.staging()));
    return new RankMemory(parts);
  }

  @Override
  public List<MemoryPart> dataMemory(Use ofJob, Decomposition decomposition, int rank) {
    return layout.device().fields("data", dry(decomposition, rank).constants());
  }

  @Override
  public long largestField(Decomposition decomposition, int rank) {
    return fields().stream().mapToLong(field -> field.over(decomposition).block(rank).size()).max().orElse(1);
  }

  @Override
  public List<String> products() {
    return discovery.products();
  }

  @Override
  public RankModel open(Use ofJob, Map<Parameter, ScalarDistribution> priors, RankScope scope) throws IOException {
    try {
      Discovery.DryModel dry = dry(scope.decomposition(), scope.rank());
      return new OwnModel(maker.make(new ModelInput(fresh(), scope, trusting())), dry.lifetimes(), fields(), seed,
          scope);
    } catch (ModelClass.UnusableException unusable) {
      throw new IOException("the model " + name + " " + unusable.getMessage(), unusable);
    }
  }
}
