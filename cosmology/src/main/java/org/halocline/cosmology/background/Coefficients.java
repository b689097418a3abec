package org.halocline.cosmology.background;

import java.util.Optional;

import org.halocline.cosmology.lensing.LensingKernel;

/**
 * Every θ-dependent number of one simulation, with its Jacobian by θ. Immutable, and the same bits for the same
 * arguments on every machine; still one rank computes it and the others take {@link #toArray()}.
 *
 * <p>
 * The numbers that multiply fields are the <em>coefficients</em>: growth factors of the initial conditions, drift and
 * kick of each step in the increment form of the reverse pass (A_0 = 1, A_{n+1} = α_n A_n, P = p/A), the weight
 * of each lens plane in each bin of κ, and the transverse distance of each plane. The reverse pass gathers one cotangent for each, at the same index;
 * {@link #pullBack} makes the gradient by θ of them. The linear power is apart, in {@link #rootPower()}.
 */
public final class Coefficients {
  /** Least momentum decay of a step; it bounds the range of P. */
  public static final double LEAST_ALPHA = 0.05;

  private static final int LPT = 3;
  private static final int PER_STEP = 3;
  private static final int HEADER = 4;

  private final int parameters;
  private final int steps;
  private final int bins;
  private final int planes;
  private final double[] values;
  private final double[] jacobian;
  /** edges a (steps + 1), then h, α, β, D_m a step. */
  private final double[] course;
  private final RootPower rootPower;

  Coefficients(int parameters, int steps, int bins, int planes, double[] values, double[] jacobian, double[] course,
      RootPower rootPower) {
    this.parameters = parameters;
    this.steps = steps;
    this.bins = bins;
    this.planes = planes;
    this.values = values;
    this.jacobian = jacobian;
    this.course = course;
    this.rootPower = rootPower;
  }

  /**
   * @param lensing makes plane weights; its planes and length must be those of the timeline's light cone
   * @param kMaxHMpc largest k of the mesh, √3 π/Δ or so
   * @param kMinHMpc least k of the mesh above 0
   * @throws LimitException when θ lies outside {@link Cosmology#SPACE}, or cannot be simulated on this timeline
   */
  public static Coefficients compute(Theta theta, Timeline timeline, Optional<LensingKernel> lensing,
      double kMaxHMpc, double kMinHMpc) throws LimitException {
    Cosmology.SPACE.require(theta);
    Cosmology cosmology = Cosmology.of(theta);
    Background background = Background.of(cosmology);
    RootPower power = RootPower.of(LinearPower.of(cosmology), kMinHMpc, kMaxHMpc);
    return new Schedule(background, timeline).coefficients(theta, lensing, power);
  }

  static int count(int steps, int bins, int planes) {
    return LPT + PER_STEP * steps + bins * planes + planes;
  }

  public int count() {
    return values.length;
  }

  public double value(int i) {
    return values[i];
  }

  /** Derivatives of coefficient i in the order of θ: a new array. */
  public double[] jacobianRow(int i) {
    double[] row = new double[parameters];
    System.arraycopy(jacobian, i * parameters, row, 0, parameters);
    return row;
  }

  public int steps() {
    return steps;
  }

  /** Source bins, 0 without lensing. */
  public int bins() {
    return bins;
  }

  /** Lens planes with weights, 0 without lensing. */
  public int planes() {
    return planes;
  }

  /** Index of D1(a_initial). */
  public int lptFirst() {
    return 0;
  }

  /** Index of D2(a_initial); the value is 0 for first order. */
  public int lptSecond() {
    return 1;
  }

