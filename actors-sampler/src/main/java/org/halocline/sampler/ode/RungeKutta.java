package org.halocline.sampler.ode;

/** Explicit methods of fixed steps, by their Butcher tableaus. */
public enum RungeKutta {
  /** The classical method of order four: four stages. */
  CLASSICAL(new double[][]{{}, {1.0 / 2}, {0, 1.0 / 2}, {0, 0, 1}},
      new double[]{1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}),
  /** The fifth-order solution of Dormand and Prince (J. Comput. Appl. Math. 6, 19, 1980): six stages. */
  DORMAND_PRINCE(new double[][]{{}, {1.0 / 5}, {3.0 / 40, 9.0 / 40}, {44.0 / 45, -56.0 / 15, 32.0 / 9},
      {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
      {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656}},
      new double[]{35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84});

  /** How much of each earlier stage's rates goes into a stage. */
  private final double[][] stages;
  private final double[] weights;
  /** Where in the step a stage lies. */
  private final double[] places;

  RungeKutta(double[][] stages, double[] weights) {
    this.stages = stages;
    this.weights = weights;
    this.places = new double[stages.length];
    for (int i = 0; i < stages.length; i++)
      for (double part : stages[i])
        places[i] += part;
  }

  /** A system's work on a step: y → y + h Σ bᵢ kᵢ with kᵢ = f(t + cᵢ h, y + h Σ aᵢⱼ kⱼ). Used by one thread. */
  final class Stepper {
    private final Rates rates;
    private final double[] parameters;
    private final double[][] points;
    private final double[][] slopes;

    Stepper(Rates rates, int states, double[] parameters) {
      this.rates = rates;
      this.parameters = parameters;
      this.points = new double[weights.length][states];
      this.slopes = new double[weights.length][states];
    }

    /** Overwrites {@code y} by the state a step later. */
    void step(double t, double h, double[] y) {
      evaluate(t, h, y);
      for (int stage = 0; stage < weights.length; stage++)
        add(h * weights[stage], slopes[stage], y);
    }

    private void evaluate(double t, double h, double[] y) {
      for (int stage = 0; stage < weights.length; stage++) {
        System.arraycopy(y, 0, points[stage], 0, y.length);
        for (int earlier = 0; earlier < stage; earlier++)
          add(h * stages[stage][earlier], slopes[earlier], points[stage]);
        rates.at(t + places[stage] * h, points[stage], parameters, slopes[stage]);
      }
    }

    /**
     * The adjoint of a step.
     *
     * @param y the state before the step
     * @param cotangent of the state after the step; overwritten by that of the state before
     * @param toParameters added to
     */
    void reverse(double t, double h, double[] y, double[] cotangent, double[] toParameters) {
      evaluate(t, h, y);
      double[][] ofPoints = new double[weights.length][y.length];
      double[] ofSlope = new double[y.length];
      for (int stage = weights.length - 1; stage >= 0; stage--) {
        for (int i = 0; i < y.length; i++)
          ofSlope[i] = h * weights[stage] * cotangent[i];
        for (int later = stage + 1; later < weights.length; later++)
          add(h * stages[later][stage], ofPoints[later], ofSlope);
        rates.pullback(t + places[stage] * h, points[stage], parameters, ofSlope, ofPoints[stage], toParameters);
      }
      for (double[] ofPoint : ofPoints)
        add(1, ofPoint, cotangent);
    }
  }

  private static void add(double factor, double[] from, double[] to) {
    for (int i = 0; i < to.length; i++)
      to[i] += factor * from[i];
  }
}
