package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.ButcherStep.INTERVALS;
import static org.halocline.cosmology.background.ButcherStep.PLACES;

import java.util.function.IntToDoubleFunction;
import org.halocline.cosmology.theta.LimitException;

/**
 * Growth of first and second order and the distance, with their derivatives by Ωm, Ωk, w0, wa, from a = 1e-4 to a = 1.
 *
 * <p>
 * With D1 = a f1, D2 = a² f2, a²E D1′ = a^1.5 g1, a²E D2′ = a^2.5 g2 and s = 1/√(a³E²) the growth equations of the
 * reference model become f1′ = s g1 − f1, g1′ = 3/2 (Ωm s f1 − g1), f2′ = s g2 − 2 f2, g2′ = 3/2 Ωm s (f2 + f1²) − 5/2
 * g2, where ′ = d/dln a: all four are constant in matter domination. The distance in units of c/H0 is χ′ = −√a s. These
 * five and their variational equations start from {@link EarlyGrowth} and go through {@link ButcherStep} with equal
 * steps in ln a. Nothing is interpolated: a state between two nodes is one shorter step from the node below.
 */
final class GrowthTable {
  static final double A_START = 1e-4;
  /** Variables of a state: f1, g1, f2, g2, χ. */
  static final int F1 = 0;
  static final int G1 = 1;
  static final int F2 = 2;
  static final int G2 = 3;
  static final int CHI = 4;
  static final int VARIABLES = 5;
  /** A state: for the value and each of four derivatives, the five variables. */
  static final int STATE = VARIABLES * Jet.SIZE;

