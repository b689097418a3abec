package org.halocline.cosmology.timeline;

import java.util.Arrays;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.power.LinearPower;
import org.halocline.cosmology.power.RootPower;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;

/**
 * The θ-dependent numbers of one simulation, with their Jacobian by θ. Immutable, and the same bits for the same
 * arguments on every machine; still rank 0 computes them and the other ranks take {@link #toArray()}.
 *
 * <p>
 * Numbers that multiply fields are <em>coefficients</em>: growth factors of the initial conditions, and drift and kick
 * of each step in the increment form of the reverse pass (A_0 = 1, A_{n+1} = α_n A_n, P = p/A). The reverse pass
 * gathers one cotangent for each, at the same index; {@link #pullBack} makes the gradient by θ of them. The linear
 * power is apart, in {@link #rootPower()}.
 *
 * @param momentumGrowth 1/Πα: how much larger P = p/Πα is than p at the end
 */
public record StepCoefficients(Coefficients coefficients, double momentumGrowth, RootPower rootPower) {
  /** Least momentum decay of a step; it bounds the range of P. */
  public static final double LEAST_ALPHA = 0.05;
  /** Index of D1(a_initial). */
  public static final int LPT_FIRST = 0;
  /** Index of D2(a_initial); the value is 0 for first order. */
  public static final int LPT_SECOND = 1;
  /** Index of D2′/D1′ at a_initial, 0 for first order: p = ψ1 + this · ψ2. */
  public static final int LPT_VELOCITY = 2;

  static final int LPT = 3;
  static final int PER_STEP = 3;

  /**
   * @param kMaxHMpc largest k of the mesh, √3 π/Δ or so
   * @param kMinHMpc least k of the mesh above 0
   * @throws LimitException when θ lies outside {@link Cosmology#SPACE}, or cannot be simulated on this timeline
   */
  public static StepCoefficients compute(Theta theta, Timeline timeline, double kMaxHMpc, double kMinHMpc)
      throws LimitException {
    return compute(Background.within(theta), timeline, kMaxHMpc, kMinHMpc);
  }

  /** As {@link #compute(Theta, Timeline, double, double)}, of the background of θ. */
  public static StepCoefficients compute(Background background, Timeline timeline, double kMaxHMpc, double kMinHMpc)
      throws LimitException {
    LinearPower linear = LinearPower.of(Cosmology.of(background.theta()));
    RootPower power = RootPower.of(linear, kMinHMpc, kMaxHMpc);
    return new Schedule(background, timeline).coefficients(power);
  }

  public int count() {
    return coefficients.count();
  }

  public double value(int i) {
    return coefficients.value(i);
  }

  /** Derivatives of coefficient i in the order of θ: a new array. */
  public double[] jacobianRow(int i) {
    return coefficients.jacobianRow(i);
  }

  public int steps() {
    return (count() - LPT) / PER_STEP;
  }

  /** Index of h_n A_n: x += this · P before the kick. */
  public int driftIn(int n) {
    return stepIndex(n);
  }

  /** Index of β_n/A_{n+1}: P += this · g, before division by the cell size of each axis. */
  public int kick(int n) {
    return stepIndex(n) + 1;
  }

  /** Index of h_n A_{n+1}: x += this · P after the kick. */
  public int driftOut(int n) {
    return stepIndex(n) + 2;
  }

  private int stepIndex(int n) {
    if (n < 0 || n >= steps())
      throw new IndexOutOfBoundsException("step " + n + " of " + steps());
    return LPT + PER_STEP * n;
  }

  /**
   * The gradient by θ of what depends on the coefficients: Σ_k cotangents[k] ∂value_k/∂θ. Without the part that flows
   * through the linear power.
   */
  public double[] pullBack(double[] cotangents) {
    double[] gradient = new double[coefficients.parameters()];
    coefficients.addPullBack(cotangents, gradient);
    return gradient;
  }

  /** All of it as one array, to be sent; {@link #from} gives the same bits back. */
  public double[] toArray() {
    double[] head = coefficients.toArray();
    double[] flat = Arrays.copyOf(head, head.length + 1 + rootPower.flatLength());
    flat[head.length] = momentumGrowth;
    rootPower.toFlat(flat, head.length + 1);
    return flat;
  }

  /**
   * Back from {@link #toArray}.
   *
   * @throws IllegalArgumentException when the array is of another length than it says
   */
  public static StepCoefficients from(double[] flat) {
    Coefficients coefficients = Coefficients.from(flat);
    int steps = (coefficients.count() - LPT) / PER_STEP;
    int growthAt = coefficients.flatLength();
    if (steps < 1 || coefficients.count() != LPT + PER_STEP * steps
        || growthAt + 1 + RootPower.FLAT_HEADER > flat.length)
      throw new IllegalArgumentException(flat.length + " numbers do not hold the coefficients of " + steps + " steps");
    return new StepCoefficients(coefficients, flat[growthAt], RootPower.fromFlat(flat, growthAt + 1));
  }
}
