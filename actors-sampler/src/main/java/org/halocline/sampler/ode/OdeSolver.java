package org.halocline.sampler.ode;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Vector;

/**
 * Solves dy/dt = f(t, y, p) from a start to given times by steps whose sizes the settings decide alone, so that every
 * rank and every point take the same ones. Its adjoint is that of the very steps: exact derivatives of the numbers that
 * it returns. It keeps one state a step.
 */
public final class OdeSolver {
  private static final int MOST_STEPS = 1_000_000;

  private final Rates rates;
  private final RungeKutta method;
  private final double[] times;
  private final double start;
  private final int[] steps;

  /**
   * @param start t of the initial state
   * @param times where the solution is wanted, none before the start, in increasing order
   * @param longestStep each stretch between times is cut into equal steps that are no longer
   */
  public OdeSolver(Rates rates, RungeKutta method, double start, double[] times, double longestStep) {
    if (!(longestStep > 0))
      throw new IllegalArgumentException("the longest step must be positive, but it is " + longestStep);
    this.rates = rates;
    this.method = method;
    this.start = start;
    this.times = times.clone();
    this.steps = new int[times.length];
    double all = 0;
    for (int i = 0; i < times.length; i++) {
      double stretch = times[i] - from(i);
      if (!(stretch >= 0 && stretch < Double.POSITIVE_INFINITY))
        throw new IllegalArgumentException(
            "times must be finite and increase from the start " + start + ", but they are "
                + Arrays.toString(times));
      double count = Math.ceil(stretch / longestStep);
      all += count;
      if (all > MOST_STEPS)
        throw new IllegalArgumentException("steps of " + longestStep + " are more than " + MOST_STEPS + " from " + start
            + " to " + times[times.length - 1] + "; make them longer");
      steps[i] = (int) count;
    }
  }

  private double from(int stretch) {
    return stretch == 0 ? start : times[stretch - 1];
  }

  private double size(int stretch) {
    return (times[stretch] - from(stretch)) / steps[stretch];
  }

  /**
   * A solution.
   *
   * @param packed the states at the first time, then those at the second one, and so on
   */
  public record Solution(Vector packed, int states) {

    /** The states at one of the times. */
    public Vector at(int time) {
      return packed.slice(time * states, (time + 1) * states);
    }

    /** One state at all times. */
    public Vector state(int state) {
      int[] places = IntStream.iterate(state, place -> place < packed.size(), place -> place + states).toArray();
      return Vector.function(Arrays.stream(places).mapToDouble(place -> packed.values()[place]).toArray(),
          List.of(packed), (ofResult, toInputs) -> {
            for (int i = 0; i < places.length; i++)
              toInputs[0][places[i]] += ofResult[i];
          });
    }
  }

  /** @throws OutsideSupportException where the solution is not finite */
  public Solution solve(Vector initial, Vector parameters) {
    int states = initial.size();
    double[][] kept = new double[Arrays.stream(steps).sum()][];
    double[] made = new double[times.length * states];
    RungeKutta.Stepper stepper = method.new Stepper(rates, states, parameters.values());
    double[] y = initial.values().clone();
    int done = 0;
    for (int stretch = 0; stretch < times.length; stretch++) {
      for (int step = 0; step < steps[stretch]; step++) {
        kept[done++] = y.clone();
        stepper.step(from(stretch) + step * size(stretch), size(stretch), y);
      }
      if (!Arrays.stream(y).allMatch(Double::isFinite))
        throw new OutsideSupportException("the solution of the differential equations is " + Arrays.toString(y)
            + " at t = " + times[stretch]);
      System.arraycopy(y, 0, made, stretch * states, states);
    }
    return new Solution(Vector.function(made, List.of(initial, parameters),
        (ofResult, toInputs) -> reverse(stepper, kept, ofResult, toInputs)), states);
  }

  private void reverse(RungeKutta.Stepper stepper, double[][] kept, double[] ofResult, double[][] toInputs) {
    int states = toInputs[0].length;
    double[] cotangent = new double[states];
    int done = kept.length;
    for (int stretch = times.length - 1; stretch >= 0; stretch--) {
      for (int i = 0; i < states; i++)
        cotangent[i] += ofResult[stretch * states + i];
      for (int step = steps[stretch] - 1; step >= 0; step--)
        stepper.reverse(from(stretch) + step * size(stretch), size(stretch), kept[--done], cotangent, toInputs[1]);
    }
    for (int i = 0; i < states; i++)
      toInputs[0][i] += cotangent[i];
  }
}