  private static final int STEPS = 200;
  private static final double X_START = StrictMath.log(A_START);
  private static final double STEP = -X_START / STEPS;
  private static final double[] X_STAGE = new double[STEPS * INTERVALS + 1];
  private static final double[] A_STAGE = new double[STEPS * INTERVALS + 1];
  /** Gauss-Legendre, three points on 0…1. */
  private static final double[] GAUSS = {0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)};
  private static final double[] GAUSS_WEIGHTS = {5.0 / 18, 8.0 / 18, 5.0 / 18};

  static {
    for (int n = 0; n < STEPS; n++)
      for (int i = 0; i < INTERVALS; i++)
        X_STAGE[n * INTERVALS + i] = nodeX(n) + PLACES[i] * STEP;
    for (int i = 0; i < A_STAGE.length; i++)
      A_STAGE[i] = StrictMath.exp(X_STAGE[i]);
  }

  private final Expansion expansion;
  private final double[] states = new double[(STEPS + 1) * STATE];

  GrowthTable(Expansion expansion) throws LimitException {
    this.expansion = expansion;
    double[] rates = new double[A_STAGE.length * Jet.SIZE];
    for (int i = 0; i < A_STAGE.length; i++)
      expansion.rate(X_STAGE[i], A_STAGE[i], rates, i * Jet.SIZE);
    start();
    var step = new GrowthStep(expansion.omegaM());
    for (int n = 0; n < STEPS; n++)
      step.advance(states, n * STATE, STEP, rates, n * INTERVALS, A_STAGE, states, (n + 1) * STATE);
    shiftDistances();
    for (int i = 0; i < STATE; i++) {
      double last = states[STEPS * STATE + i];
      LimitException.require(Double.isFinite(last), "growth to a = 1", last, "finite", "cosmology.w0 or cosmology.wa");
    }
  }

  /** D1 = a; the rest is what grew until then. */
  private void start() throws LimitException {
    EarlyGrowth early = EarlyGrowth.until(X_START, expansion);
    states[F1] = 1;
    early.firstFlow().into(states, G1, VARIABLES);
    early.second().into(states, F2, VARIABLES);
    early.secondFlow().into(states, G2, VARIABLES);
  }

  /** χ was integrated from the start; it counts from a = 1. */
  private void shiftDistances() {
    for (int j = 0; j < Jet.SIZE; j++) {
      double today = states[STEPS * STATE + j * VARIABLES + CHI];
      for (int n = 0; n <= STEPS; n++)
        states[n * STATE + j * VARIABLES + CHI] -= today;
    }
  }

  /** Writes the state at x = ln a, a ≥ 1e-4, to {@code out}. */
  void state(double x, double[] out) throws LimitException {
    int n = nodeBelow(x);
    double h = x - nodeX(n);
    double[] a = new double[PLACES.length];
    double[] rates = new double[PLACES.length * Jet.SIZE];
    for (int i = 0; i < PLACES.length; i++) {
      double at = nodeX(n) + PLACES[i] * h;
      a[i] = StrictMath.exp(at);
      expansion.rate(at, a[i], rates, i * Jet.SIZE);
    }
    new GrowthStep(expansion.omegaM()).advance(states, n * STATE, h, rates, 0, a, out, 0);
    distance(x, n, out);
  }

  /** State today, normalisation of the growth factors. */
  double today(int variable, int derivative) {
    return states[STEPS * STATE + derivative * VARIABLES + variable];
  }

  /** χ at x in units of c/H0, with its derivatives at fixed x. */
  Jet distance(double x) throws LimitException {
    double[] out = new double[STATE];
    distance(x, nodeBelow(x), out);
    return Jet.of(out, CHI, VARIABLES);
  }

  private void distance(double x, int n, double[] out) throws LimitException {
    double h = x - nodeX(n);
    double[] rate = new double[Jet.SIZE];
    for (int j = 0; j < Jet.SIZE; j++)
      out[j * VARIABLES + CHI] = states[n * STATE + j * VARIABLES + CHI];
    if (h == 0)
      return;
    for (int i = 0; i < GAUSS.length; i++) {
      double at = nodeX(n) + GAUSS[i] * h;
      double a = StrictMath.exp(at);
      double weight = h * GAUSS_WEIGHTS[i] * Math.sqrt(a);
      expansion.rate(at, a, rate, 0);
      for (int j = 0; j < Jet.SIZE; j++)
        out[j * VARIABLES + CHI] -= weight * rate[j];
    }
  }

  /** x = ln a at which χ has a value within 0…χ(a = 1e-4). */
  double whereDistanceIs(double target) throws LimitException {
    return where(node -> -states[node * STATE + CHI], -target, x -> {
      double a = StrictMath.exp(x);
      return x + (distance(x).value() - target) / (Math.sqrt(a) * expansion.rate(x, a));
    });
  }

  /** x = ln a at which D1, not normalised, has a value within D1(1e-4)…D1(1). */
  double whereGrowthIs(double target) throws LimitException {
    double[] state = new double[STATE];
    return where(this::growthAt, target, x -> {
      state(x, state);
      double a = StrictMath.exp(x);
      return x + (target - a * state[F1]) / (a * expansion.rate(x, a) * state[G1]);
    });
  }

  /** A step of Newton's method: from an x to the next. */
  private interface Newton {
    double next(double x) throws LimitException;
  }

  /** Where a number that grows from node to node has a value, by Newton's method within its bracket of nodes. */
  private static double where(IntToDoubleFunction atNode, double target, Newton newton) throws LimitException {
    int n = 0;
    int above = STEPS;
    while (above - n > 1) {
      int middle = (n + above) >>> 1;
      if (atNode.applyAsDouble(middle) <= target)
        n = middle;
      else
        above = middle;
    }
    double low = nodeX(n);
    double high = nodeX(n + 1);
    double atLow = atNode.applyAsDouble(n);
    double x = Math.clamp(low + (high - low) * ((target - atLow) / (atNode.applyAsDouble(n + 1) - atLow)), low, high);
    for (int i = 0; i < 40; i++) {
      double next = Math.clamp(newton.next(x), low, high);
      if (Math.abs(next - x) <= 2e-16 * (1 + Math.abs(x)))
        return next;
      x = next;
    }
    return x;
  }

  /** D1, not normalised, at a node. */
  private double growthAt(int node) {
    return A_STAGE[node * INTERVALS] * states[node * STATE + F1];
  }

  private static int nodeBelow(double x) {
    return Math.clamp((long) StrictMath.floor((x - X_START) / STEP), 0, STEPS);
  }

  private static double nodeX(int n) {
    return X_START * ((STEPS - n) / (double) STEPS);
  }
}
