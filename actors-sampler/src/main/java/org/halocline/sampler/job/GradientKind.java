package org.halocline.sampler.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.typesafe.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankPrograms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.scalar.Flat;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.ModelPlan.LatentGrid;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.tape.OutsideSupportException;

/**
 * {@code kind = gradient}: ½χ² of the data, and its gradient by the latent fields and by every parameter. The program
 * is the one that {@code infer} samples, evaluated at the job's own point under flat priors.
 */
public final class GradientKind implements JobDriver {
  static final String GRADIENT = "gradient.json";
  private static final String REMEDY = ": check the numbers in data.map or data.density, or raise data.sigma-pixel or "
      + "data.sigma";
  private static final ObjectMapper JSON = StrictJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Forecasts forecasts;

  /** Reckons times by the stored calibration. */
  public GradientKind() {
    this(Forecasts.stored());
  }

  private GradientKind(Forecasts forecasts) {
    this.forecasts = forecasts;
  }

  @Override
  public String name() {
    return "gradient";
  }

  @Override
  public JobDriver reckonedBy(Forecasts other) {
    return new GradientKind(other);
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    return SinglePlan.check(file, forecasts, Use.EVALUATE, plan -> {
      List<String> results = new ArrayList<>();
      plan.fields().forEach(field -> results.add(file(field)));
      results.add(GRADIENT);
      return results;
    });
  }

  private static String file(LatentGrid field) {
    return "gradient_" + field.word() + ".npy";
  }

  @Override
  public RankPrograms programs(Config job) {
    return new ModelPrograms<>(job, settings -> ModelKinds.read(settings, new Reading(Use.EVALUATE, NpyInput.TRUST)),
        Gradient::new);
  }

  /** Flat priors on all parameters of a model, whose maps to the real line have the slope 1. */
  static Map<Parameter, ScalarDistribution> flat(ModelPlan plan) {
    Map<Parameter, ScalarDistribution> priors = new LinkedHashMap<>();
    for (Parameter parameter : plan.space().parameters())
      priors.put(parameter, new Flat(plan.reference().value(parameter.name())));
    return priors;
  }

  private static final class Gradient extends SingleProgram {
    /** The latent fields, and after an evaluation their gradients. */
    private final List<Field.Floats> fields = new ArrayList<>();
    private final double[] origin;
    private Optional<Evaluation> last = Optional.empty();
    private Optional<OutsideSupportException> limit = Optional.empty();

    Gradient(ModelPlan plan, RankContext context) throws IOException {
      super(plan, Use.EVALUATE, flat(plan), context);
      origin = new double[plan.space().parameters().size()];
      for (LatentGrid field : plan.fields())
        fields.add(scope.kernels().memory().floats(field.over(scope.decomposition()).block(scope.rank()).size()));
    }

    @Override
    void run(Stopwatch watch) throws IOException, BadJobException {
      for (int run = 0; run < plan.repeat(); run++)
        last = Optional.of(evaluate());
      Optional<String> outside = last.flatMap(Evaluation::outside);
      if (outside.isPresent())
        throw new BadJobException(outside.get() + (limit.isPresent() ? "" : REMEDY));
    }

    private Evaluation evaluate() throws IOException {
      for (int i = 0; i < fields.size(); i++)
        model.reference(plan.fields().get(i).site(), fields.get(i));
      return Potential.once(p -> {
        try {
          model.run(p);
        } catch (OutsideSupportException outside) {
          limit = Optional.of(outside);
          throw outside;
        }
      }, scope, origin, fields, fields);
    }

    @Override
    void write(Results results) throws IOException {
      for (int i = 0; i < fields.size(); i++)
        results.field(file(plan.fields().get(i)), plan.fields().get(i).over(scope.decomposition()),
            BlockGather.Source.of(scope.kernels(), fields.get(i)));
      results.text(GRADIENT, json());
    }

    private String json() {
      Map<String, Double> parameters = new LinkedHashMap<>();
      for (int i = 0; i < origin.length; i++)
        parameters.put(plan.space().parameters().get(i).name(), last.orElseThrow().gradient()[i]);
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("value", last.orElseThrow().misfit());
      document.put("parameters", parameters);
      try {
        return JSON.writeValueAsString(document) + "\n";
      } catch (JsonProcessingException impossible) {
        throw new IllegalStateException("numbers and names are JSON", impossible);
      }
    }

    @Override
    Map<String, Double> numbers() {
      return Map.of("value", last.orElseThrow().misfit());
    }
  }
}
