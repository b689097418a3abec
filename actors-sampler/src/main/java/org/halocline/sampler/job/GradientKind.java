package org.halocline.sampler.job;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.Stream;
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
import org.halocline.sampler.model.ModelPlan.LatentGrid;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Lifetimes;
import org.halocline.sampler.tape.OutsideSupportException;

/**
 * {@code kind = gradient}: ½χ² of the data, and its gradient by the latent fields and by every parameter. The program
 * is the one that {@code infer} samples, evaluated at the job's own point under flat priors. Of a program that says its
 * priors: −log density, without the prior of the fields, at a draw from the priors, and its gradient by the fields and
 * by the coordinates of the latent numbers on their real lines.
 */
public final class GradientKind implements JobDriver {
  static final String GRADIENT = "gradient.json";
  private static final String REMEDY = ": check the numbers in data.map or data.density, or raise data.sigma-pixel or "
      + "data.sigma";

  @Override
  public String name() {
    return "gradient";
  }

  @Override
  public Checked<JobPlan> check(JobFile file, Forecasts forecasts) {
    return SingleWork.check(file, forecasts, Use.EVALUATE,
        plan -> Stream.concat(plan.fields().stream().map(GradientKind::file), Stream.of(GRADIENT)).toList());
  }

  private static String file(LatentGrid field) {
    return "gradient_" + field.word() + ".npy";
  }

  @Override
  public RankPrograms programs(Config job) {
    return SingleWork.programs(job, Use.EVALUATE, GradientKind::flat, Gradient::new);
  }

  /** Flat priors on all parameters of a model, whose maps to the real line have the slope 1. */
  private static Map<Parameter, ScalarDistribution> flat(ModelPlan plan) {
    Map<Parameter, ScalarDistribution> priors = new LinkedHashMap<>();
    for (Parameter parameter : plan.space().parameters())
      priors.put(parameter, new Flat(plan.reference().value(parameter.name())));
    return priors;
  }

  private static final class Gradient extends SingleProgram {
    private final List<Field.Floats> fields = new ArrayList<>();
    /** In the fields' own memory where the model allows it. */
    private final List<Field.Floats> gradients = new ArrayList<>();
    private final List<String> names;
    private final double[] origin;
    private Optional<Evaluation> last = Optional.empty();
    private Optional<OutsideSupportException> limit = Optional.empty();

    Gradient(ModelPlan plan, OpenModel open, RankContext context) {
      super(plan, open, context);
      names = Stream.concat(plan.space().parameters().stream().map(Parameter::name), plan.ownPriors().keySet().stream())
          .toList();
      origin = open.model().point(names.size());
      for (LatentGrid field : plan.fields()) {
        fields.add(memory(field));
        gradients.add(plan.gradientInPlace() ? fields.getLast() : memory(field));
      }
    }

    private Field.Floats memory(LatentGrid field) {
      return open.scope().kernels().memory()
          .floats(field.over(open.scope().decomposition()).block(open.scope().rank()).size());
    }

    @Override
    void run() throws IOException, BadJobException {
      for (int run = 0; run < plan.repeat(); run++)
        last = Optional.of(evaluate());
      Optional<String> outside = last.flatMap(Evaluation::outside);
      if (outside.isPresent())
        throw new BadJobException(outside.get() + (limit.isPresent() ? "" : REMEDY));
    }

    private Evaluation evaluate() throws IOException {
      for (int i = 0; i < fields.size(); i++)
        open.model().reference(plan.fields().get(i).site(), fields.get(i));
      return Potential.once(new Model() {
        @Override
        public void run(Program p) {
          try {
            open.model().run(p);
          } catch (OutsideSupportException outside) {
            limit = Optional.of(outside);
            throw outside;
          }
        }

        @Override
        public Lifetimes lifetimes() {
          return open.model().lifetimes();
        }
      }, open.scope(), origin, fields, gradients);
    }

    @Override
    void write(Results results) throws IOException {
      for (int i = 0; i < fields.size(); i++)
        results.field(file(plan.fields().get(i)), plan.fields().get(i).over(open.scope().decomposition()),
            gradients.get(i));
      results.text(GRADIENT, json());
    }

    private String json() {
      Map<String, Double> parameters = new LinkedHashMap<>();
      for (int i = 0; i < origin.length; i++)
        parameters.put(names.get(i), last.orElseThrow().gradient()[i]);
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("value", value());
      document.put("parameters", parameters);
      return StrictJson.indented(document) + "\n";
    }

    @Override
    Map<String, Double> numbers() {
      return Map.of("value", value());
    }

    /** Of which the gradient is: ½χ² under flat priors, or −log density where the program says its priors. */
    private double value() {
      return plan.ownPriors().isEmpty() ? last.orElseThrow().misfit() : last.orElseThrow().potential();
    }
  }
}
