package org.halocline.cosmology.timeline;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Background.GrowthJet;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.Jet;
import org.halocline.cosmology.power.RootPower;
import org.halocline.cosmology.theta.LimitException;

/** The course of one simulation at one θ: where its steps begin and end, and the coefficients that follow. */
final class Schedule {
  private static final String STEPS_KEY = "simulation.a-initial or the number of steps";

  private final Background background;
  private final Timeline timeline;
  private final int steps;
  /** ln a of the edges. */
  private final Jet[] edges;
  private final GrowthJet[] growth;

  Schedule(Background background, Timeline timeline) throws LimitException {
    this.background = background;
    this.timeline = timeline;
    steps = timeline.edges().steps();
    edges = switch (timeline.edges()) {
      case Edges.Snapshot snapshot -> snapshotEdges(snapshot);
      case Edges.LightCone cone -> coneEdges(cone);
    };
    growth = new GrowthJet[steps + 1];
    for (int n = 0; n <= steps; n++) {
      LimitException.require(n == 0 || edges[n].value() > edges[n - 1].value(), "ln a of step edge " + n,
          edges[n].value(), "above that of the edge before", STEPS_KEY);
      growth[n] = background.growth(edges[n]);
    }
  }

  private Jet[] snapshotEdges(Edges.Snapshot snapshot) throws LimitException {
    Jet[] x = new Jet[steps + 1];
    double first = StrictMath.log(timeline.aInitial());
    Jet growthFirst = background.growth(Jet.constant(first)).first();
    x[0] = Jet.constant(first);
    x[steps] = Jet.constant(0);
    for (int n = 1; n < steps; n++) {
      double part = n / (double) steps;
      x[n] = switch (snapshot.spacing()) {
        case A -> Jet.constant(StrictMath.log(timeline.aInitial() + (1 - timeline.aInitial()) * part));
        case LOG_A -> Jet.constant(first * ((steps - n) / (double) steps));
        case GROWTH -> background
            .logScaleFactorAtGrowth(growthFirst.plus(Jet.ONE.minus(growthFirst).times(part)));
      };
    }
    return x;
  }

  private Jet[] coneEdges(Edges.LightCone cone) throws LimitException {
    Jet[] x = new Jet[steps + 1];
    double first = StrictMath.log(timeline.aInitial());
    Jet entry = background.logScaleFactor(cone.lengthMpcH());
    LimitException.require(entry.value() > first, "a where chi is the box's length",
        StrictMath.exp(entry.value()), "above a-initial = " + timeline.aInitial(),
        "simulation.a-initial or simulation.box-mpc-h");
    for (int n = 0; n < cone.stepsBefore(); n++) {
      double part = n / (double) cone.stepsBefore();
      x[n] = Jet.constant(first * (1 - part)).plus(entry.times(part));
    }
    for (int plane = 0; plane <= cone.planes(); plane++)
      x[cone.stepsBefore() + plane] = background
          .logScaleFactor(cone.lengthMpcH() * ((cone.planes() - plane) / (double) cone.planes()));
    return x;
  }

  /** a of a step's beginning, or of the end of the step before. */
  double edge(int n) {
    return n == 0 ? timeline.aInitial() : StrictMath.exp(edges[n].value());
  }

  StepCoefficients coefficients(RootPower power) throws LimitException {
    Jet[] all = new Jet[StepCoefficients.LPT + StepCoefficients.PER_STEP * steps];
    boolean second = timeline.lptOrder() == 2;
    all[0] = growth[0].first();
    all[1] = second ? growth[0].second() : Jet.constant(0);
    all[2] = second ? growth[0].secondRate().over(growth[0].firstRate()) : Jet.constant(0);
    Jet decay = Jet.ONE;
    double momentum = 1;
    for (int n = 0; n < steps; n++) {
      Jet h = growth[n + 1].first().minus(growth[n].first()).times(0.5);
      Jet middle = growth[n].first().plus(h);
      Jet alpha = alpha(n, h, middle);
      LimitException.require(alpha.value() >= StepCoefficients.LEAST_ALPHA, "alpha of step " + n, alpha.value(),
          "at least " + StepCoefficients.LEAST_ALPHA, STEPS_KEY);
      Jet beta = Jet.ONE.minus(alpha).over(middle);
      Jet next = alpha.times(decay);
      all[3 + 3 * n] = h.times(decay);
      all[4 + 3 * n] = beta.over(next);
      all[5 + 3 * n] = h.times(next);
      decay = next;
      momentum *= alpha.value();
    }
    return new StepCoefficients(Coefficients.of(background.theta(), all), 1 / momentum, power);
  }

  /** α of a step: FastPM's G_f(a_n)/G_f(a_{n+1}), or BullFrog's (ℰ̇_{n+1} − b)/(ℰ̇_n − b). */
  private Jet alpha(int n, Jet h, Jet middle) {
    return switch (timeline.scheme()) {
      case FASTPM -> growth[n].momentum().over(growth[n + 1].momentum());
      case BULLFROG -> {
        Jet rate = growth[n].secondRate().over(growth[n].firstRate()).negated();
        Jet rateNext = growth[n + 1].secondRate().over(growth[n + 1].firstRate()).negated();
        Jet b = h.times(rate).minus(growth[n].second()).over(middle).minus(middle);
        yield rateNext.minus(b).over(rate.minus(b));
      }
    };
  }
}
