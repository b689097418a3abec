package org.halocline.cosmology.background;

import java.util.Optional;

import org.halocline.cosmology.background.Background.GrowthJet;
import org.halocline.cosmology.lensing.Distance;
import org.halocline.cosmology.lensing.LensingKernel;

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
    for (int plane = 0; plane <= cone.planes(); plane++) {
      x[cone.stepsBefore() + plane] = background
          .logScaleFactor(cone.lengthMpcH() * ((cone.planes() - plane) / (double) cone.planes()));
    }
    return x;
  }

  Coefficients coefficients(Theta theta, Optional<LensingKernel> lensing, RootPower power)
      throws LimitException {
    int bins = lensing.map(LensingKernel::bins).orElse(0);
    int planes = lensing.map(LensingKernel::planes).orElse(0);
    int count = Coefficients.count(steps, bins, planes);
    Jet[] all = new Jet[count];
    double[] course = new double[5 * steps + 1];
    boolean second = timeline.lptOrder() == 2;
    all[0] = growth[0].first();
    all[1] = second ? growth[0].second() : Jet.constant(0);
    all[2] = second ? growth[0].secondRate().over(growth[0].firstRate()) : Jet.constant(0);
    Jet decay = Jet.ONE;
    for (int n = 0; n < steps; n++) {
      Jet h = growth[n + 1].first().minus(growth[n].first()).times(0.5);
      Jet middle = growth[n].first().plus(h);
      Jet alpha = alpha(n, h, middle);
      LimitException.require(alpha.value() >= Coefficients.LEAST_ALPHA, "alpha of step " + n, alpha.value(),
          "at least " + Coefficients.LEAST_ALPHA, STEPS_KEY);
      Jet beta = Jet.ONE.minus(alpha).over(middle);
      Jet next = alpha.times(decay);
      all[3 + 3 * n] = h.times(decay);
      all[4 + 3 * n] = beta.over(next);
      all[5 + 3 * n] = h.times(next);
      decay = next;
      course[steps + 1 + n] = h.value();
      course[2 * steps + 1 + n] = alpha.value();
      course[3 * steps + 1 + n] = beta.value();
      course[4 * steps + 1 + n] = middle.value();
    }
    for (int n = 0; n <= steps; n++) { course[n] = n == 0 ? timeline.aInitial() : StrictMath.exp(edges[n].value()); }
    if (lensing.isPresent()) {
      planeWeights(Cosmology.of(theta), lensing.get(), all, 3 + 3 * steps);
    }
    double[] values = new double[count];
    double[] jacobian = new double[count * theta.size()];
    for (int i = 0; i < count; i++) {
      LimitException.require(all[i].isFinite(), "coefficient " + i + " or its derivative", all[i].value(), "finite",
          "the cosmology");
      values[i] = all[i].value();
      all[i].toRow(theta, jacobian, i * theta.size());
    }
    return new Coefficients(theta.size(), steps, bins, planes, values, jacobian, course, power);
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

  private void planeWeights(Cosmology cosmology, LensingKernel kernel, Jet[] all, int at) throws LimitException {
    if (!(timeline.edges() instanceof Edges.LightCone cone) || cone.planes() != kernel.planes()
        || cone.lengthMpcH() != kernel.lengthMpcH()) {
      throw new IllegalArgumentException("lensing by " + kernel.planes() + " planes over " + kernel.lengthMpcH()
          + " Mpc/h does not fit " + timeline.edges());
    }
    int planes = kernel.planes();
    double thickness = kernel.lengthMpcH() / planes;
    double length2 = Background.HUBBLE_LENGTH_MPC_H * Background.HUBBLE_LENGTH_MPC_H;
    Jet strength = new Jet(cosmology.omegaM(), 1, 0, 0, 0).times(1.5 * thickness / length2);
    double omegaK = cosmology.omegaK();
    boolean transverse = kernel.distance() == Distance.TRANSVERSE;
    Jet[] front = new Jet[planes];
    double[] sines = new double[Jet.SIZE * planes];
    double[] cosines = new double[Jet.SIZE * planes];
    for (int plane = 0; plane < planes; plane++) {
      double chi = kernel.planeDistanceMpcH(plane);
      Jet x = background.logScaleFactor(chi);
      double a = StrictMath.exp(x.value());
      Curvature there = curvature(transverse, Jet.constant(chi), omegaK, "the middle of lens plane " + plane,
          "simulation.box-mpc-h");
      front[plane] = strength.times(there.distance()).over(x.chain(a, a));
      there.distance().into(sines, plane, planes);
      there.slope().into(cosines, plane, planes);
      all[at + kernel.bins() * planes + plane] = there.distance();
    }
    double[] efficiency = kernel.efficiency(inverseDistances(kernel, transverse, omegaK), sines, cosines);
    for (int bin = 0; bin < kernel.bins(); bin++) {
      for (int plane = 0; plane < planes; plane++) {
        int place = bin * planes + plane;
        all[at + place] = front[plane].times(Jet.of(efficiency, place, kernel.bins() * planes));
      }
    }
  }

  private static Curvature curvature(boolean transverse, Jet chi, double omegaK, String what, String key)
      throws LimitException {
    return transverse ? Curvature.at(chi, omegaK, what, key) : new Curvature(chi, Jet.ONE);
  }

  /** f_K′/f_K at χ(z) of the table's z and its four derivatives, [component][z]; infinite at z = 0, 0 beyond closed space. */
  private double[] inverseDistances(LensingKernel kernel, boolean transverse, double omegaK) throws LimitException {
    double[] x = kernel.logScaleFactors();
    double[] inverse = new double[Jet.SIZE * x.length];
    for (int i = 0; i < x.length; i++) {
      if (x[i] == 0) {
        inverse[i] = Double.POSITIVE_INFINITY;
        continue;
      }
      Jet chi = background.distance(x[i]);
      if (!transverse || kernel.hasSources(i) || chi.value() < background.farthestMpcH()) {
        Curvature there = curvature(transverse, chi, omegaK,
            "sources at z = " + (float) StrictMath.expm1(-x[i]), "lensing.sources");
        there.slope().over(there.distance()).into(inverse, i, x.length);
      }
    }
    return inverse;
  }
}
