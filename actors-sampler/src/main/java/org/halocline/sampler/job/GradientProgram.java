package org.halocline.sampler.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.typesafe.config.Config;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.background.Theta;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.nbody.Cotangents;
import org.halocline.cosmology.nbody.DensityLikelihood;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.npy.NpyFile;
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

  private record Evaluation(double halfChiSquare, Cotangents cotangents) {}

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
    session.forward(watch);
    Evaluation evaluation = evaluate();
    watch.lap("likelihood");
    session.countBack();
    double[] theta = session.simulation().reverse(evaluation.cotangents(), session.noise(), session.noise());
    watch.lap("reverse");
    return new Point(evaluation.halfChiSquare(), theta);
  }

  private Evaluation evaluate() throws IOException, BadJobException {
    DataSettings data = session.settings().data()
        .orElseThrow(() -> new IllegalStateException("a gradient without data was not refused"));
    RankContext context = session.context();
    return switch (data.observed()) {
      case CONVERGENCE -> {
        double[] observed = session.root() ? observedMap(data) : new double[0];
        var evaluation = session.lens().evaluate(session.simulation(), observed, data.sigma());
        yield new Evaluation(evaluation.halfChiSquare(), evaluation.cotangents());
      }
      case DENSITY -> {
        Field.Floats observed = session.simulation().spare();
        FieldFile.read(data.file(), observed, context.decomposition().block(context.rank()), context.kernels());
        try {
          var evaluation = DensityLikelihood.evaluate(session.simulation(), observed, data.sigma());
          yield new Evaluation(evaluation.halfChiSquare(), evaluation.cotangents());
        } catch (LimitException limit) {
          throw new BadJobException(limit.getMessage(), limit);
        }
      }
    };
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
