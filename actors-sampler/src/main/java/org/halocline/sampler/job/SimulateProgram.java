package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.PowerSpectrum;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.domain.program.RankPrograms;
import org.halocline.domain.program.RankReply;

/** One rank of a {@code simulate} job: the forward model once, its final state and maps to files. */
public final class SimulateProgram implements RankProgram {
  private final Session session;
  private final Optional<ConvergenceMap> maps;
  private final Optional<LightCone> cone;

  private SimulateProgram(RankContext context) {
    this.session = new Session(context, Purpose.FORWARD);
    Simulation simulation = session.simulation();
    this.maps = session.settings().lensing().map(_ -> session.settings().maps(simulation));
    this.cone = maps.map(ConvergenceMap::lightCone)
        .or(() -> simulation.plan().planes() > 0 ? Optional.of(new LightCone(simulation)) : Optional.empty());
  }

  /** Makes these programs. */
  public static RankProgramFactory factory() {
    return new RankProgramFactory() {
      @Override
      public String kind() {
        return SimulateKind.NAME;
      }

      @Override
      public RankPrograms programs(Config job) {
        return SimulateProgram::new;
      }
    };
  }

  @Override
  public RankReply run(RankCommand command) throws IOException, BadJobException {
    return switch (command) {
      case RunSimulate(Map<String, String> files) -> simulate(files);
      default -> throw new IllegalArgumentException("a simulation does not know " + command);
    };
  }

  private RunSummary simulate(Map<String, String> files) throws IOException, BadJobException {
    Stopwatch watch = session.stopwatch();
    Observable observable = maps.isPresent() ? maps.get() : cone.isPresent() ? cone.get() : Observable.NONE;
    for (int run = 0; run < session.repeat(); run++)
      session.forward(watch, observable);
    try (Results results = session.results(files)) {
      write(results);
      results.commit();
    } catch (LimitException limit) {
      throw new BadJobException(limit.getMessage(), limit);
    }
    watch.lap("write");
    return session.summary(watch, Map.of());
  }

  private void write(Results results) throws IOException, LimitException {
    Simulation simulation = session.simulation();
    Mesh mesh = session.mesh();
    double cell = simulation.displacementQuantum();
    double momentum = simulation.momentumQuantum(true);
    results.fields(RunSimulate.DISPLACEMENT, session.source(simulation.displacement(0), cell),
        session.source(simulation.displacement(1), cell), session.source(simulation.displacement(2), cell));
    results.fields(RunSimulate.MOMENTUM, session.source(simulation.momentum(0), momentum),
        session.source(simulation.momentum(1), momentum), session.source(simulation.momentum(2), momentum));
    if (cone.isPresent())
      results.array(RunSimulate.PLANES, cone.get().planes(), simulation.plan().planes(), mesh.nx(), mesh.ny());
    if (maps.isPresent())
      results.array(RunSimulate.KAPPA, maps.get().convergence(), session.settings().lensing().orElseThrow().mapShape());
    Field.Floats density = simulation.density();
    results.fields(RunSimulate.DENSITY, session.source(density));
    results.text(RunSimulate.POWER, table(simulation.power(density)));
  }

  private static String table(PowerSpectrum.Bin[] bins) {
    StringBuilder table = new StringBuilder("k_h_mpc,modes,power_mpc_h_3\n");
    for (PowerSpectrum.Bin bin : bins)
      table.append(String.format(Locale.ROOT, "%s,%d,%s%n", bin.kHMpc(), bin.modes(), bin.powerA()));
    return table.toString();
  }

  @Override
  public void close() {
    session.close();
  }
}
