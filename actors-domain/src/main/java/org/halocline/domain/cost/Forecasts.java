package org.halocline.domain.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Port.Phase;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.runtime.job.Forecast;

/** Forecasts of jobs that run simulations, by one machine's calibration. Immutable. */
public record Forecasts(Calibration calibration) {

  /** By the stored calibration. */
  public static Forecasts stored() {
    return new Forecasts(Calibration.stored());
  }

  /** Of one forward pass. */
  public Forecast simulation(SimulationPlan plan, Cosmology theta, Decomposition decomposition, double repeats) {
    return forecast("simulation", plan, theta, decomposition, false, repeats, "");
  }

  /**
   * Of a forward and a reverse pass.
   *
   * @param gradients how many the busiest domain makes
   * @param counted how they were counted, in words; empty where the job says how many
   */
  public Forecast gradient(SimulationPlan plan, Cosmology theta, Decomposition decomposition,
      double gradients, String counted) {
    return forecast("gradient", plan, theta, decomposition, true, gradients, counted);
  }

  private Forecast forecast(String unit, SimulationPlan plan, Cosmology theta, Decomposition decomposition,
      boolean gradient, double units, String counted) {
    int steps = plan.timeline().edges().steps();
    List<StepCost.Work> works = StepCost.Work.of(plan, theta, decomposition);
    StepCost cost = new StepCost(calibration, decomposition.ranks());
    List<Forecast.Sent> sent = works.stream().map(StepCost.Work::traffic)
        .map(dry -> gradient ? dry.forward(steps).plus(dry.reverse(steps)) : dry.forward(steps))
        .map(Forecasts::sent).toList();
    return new Forecast(unit, cost.parts(works, steps, gradient), units, counted, sent, calibration.origin());
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
