package org.halocline.sampler.ode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.halocline.sampler.example.LotkaVolterra;
import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class OdeSolverTest {
  /** x″ = −p² x. */
  private static final Rates SPRING = Rates.of((_, y, p) -> Vector.of(y.get(1),
      y.get(0).times(p.get(0).square()).negate()));
  private static final double[] TIMES = {0.5, 1.1, 3};

  /** The predators and their prey by hand. */
  private static final Rates BY_HAND = new Rates() {
    @Override
    public void at(double t, double[] y, double[] p, double[] rates) {
      rates[0] = (p[0] - p[1] * y[1]) * y[0];
      rates[1] = (p[3] * y[0] - p[2]) * y[1];
    }

    @Override
    public void pullback(double t, double[] y, double[] p, double[] w, double[] toState, double[] toParameters) {
      toState[0] += w[0] * (p[0] - p[1] * y[1]) + w[1] * p[3] * y[1];
      toState[1] += -w[0] * p[1] * y[0] + w[1] * (p[3] * y[0] - p[2]);
      toParameters[0] += w[0] * y[0];
      toParameters[1] -= w[0] * y[1] * y[0];
      toParameters[2] -= w[1] * y[1];
      toParameters[3] += w[1] * y[0] * y[1];
    }
  };

  private static Vector solve(Rates rates, RungeKutta method, double step, Vector initial, Vector parameters) {
    return new OdeSolver(rates, method, 0, TIMES, step).solve(initial, parameters).packed();
  }

  private static double error(RungeKutta method, double step) {
    double[] made = solve(SPRING, method, step, Vector.constant(1, 0), Vector.constant(2)).values();
    return Math.abs(made[4] - Math.cos(6)) + Math.abs(made[5] + 2 * Math.sin(6));
  }

  @Test
  void shouldConvergeWithTheOrderOfTheMethod() {
    assertEquals(4, Math.log(error(RungeKutta.CLASSICAL, 0.05) / error(RungeKutta.CLASSICAL, 0.025)) / Math.log(2),
        0.3);
    assertEquals(5,
        Math.log(error(RungeKutta.DORMAND_PRINCE, 0.1) / error(RungeKutta.DORMAND_PRINCE, 0.05)) / Math.log(2), 0.3);
    assertEquals(0, error(RungeKutta.DORMAND_PRINCE, 0.01), 1e-9);
  }

  @Test
  void shouldKnowTheTimeInsideAStep() {
    Rates cosine = Rates.of((t, _, _) -> Vector.constant(StrictMath.cos(t)));
    for (RungeKutta method : RungeKutta.values()) {
      Vector made = new OdeSolver(cosine, method, 0.5, new double[]{0.5, 2}, 0.1)
          .solve(Vector.constant(3), Vector.constant()).packed();
      assertEquals(3, made.values()[0]);
      assertEquals(3 + Math.sin(2) - Math.sin(0.5), made.values()[1], 1e-7);
    }
  }

  private static double[] reverse(Rates rates, RungeKutta method, double[] initial, double[] parameters, double[] w) {
    Tape tape = Tape.ofNumbers();
    Vector y = tape.leaf(initial);
    Vector p = tape.leaf(parameters);
    tape.reverse(solve(rates, method, 0.2, y, p).dot(Vector.constant(w)), List.of());
    return Vector.concat(Vector.constant(y.cotangent()), Vector.constant(p.cotangent())).values();
  }

  /** Of a linear system: (J y)·w = y·(Jᵀ w). */
  @ParameterizedTest
  @EnumSource(RungeKutta.class)
  void shouldTransposeALinearSystem(RungeKutta method) {
    double[] y = {0.7, -1.3};
    double[] w = new Random(3).doubles(6, -1, 1).toArray();
    double forward = solve(SPRING, method, 0.2, Vector.constant(y), Vector.constant(1.5)).dot(Vector.constant(w))
        .value();
    double[] back = reverse(SPRING, method, y, new double[]{1.5}, w);
    assertEquals(forward, y[0] * back[0] + y[1] * back[1], 1e-14);
  }

  @ParameterizedTest
  @EnumSource(RungeKutta.class)
  void shouldDifferentiateAsDifferencesDo(RungeKutta method) {
    double[] at = {3, 1, 0.6, 0.2, 0.8, 0.3};
    double[] w = new Random(4).doubles(6, -1, 1).toArray();
    double[] exact = reverse(LotkaVolterra.RATES, method, Arrays.copyOf(at, 2), Arrays.copyOfRange(at, 2, 6), w);
    double h = 1e-5;
    for (int i = 0; i < at.length; i++) {
      double[] sides = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = at.clone();
        moved[i] += side == 0 ? h : -h;
        Vector all = Vector.constant(moved);
        sides[side] = solve(LotkaVolterra.RATES, method, 0.2, all.slice(0, 2), all.slice(2, 6))
            .dot(Vector.constant(w)).value();
      }
      assertEquals((sides[0] - sides[1]) / (2 * h), exact[i], 1e-8 * Math.max(1, Math.abs(exact[i])), "by " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(RungeKutta.class)
  void shouldTakeADerivativeByHand(RungeKutta method) {
    double[] y = {3, 1};
    double[] p = {0.6, 0.2, 0.8, 0.3};
    double[] w = new Random(4).doubles(6, -1, 1).toArray();
    assertArrayEquals(reverse(LotkaVolterra.RATES, method, y, p, w), reverse(BY_HAND, method, y, p, w), 1e-13);
  }

  @Test
  void shouldTellStatesAndTimesApart() {
    OdeSolver.Solution made = new OdeSolver(BY_HAND, RungeKutta.CLASSICAL, 0, TIMES, 0.1)
        .solve(Vector.constant(3, 1), Vector.constant(0.6, 0.2, 0.8, 0.3));
    for (int time = 0; time < TIMES.length; time++)
      for (int state = 0; state < 2; state++)
        assertEquals(made.at(time).values()[state], made.state(state).values()[time]);
    Tape tape = Tape.ofNumbers();
    Vector start = tape.leaf(new double[]{3, 1});
    tape.reverse(new OdeSolver(BY_HAND, RungeKutta.CLASSICAL, 0, TIMES, 0.1)
        .solve(start, Vector.constant(0.6, 0.2, 0.8, 0.3)).state(1).get(2), List.of());
    assertArrayEquals(Arrays.copyOf(reverse0(), 2), start.cotangent(), 1e-13);
  }

  private static double[] reverse0() {
    Tape tape = Tape.ofNumbers();
    Vector start = tape.leaf(new double[]{3, 1});
    tape.reverse(new OdeSolver(BY_HAND, RungeKutta.CLASSICAL, 0, TIMES, 0.1)
        .solve(start, Vector.constant(0.6, 0.2, 0.8, 0.3)).packed().get(5), List.of());
    return start.cotangent();
  }

  @Test
  void shouldSayThatASolutionEscapes() {
    Rates square = Rates.of((_, y, _) -> y.square());
    assertEquals("the solution of the differential equations is [NaN] at t = 1.1",
        assertThrows(OutsideSupportException.class,
            () -> solve(square, RungeKutta.CLASSICAL, 0.01, Vector.constant(2), Vector.constant())).getMessage());
  }

  @Test
  void shouldRefuseInWords() {
    assertEquals("the longest step must be positive, but it is 0.0", refusal(() -> solver(0, new double[]{1}, 0)));
    assertEquals("times must be finite and increase from the start 0.0, but they are [1.0, 0.5]",
        refusal(() -> solver(0, new double[]{1, 0.5}, 0.1)));
    assertEquals("steps of 1.0E-9 are more than 1000000 from 0.0 to 1.0; make them longer",
        refusal(() -> solver(0, new double[]{1}, 1e-9)));
    assertEquals("a system of 3 states has 2 rates",
        refusal(() -> solve(SPRING, RungeKutta.CLASSICAL, 0.1, Vector.constant(1, 2, 3), Vector.constant(1))));
  }

  private static OdeSolver solver(double start, double[] times, double step) {
    return new OdeSolver(SPRING, RungeKutta.CLASSICAL, start, times, step);
  }

  private static String refusal(Runnable bad) {
    return assertThrows(IllegalArgumentException.class, bad::run).getMessage();
  }
}
