package org.halocline.cosmology.background;

import java.util.stream.DoubleStream;
import org.halocline.cosmology.theta.LimitException;

/**
 * Growth before {@link GrowthTable} begins, where dark energy may matter as much as matter does, or more: the growth
 * rate and the second order of the growing mode, with their derivatives.
 *
 * <p>
 * With ′ = d/dln a, b = 2 + E′/E, p = D1′/D1, y = D2/D1² and n = y′ + p y the growth equations are p′ = 3/2 Ωm(a) − b p
 * − p², n′ = 3/2 Ωm(a) − (b + 3p) n, y′ = n − p y. All three are drawn to the growing mode, so where they start is soon
 * forgotten. They start on the local power law, on which none changes: p = (−b + √(b² + 6Ωm(a)))/2, so that D1′ = p D1,
 * D2 = 3/2 Ωm(a) D1²/(4p² + 2bp − 3/2 Ωm(a)), D2′ = 2p D2.
 *
 * <p>
 * With w = w0 + wa, dark energy's share goes with a^(−3w): the closer w is to 0, the slower it changes, and the earlier
 * the start must be for the power law to hold; by a = 1e-7 it holds for w below −0.8. Where w > 0 dark energy rules the
 * beginning. For w < 1/3 D1 is then constant there and D2 = D1²; for w > 1/3 D1 goes with a^((3w−1)/2) and D2/D1² with
 * Ωm(a), so D2 jumps at w = 1/3.
 *
 * @param firstFlow a²E D1′/a^1.5 where D1 = a
 * @param second D2/a²
 * @param secondFlow a²E D2′/a^2.5
 */
record EarlyGrowth(Jet firstFlow, Jet second, Jet secondFlow) {
  /** Variables of a state: p, n, y. */
  private static final int P = 0;
  private static final int N = 1;
  private static final int Y = 2;
  private static final int VARIABLES = 3;
  /** Ωm(a) and b, each with its derivatives. */
  private static final int RATES = 2 * Jet.SIZE;

  /** The latest start, ln 1e-7, and the earliest. */
  private static final double LATEST = StrictMath.log(1e-7);
  private static final double EARLIEST = -500;
  /** From the start to now dark energy's share of matter's goes by at least this many powers of e. */
  private static final double CHANGE = 40;
  /**
   * The longest step in ln a, the largest part of |ln a| that a step may be, and the largest product of a step and w.
   */
  private static final double LONGEST_STEP = 0.7;
  private static final double LARGEST_PART = 0.02;
  private static final double LARGEST_CHANGE = 0.2;

  /** From the beginning to x = ln a. */
  static EarlyGrowth until(double x, Expansion expansion) throws LimitException {
    double state = expansion.earlyState();
    double[] nodes = nodes(x, state);
    double[] a = new double[ButcherStep.PLACES.length];
    double[] rates = new double[a.length * RATES];
    double[] at = new double[VARIABLES * Jet.SIZE];
    var step = new Step();
    for (int n = nodes.length - 1; n > 0; n--) {
      double h = nodes[n - 1] - nodes[n];
      for (int i = 0; i < a.length; i++) {
        double place = nodes[n] + ButcherStep.PLACES[i] * h;
        a[i] = StrictMath.exp(place);
        expansion.matter(place, a[i], rates, i * RATES);
      }
      if (n == nodes.length - 1)
        powerLaw(Jet.of(rates, 0, 1), Jet.of(rates, Jet.SIZE, 1), state, at);
      step.advance(at, 0, h, rates, 0, a, at, 0);
    }
    double[] rate = new double[Jet.SIZE];
    expansion.rate(x, StrictMath.exp(x), rate, 0);
    Jet s = Jet.of(rate, 0, 1);
    Jet p = Jet.of(at, P, VARIABLES);
    Jet second = Jet.of(at, Y, VARIABLES);
    return new EarlyGrowth(p.over(s), second, Jet.of(at, N, VARIABLES).plus(p.times(second)).over(s));
  }

  /** ln a of the ends of the steps, back from x. */
  private static double[] nodes(double x, double state) {
    double start = Math.clamp(-CHANGE / (3 * Math.abs(state)), EARLIEST, LATEST);
    double longest = Math.min(LONGEST_STEP, LARGEST_CHANGE / Math.max(0, state));
    var nodes = DoubleStream.iterate(x, at -> at - Math.min(longest, LARGEST_PART * -at)).takeWhile(at -> at > start);
    return DoubleStream.concat(nodes, DoubleStream.of(start)).toArray();
  }

  /**
   * On the power law 1 − y = 2p/(b + 3p). Where matter rises out of dark energy, 0 < w < 1/3, p is far below w at last,
   * and 1 − y does not come to rest, but grows as p² does: by 6w in ln a.
   */
  private static void powerLaw(Jet matter, Jet b, double state, double[] to) {
    Jet root = b.times(b).plus(matter.times(6)).root();
    Jet p = b.value() > 0 ? matter.times(3).over(b.plus(root)) : root.minus(b).times(0.5);
    Jet pull = matter.times(1.5);
    p.into(to, P, VARIABLES);
    Jet fall = b.plus(p.times(3));
    pull.over(fall).into(to, N, VARIABLES);
    Jet growing = b.value() > 0 && state > 0 ? Jet.ONE.minus(matter).times(6 * state) : Jet.constant(0);
    Jet.ONE.minus(p.times(p).times(2).over(fall.times(p.plus(growing)))).into(to, Y, VARIABLES);
  }

  private static final class Step extends ButcherStep {
    Step() {
      super(EarlyGrowth.VARIABLES * Jet.SIZE);
    }

    @Override
    void slope(double[] state, double[] rates, int stage, double[] a, double[] out) {
      int at = stage * RATES;
      double b = rates[at + Jet.SIZE];
      double p = state[P];
      double n = state[N];
      double y = state[Y];
      out[P] = 1.5 * rates[at] - (b + p) * p;
      out[N] = 1.5 * rates[at] - (b + 3 * p) * n;
      out[Y] = n - p * y;
      for (int j = 1; j < Jet.SIZE; j++) {
        int d = j * VARIABLES;
        double pull = 1.5 * rates[at + j];
        double bj = rates[at + Jet.SIZE + j];
        double pj = state[d + P];
        double nj = state[d + N];
        out[d + P] = pull - bj * p - (b + 2 * p) * pj;
        out[d + N] = pull - (bj + 3 * pj) * n - (b + 3 * p) * nj;
        out[d + Y] = nj - pj * y - p * state[d + Y];
      }
    }
  }
}
