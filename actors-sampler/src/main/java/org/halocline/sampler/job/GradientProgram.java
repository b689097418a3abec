package org.halocline.sampler.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.typesafe.config.Config;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.theta.Theta;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.domain.program.RankPrograms;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.config.StrictJson;
import org.halocline.sampler.model.input.FieldFile;
import org.halocline.sampler.model.nbody.DataSettings;

/** One rank of a {@code gradient} job: ½χ² of the data and its gradient by the noise and by θ. */
public final class GradientProgram implements RankProgram {
  private static final ObjectMapper JSON = StrictJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Session session;

  private GradientProgram(RankContext context) {
    this.session = new Session(context, Purpose.GRADIENT);
  }

  /** Makes these programs. */
  public static RankProgramFactory factory() {
    return new RankProgramFactory() {
      @Override
      public String kind() {
        return GradientKind.NAME;
      }

      @Override
      public RankPrograms programs(Config job) {
        return GradientProgram::new;
      }
    };
  }

  @Override
  public RankReply run(RankCommand command) throws IOException, BadJobException {
    return switch (command) {
      case RunGradient(Map<String, String> files) -> gradient(files);
      default -> throw new IllegalArgumentException("a gradient does not know " + command);
    };
  }

  private RunSummary gradient(Map<String, String> files) throws IOException, BadJobException {
    Stopwatch watch = session.stopwatch();
    for (int run = 1; run < session.repeat(); run++)
      forwardAndBack(watch);
    Point point = forwardAndBack(watch);
    if (!Double.isFinite(point.halfChiSquare))
      throw new BadJobException("½χ² = " + point.halfChiSquare
          + " is out of range: check the numbers in data.map or data.density, or raise data.sigma-pixel or data.sigma");
    Map<String, Double> parameters = parameters(session.settings().theta(), point.theta);
    try (Results results = session.results(files)) {
      results.fields(RunGradient.GRADIENT_NOISE, session.source(session.noise()));
      results.text(RunGradient.GRADIENT, json(point.halfChiSquare, parameters));
      results.commit();
    }
    watch.lap("write");
    return session.summary(watch, Map.of("value", point.halfChiSquare));
  }

  private record Point(double halfChiSquare, double[] theta) {}

  /** Afterwards the gradient by the noise stands where the noise stood. */
  private Point forwardAndBack(Stopwatch watch) throws IOException, BadJobException {
    DataSettings data = session.settings().data()
        .orElseThrow(() -> new IllegalStateException("a gradient without data was not refused"));
    Simulation simulation = session.simulation();
    ExactSum chiSquare = new ExactSum();
    Observable observable = switch (data.observed()) {
      case CONVERGENCE -> {
        ConvergenceMap maps = session.settings().maps(simulation);
        session.forward(watch, maps);
        double[] observed = session.root() ? observedMap(data) : new double[0];
        maps.cotangent(residual(maps.convergence(), observed, data.sigma(), chiSquare));
        yield maps;
      }
      case DENSITY -> {
        FinalDensity end = new FinalDensity(simulation);
        session.forward(watch, end);
        RankContext context = session.context();
        Block block = context.decomposition().block(context.rank());
        FieldFile.read(data.file(), simulation.spare(), block, context.kernels());
        context.kernels().vectors().residual(end.density(), simulation.spare(), data.sigma(), block.nz(), chiSquare);
        end.cotangent(end.density());
        yield end;
      }
    };
    simulation.collectives().sum(chiSquare);
    watch.lap("likelihood");
    session.countBack();
    double[] theta = simulation.reverse(observable, session.noise(), session.noise());
    watch.lap("reverse");
    return new Point(0.5 * chiSquare.value(), theta);
  }

  /** (model − observed)/σ²; Σ (model − observed)²/σ² is added to a sum. */
  private static double[] residual(double[] model, double[] observed, double sigma, ExactSum chiSquare) {
    double[] residual = new double[model.length];
    double weight = 1 / (sigma * sigma);
    for (int i = 0; i < model.length; i++) {
      double difference = model[i] - observed[i];
      residual[i] = difference * weight;
      chiSquare.add(difference * difference * weight);
    }
    return residual;
  }

  private static double[] observedMap(DataSettings data) throws IOException {
    try (NpyFile map = NpyFile.open(data.file())) {
      return map.readAllDoubles();
    }
  }

  /** The same values, and so the same refusal, on every rank. */
  private static Map<String, Double> parameters(Theta theta, double[] gradient) throws BadJobException {
    Map<String, Double> parameters = new LinkedHashMap<>();
    for (String name : theta.names()) {
      double value = gradient[theta.index(name)];
      if (!Double.isFinite(value))
        throw new BadJobException(
            "the gradient by " + name
                + " is out of range: check the numbers in data.map or data.density, or raise data.sigma-pixel or data.sigma");
      parameters.put(name, value);
    }
    return parameters;
  }

  private static String json(double value, Map<String, Double> parameters) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("value", value);
    document.put("parameters", parameters);
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("numbers and names are JSON", impossible);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
