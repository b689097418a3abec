package org.halocline.cosmology.theta;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.timeline.StepCoefficients;

/**
 * Where θ may lie: the range of each parameter, and conditions that several parameters meet together. A job's settings
 * and every forward pass ask the same space, so that a point which {@code simulate} refuses has log density −∞ in a
 * sampler. Limits that depend on the steps and on the box are found by {@link StepCoefficients}.
 */
public record ParameterSpace(List<Parameter> parameters, List<Condition> conditions) {

  public ParameterSpace {
    parameters = List.copyOf(parameters);
    conditions = List.copyOf(conditions);
  }

  /** A condition on several parameters. */
  @FunctionalInterface
  public interface Condition {
    /** How a point breaks the condition; empty where the point meets it. */
    Optional<Breach> breach(Theta theta);
  }

  /**
   * One condition that a point breaks.
   *
   * @param parameter that is to blame, or one of several
   * @param bound what follows "must be"
   * @param remedy what to do, for the parameter's key
   */
  public record Breach(Parameter parameter, double value, String bound, String remedy) {}

  /** The parameters and conditions of both. */
  public ParameterSpace and(ParameterSpace other) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.addAll(other.parameters);
    List<Condition> joined = new ArrayList<>(conditions);
    joined.addAll(other.conditions);
    return new ParameterSpace(all, joined);
  }

  /** Every condition that a point breaks; those on several parameters only where each parameter is in its range. */
  public List<Breach> breaches(Theta theta) {
    List<Breach> breaches = new ArrayList<>();
    for (Parameter parameter : parameters) {
      double value = theta.value(parameter.name());
      if (!(value >= parameter.least() && value <= parameter.most()))
        breaches.add(new Breach(parameter, value, "from " + parameter.least() + " to " + parameter.most(),
            "choose a value in that range"));
    }
    return breaches.isEmpty()
        ? conditions.stream().flatMap(condition -> condition.breach(theta).stream()).toList()
        : breaches;
  }

  /** @throws LimitException for the first condition that a point breaks */
  public void require(Theta theta) throws LimitException {
    for (Breach breach : breaches(theta))
      throw new LimitException(breach.parameter().name(), breach.value(), breach.bound(),
          breach.parameter().block() + "." + breach.parameter().name() + " (" + breach.remedy() + ")");
  }
}
