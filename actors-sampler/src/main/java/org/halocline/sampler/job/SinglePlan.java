package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.domain.program.RankCommand;
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
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.transport.DataPlaneSettings;

/**
 * A job that gives one command to one chain on one domain.
 *
 * @param results names of the files it writes
 * @param command made of the place of each result
 */
record SinglePlan(Config resolved, ModelSettings settings, Forecasts forecasts, OptionalLong shakeSeed,
    List<String> results, Function<Map<String, String>, RankCommand> command) implements JobPlan {

  static Checked<JobPlan> check(JobFile file, Forecasts forecasts, ModelSettings.DataUse use,
      Function<ModelSettings, List<String>> results,
      Function<Map<String, String>, RankCommand> command) {
    Settings job = file.settings();
    Optional<ModelSettings> settings = ModelSettings.read(job, use, NpyInput.EXAMINE, _ -> List.of());
    OptionalLong shake = TransportSettings.shakeSeed(job);
    job.ignore("infer");
    return job.finish(() -> {
      ModelSettings model = settings.orElseThrow();
      return new SinglePlan(job.resolved(), model, forecasts, shake, results.apply(model), command);
    });
  }

  @Override
  public List<Path> inputs() {
    return settings.inputs();
  }

  @Override
  public List<String> notes() {
    return settings.warnings();
  }

  @Override
  public int chains() {
    return 1;
  }

  @Override
  public List<String> laneKinds() {
    return settings.layout().device().laneKinds();
  }

  @Override
  public LayoutRequest layoutRequest() {
    return settings.layout().request();
  }

  @Override
  public LayoutCost cost(Layout layout) {
    return settings.cost(layout,
        (plan, decomposition, rank) -> Session.memory(settings, plan, purpose(), decomposition, rank)
            .and(settings.dataMemory(rank)));
  }

  private Purpose purpose() {
    return results.contains(RunGradient.GRADIENT) ? Purpose.GRADIENT : Purpose.FORWARD;
  }

  @Override
  public Stream<Smaller> smaller() {
    return settings.smaller().map(small -> new Smaller(small.meshText(),
        new SinglePlan(resolved, small, forecasts, shakeSeed, results, command)));
  }

  @Override
  public OptionalDouble seconds(Layout layout, Sharing sharing) {
    return settings.layout().device().known(forecasts).seconds(settings.plan(), settings.decomposition(layout), sharing,
        purpose() == Purpose.GRADIENT);
  }

  @Override
  public Optional<Forecast> forecast(Layout layout, Sharing sharing) {
    Decomposition decomposition = settings.decomposition(layout);
    double repeats = settings.simulation().repeat();
    Forecasts known = settings.layout().device().known(forecasts);
    return Optional.of(purpose() == Purpose.GRADIENT
        ? known.gradient(settings.plan(), decomposition, sharing, repeats, "")
        : known.simulation(settings.plan(), decomposition, sharing, repeats));
  }

  @Override
  public long outputBytes() {
    return 4 * settings.simulation().mesh().size() * 8 + 4 * settings.mapNumbers() + (1 << 20);
  }

  @Override
  public DataPlaneSettings dataPlane(DataPlaneSettings base) {
    return shakeSeed.isPresent() ? base.withShake(shakeSeed.getAsLong()) : base;
  }

  @Override
  public Behavior<JobCommand> start(JobContext context) {
    return SingleJob.create(context, settings, results, command);
  }
}