  /** Index of D2′/D1′ at a_initial, 0 for first order: p = ψ1 + this · ψ2. */
  public int lptVelocity() {
    return 2;
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

  /** Index of 3/2 Ωm (H0/c)² (Lz/n_p) (f_K(χ_i)/a(χ_i)) q_b(χ_i). */
  public int planeWeight(int bin, int plane) {
    if (bin < 0 || bin >= bins || plane < 0 || plane >= planes) {
      throw new IndexOutOfBoundsException("bin " + bin + ", plane " + plane + " of " + bins + " × " + planes);
    }
    return LPT + PER_STEP * steps + bin * planes + plane;
  }

  /** Index of f_K(χ_i), Mpc/h: where a ray meets a plane, divided by its angle. */
  public int planeDistance(int plane) {
    if (plane < 0 || plane >= planes) {
      throw new IndexOutOfBoundsException("plane " + plane + " of " + planes);
    }
    return LPT + PER_STEP * steps + bins * planes + plane;
  }

  private int stepIndex(int n) {
    if (n < 0 || n >= steps) {
      throw new IndexOutOfBoundsException("step " + n + " of " + steps);
    }
    return LPT + PER_STEP * n;
  }

  /** Plane weights as [bin][plane], flat: a new array. */
  public double[] planeWeights() {
    double[] weights = new double[bins * planes];
    System.arraycopy(values, LPT + PER_STEP * steps, weights, 0, weights.length);
    return weights;
  }

  /** Transverse distances of the planes, Mpc/h: a new array. */
  public double[] planeDistances() {
    double[] distances = new double[planes];
    System.arraycopy(values, LPT + PER_STEP * steps + bins * planes, distances, 0, planes);
    return distances;
  }

  /** Scale factors of the step edges, steps + 1 of them: a new array. */
  public double[] edgesA() {
    return courseOf(0, steps + 1);
  }

  /** Half the growth each step covers, h = ΔD1/2: a new array. */
  public double[] halves() {
    return courseOf(steps + 1, steps);
  }

  /** Momentum decay α of each step: a new array. */
  public double[] alphas() {
    return courseOf(2 * steps + 1, steps);
  }

  /** Kick β = (1 − α)/D_m of each step: a new array. */
  public double[] betas() {
    return courseOf(3 * steps + 1, steps);
  }

  /** Growth D_m in the middle of each step, the mean of its edges': a new array. */
  public double[] middles() {
    return courseOf(4 * steps + 1, steps);
  }

  /** 1/Πα: how much larger P = p/Πα is than p at the end. */
  public double momentumGrowth() {
    double product = 1;
    for (double alpha : alphas()) { product *= alpha; }
    return 1 / product;
  }

  public RootPower rootPower() {
    return rootPower;
  }

  /**
   * The gradient by θ of what depends on the coefficients: Σ_k cotangents[k] ∂value_k/∂θ. Without the part that flows
   * through the linear power.
   */
  public double[] pullBack(double[] cotangents) {
    if (cotangents.length != values.length) {
      throw new IllegalArgumentException(cotangents.length + " cotangents for " + values.length + " coefficients");
    }
    double[] gradient = new double[parameters];
    for (int i = 0; i < cotangents.length; i++) {
      for (int p = 0; p < parameters; p++) { gradient[p] += cotangents[i] * jacobian[i * parameters + p]; }
    }
    return gradient;
  }

  private double[] courseOf(int from, int length) {
    double[] part = new double[length];
    System.arraycopy(course, from, part, 0, length);
    return part;
  }

  /** All of it as one array, to be sent; {@link #from} gives the same bits back. */
  public double[] toArray() {
    double[] flat = new double[HEADER + values.length + jacobian.length + course.length + rootPower.flatLength()];
    flat[0] = steps;
    flat[1] = bins;
    flat[2] = planes;
    flat[3] = parameters;
    System.arraycopy(values, 0, flat, HEADER, values.length);
    System.arraycopy(jacobian, 0, flat, HEADER + values.length, jacobian.length);
    System.arraycopy(course, 0, flat, HEADER + values.length + jacobian.length, course.length);
    rootPower.toFlat(flat, flat.length - rootPower.flatLength());
    return flat;
  }

  /**
   * Back from {@link #toArray}.
   *
   * @throws IllegalArgumentException when the array is of another length than it says
   */
  public static Coefficients from(double[] flat) {
    int steps = flat.length > HEADER ? (int) flat[0] : -1;
    int bins = flat.length > HEADER ? (int) flat[1] : -1;
    int planes = flat.length > HEADER ? (int) flat[2] : -1;
    int parameters = flat.length > HEADER ? (int) flat[3] : -1;
    double numbers = (LPT + (double) PER_STEP * steps + (double) bins * planes + planes) * (1.0 + parameters)
        + 5.0 * steps + 1;
    if (steps < 1 || parameters < 0 || bins < 0 || planes < 0 || HEADER + numbers + RootPower.FLAT_HEADER > flat.length) {
      throw new IllegalArgumentException(flat.length + " numbers do not hold the coefficients of " + steps + " steps, "
          + bins + " bins, " + planes + " planes");
    }
    int count = count(steps, bins, planes);
    double[] values = new double[count];
    double[] jacobian = new double[count * parameters];
    double[] course = new double[5 * steps + 1];
    System.arraycopy(flat, HEADER, values, 0, count);
    System.arraycopy(flat, HEADER + count, jacobian, 0, jacobian.length);
    System.arraycopy(flat, HEADER + count + jacobian.length, course, 0, course.length);
    return new Coefficients(parameters, steps, bins, planes, values, jacobian, course,
        RootPower.fromFlat(flat, HEADER + count + jacobian.length + course.length));
  }
}
