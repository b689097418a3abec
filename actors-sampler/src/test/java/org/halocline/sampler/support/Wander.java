package org.halocline.sampler.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.kernel.ChainPolicy;
import org.halocline.sampler.kernel.ExactNumbers;
import org.halocline.sampler.kernel.Metric;
import org.halocline.sampler.kernel.Move;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Sampler;
import org.halocline.sampler.kernel.SamplerSettings;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.kernel.TransitionKernel;

/** A sampler that main code does not know: one leapfrog step a draw that is never refused, unadjusted Langevin. */
public final class Wander implements Sampler {

  /** One step. */
  public record Step(int draw, double size) implements Move {}

  /** @param size first step size; it shrinks by 1% a draw of the warm-up */
  public record Plan(int warmUp, double size) implements SamplerSettings {
    @Override
    public String sampler() {
      return "wander";
    }

    @Override
    public TransitionKernel kernel(PhasePoint point) {
      return move -> {
        double size = ((Step) move).size();
        Metric unit = unit(point.names().size());
        point.refresh(move.draw(), unit);
        point.kick(0.5 * size);
        point.drift(size, unit);
        point.evaluate();
        return new Transition(move.draw(), true, 1, point.here().outside(), -point.logDensity(), 0, point.logDensity(),
            point.unconstrained(), point.here().constrained().clone(), point.here().derived(), 1,
            Map.of("length", size));
      };
    }

    private static Metric unit(int size) {
      double[] inverse = new double[size * size];
      for (int i = 0; i < size; i++)
        inverse[i * size + i] = 1;
      return Metric.of(size, inverse);
    }

    @Override
    public ChainPolicy policy(long seed, int chain, int scalars) {
      return new Policy(this);
    }

    @Override
    public int copies() {
      return 0;
    }

    @Override
    public int usualGradients() {
      return 1;
    }

    @Override
    public String supposition() {
      return "always";
    }

    @Override
    public List<String> comments() {
      return List.of("  algorithm = wander");
    }
  }

  private static final class Policy implements ChainPolicy {
    private final Plan plan;
    private double size;

    Policy(Plan plan) {
      this.plan = plan;
      this.size = plan.size();
    }

    @Override
    public Move next(int draw) {
      return new Step(draw, size);
    }

    @Override
    public void learn(Move move, Transition outcome) {
      if (move.draw() < plan.warmUp())
        size *= 0.99;
    }

    @Override
    public JsonNode state() {
      ObjectNode state = JsonNodeFactory.instance.objectNode();
      ExactNumbers.write(state, "size", size);
      return state;
    }

    @Override
    public void restore(JsonNode state) {
      size = ExactNumbers.read(state, "size")[0];
    }

    @Override
    public void begin(JsonNode learned, double[] stretch) {
      restore(learned);
    }

    @Override
    public List<String> columns() {
      return List.of("length__");
    }

    @Override
    public List<String> values(Move move, Transition outcome) {
      return List.of(Double.toString(outcome.numbers().get("length")));
    }

    @Override
    public List<String> comments() {
      return List.of("Length = " + size);
    }

    @Override
    public String phase(int draw) {
      return draw < plan.warmUp() ? "settling" : "wandering";
    }

    @Override
    public String words() {
      return "length " + size;
    }

    @Override
    public Map<String, Double> numbers() {
      return Map.of("length", size);
    }

    @Override
    public Map<String, Object> facts() {
      return Map.of("length", size);
    }

    @Override
    public Optional<String> doubt() {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return "wander";
  }

  @Override
  public SamplerSettings read(Settings infer, int warmUp) {
    return new Plan(warmUp, infer.number("length", 0.1, Range.between(0.01, 1)));
  }

  @Override
  public Map<String, Class<? extends Move>> moves() {
    return Map.of("wander", Step.class);
  }
}
