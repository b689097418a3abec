package org.halocline.sampler.model.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.halocline.cosmology.comm.Port.Phase;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.layout.Sharing;

/**
 * Forecasts of jobs that run simulations. Immutable.
 *
 * @param calibration of the lanes, for the time; empty where they were not measured
 * @param lack why there is none
 */
public record Forecasts(Optional<Calibration> calibration, String lack) {

  /** By one machine's calibration. */
  public Forecasts(Calibration calibration) {
    this(Optional.of(calibration), "");
  }

  /** Of the traffic alone: a wrong time is worse than none. */
  public static Forecasts withoutTimes(String lack) {
    return new Forecasts(Optional.empty(), lack);
  }

  /** By the stored calibration. */
  public static Forecasts stored() {
    return new Forecasts(Calibration.stored());
  }

  /**
   * Of one forward pass, or of a gradient, by its first rank alone: to weigh layouts.
   *
   * @return seconds; empty where the lanes have not been measured
   */
  public OptionalDouble seconds(SimulationPlan plan, Decomposition decomposition, Sharing sharing, boolean gradient) {
    if (calibration.isEmpty())
      return OptionalDouble.empty();
    List<StepCost.Work> first = List.of(StepCost.Work.first(plan, decomposition));
    return OptionalDouble.of(sum(cost(calibration.get(), sharing).parts(first, plan.timeline().edges().steps(),
        gradient)));
  }

  private static double sum(Map<String, Double> parts) {
    return parts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static StepCost cost(Calibration measured, Sharing sharing) {
    return new StepCost(measured, sharing.ranksANode(), sharing.lanesACore());
  }

  /**
   * Of forward passes, with a gradient each its reverse pass too.
   *
   * @param units how many the busiest domain makes
   * @param counted how they were counted, in words; empty where the job says how many
   */
  public Forecast forecast(SimulationPlan plan, Decomposition decomposition, Sharing sharing, boolean gradient,
      double units, String counted) {
    int steps = plan.timeline().edges().steps();
    List<StepCost.Work> works = StepCost.Work.of(plan, decomposition);
    Map<String, Double> parts = calibration.map(measured -> cost(measured, sharing).parts(works, steps, gradient))
        .orElse(Map.of());
    List<Forecast.Sent> sent = works.stream().map(StepCost.Work::traffic)
        .map(dry -> gradient ? dry.forward(steps).plus(dry.reverse(steps)) : dry.forward(steps))
        .map(Forecasts::sent).toList();
    return new Forecast(gradient ? "gradient" : "simulation", parts, units, counted, sent,
        calibration.map(Calibration::origin).orElse(lack));
  }

  private static Forecast.Sent sent(Traffic traffic) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    traffic.bytes().forEach((phase, count) -> bytes.put(name(phase), count));
    return new Forecast.Sent(bytes, traffic.messages(), traffic.rounds());
  }

  /** A phase as configuration and reports name it. */
  public static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
