package org.halocline.sampler.ode;

import java.util.List;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/**
 * The right-hand side of dy/dt = f(t, y, p) with the transpose of its derivative. Every rank computes alike, so
 * functions must be StrictMath's.
 */
public interface Rates {

  /** f as a formula of vectors; its derivative is found on a tape. */
  @FunctionalInterface
  interface Formula {
    Vector of(double t, Vector y, Vector parameters);
  }

  /** Overwrites {@code rates} by f(t, y, p). */
  void at(double t, double[] y, double[] parameters, double[] rates);

  /**
   * Adds (∂f/∂y)ᵀ w and (∂f/∂p)ᵀ w.
   *
   * @param w not to be changed
   */
  void pullback(double t, double[] y, double[] parameters, double[] w, double[] toState, double[] toParameters);

  /**
   * @throws IllegalArgumentException at the first use of a formula that has more or fewer rates than there are states
   */
  static Rates of(Formula formula) {
    return new Rates() {
      @Override
      public void at(double t, double[] y, double[] parameters, double[] rates) {
        Vector made = formula.of(t, Vector.constant(y), Vector.constant(parameters));
        if (made.size() != y.length)
          throw new IllegalArgumentException("a system of " + y.length + " states has " + made.size() + " rates");
        System.arraycopy(made.values(), 0, rates, 0, rates.length);
      }

      @Override
      public void pullback(double t, double[] y, double[] parameters, double[] w, double[] toState,
          double[] toParameters) {
        Tape tape = Tape.ofNumbers();
        Vector state = tape.leaf(y);
        Vector given = tape.leaf(parameters);
        tape.reverse(formula.of(t, state, given).dot(Vector.constant(w)), List.of());
        for (int i = 0; i < toState.length; i++)
          toState[i] += state.cotangent()[i];
        for (int i = 0; i < toParameters.length; i++)
          toParameters[i] += given.cotangent()[i];
      }
    };
  }
}
