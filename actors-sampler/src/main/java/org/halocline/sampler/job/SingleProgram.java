package org.halocline.sampler.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankReply;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.tape.OutsideSupportException;

/**
 * One rank of a job that is one command: the model is open, the command runs it and writes, and the summary tells what
 * that cost. Subclasses say what a run is.
 */
abstract class SingleProgram implements RankProgram {
  protected final ModelPlan plan;
  protected final OpenModel open;
  private final RankContext context;
  private final Function<Decomposition, BlockGather> gathers;

  SingleProgram(ModelPlan plan, OpenModel open, RankContext context) {
    this.plan = plan;
    this.open = open;
    this.context = context;
    this.gathers = BlockGather.perGrid(open.scope());
    gathers.apply(context.decomposition());
  }

  /** Runs the model. */
  abstract void run() throws IOException, BadJobException;

  /** Writes what the run made. */
  abstract void write(Results results) throws IOException;

  /** Numbers of the run, by dashed name. */
  abstract Map<String, Double> numbers();

  @Override
  public final RankReply run(RankCommand command) throws IOException, BadJobException {
    if (!(command instanceof RunOnce(Map<String, String> files)))
      throw new IllegalArgumentException("a job of one command does not know " + command);
    Stopwatch watch = new Stopwatch(context);
    open.model().listen(watch);
    try {
      run();
      try (Results results = new Results(open.scope(), gathers, name -> Path.of(files.get(name)),
          context.runDirectory())) {
        write(results);
        results.commit();
      }
    } catch (OutsideSupportException limit) {
      throw new BadJobException(limit.getMessage(), limit);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
    watch.passed("write");
    Map<String, Long> bytesSent = new LinkedHashMap<>();
    context.meter().bytesSent().forEach((phase, bytes) -> bytesSent.put(Forecasts.name(phase), bytes));
    return new RunSummary(watch.parts(), watch.collections(), bytesSent, context.meter().exchanges(), numbers());
  }

  @Override
  public final void close() {
    open.close();
  }
}
