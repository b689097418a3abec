package org.halocline.cosmology.timeline;

import static org.halocline.cosmology.background.Reference.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Reference;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class StepCoefficientsTest {
  private static final double K_MAX = 1;
  private static final double K_MIN = 0.005;

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "snapshot_fastpm", "lightcone"})
  void shouldMatchReferenceSteps(String name) throws Exception {
    JsonNode json = Reference.json(name);
    Edges edges = json.has("steps")
        ? new Edges.Snapshot(json.get("steps").asInt(), Spacing.A)
        : new Edges.LightCone(json.get("steps_before_light_cone").asInt(), json.get("planes").asInt(),
            json.get("box_mpc_h").get(2).asDouble());
    var timeline = new Timeline(json.get("a_initial").asDouble(), json.get("lpt_order").asInt(),
        json.get("scheme").asText().equals("fastpm") ? Scheme.FASTPM : Scheme.BULLFROG, edges);
    var found = StepCoefficients.compute(Reference.cosmology(json.get("cosmology")).theta(), timeline, K_MAX, K_MIN);
    JsonNode rows = json.get("coefficients_h_alpha_beta_dmid");
    assertEquals(rows.size(), found.steps());
    double decay = 1;
    double foundDecay = 1;
    for (int n = 0; n < rows.size(); n++) {
      double driftIn = found.value(found.driftIn(n));
      double alpha = found.value(found.driftOut(n)) / driftIn;
      double beta = found.value(found.kick(n)) * foundDecay * alpha;
      double[] columns = {driftIn / foundDecay, alpha, beta, (1 - alpha) / beta};
      foundDecay *= alpha;
      for (int c = 0; c < columns.length; c++) {
        // beta is (1 − alpha)/D_m: near alpha = 1 an error of alpha grows by 1/(1 − alpha)
        double tolerance = c == 2 ? 1e-9 / (1 - alpha) : 1e-9;
        assertClose(rows.get(n).get(c).asDouble(), columns[c], tolerance, "column " + c + " of step " + n);
      }
      double h = rows.get(n).get(0).asDouble();
      assertClose(h * decay, found.value(found.driftIn(n)), 2e-9, "drift before the kick");
      decay *= rows.get(n).get(1).asDouble();
      assertClose(h * decay, found.value(found.driftOut(n)), 2e-9, "drift after the kick");
      assertClose(rows.get(n).get(2).asDouble() / decay, found.value(found.kick(n)), 1e-8, "kick");
    }
    assertClose(1 / decay, found.momentumGrowth(), 2e-9, "momentum growth");
    var schedule = new Schedule(Background.of(Reference.cosmology(json.get("cosmology")).theta()), timeline);
    for (int n = 0; n <= rows.size(); n++)
      assertClose(json.get("edges_a").get(n).asDouble(), schedule.edge(n), 1e-9, "edge " + n);
  }

  static Stream<Arguments> timelines() {
    List<Arguments> all = new ArrayList<>();
    List<Edges> edges = new ArrayList<>(List.of(new Edges.LightCone(3, 4, 1500)));
    for (Spacing spacing : Spacing.values())
      edges.add(new Edges.Snapshot(5, spacing));
    for (String cosmology : List.of("lcdm", "w0wa", "curved"))
      for (Scheme scheme : Scheme.values())
        for (Edges e : edges)
          for (int order = 1; order <= 2; order++)
            all.add(Arguments.of(cosmology, new Timeline(0.1, order, scheme, e)));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("timelines")
  void shouldDifferentiateEveryCoefficient(String name, Timeline timeline) throws Exception {
    Cosmology c = Reference.cosmology(name);
    var found = StepCoefficients.compute(c.theta(), timeline, K_MAX, K_MIN);
    for (Parameter p : Cosmology.PARAMETERS) {
      double step = 1e-4;
      double[][] at = new double[4][];
      double[] offsets = {-2, -1, 1, 2};
      for (int i = 0; i < 4; i++) {
        var moved = StepCoefficients.compute(Reference.moved(c, p, offsets[i] * step).theta(), timeline, K_MAX, K_MIN);
        at[i] = new double[moved.count()];
        for (int k = 0; k < moved.count(); k++)
          at[i][k] = moved.value(k);
      }
      for (int k = 0; k < found.count(); k++) {
        double numeric = (8 * (at[2][k] - at[1][k]) - (at[3][k] - at[0][k])) / (12 * step);
        double analytic = found.jacobianRow(k)[Cosmology.PARAMETERS.indexOf(p)];
        double scale = Math.abs(found.value(k)) + Math.abs(numeric);
        int coefficient = k;
        assertTrue(Math.abs(numeric - analytic) <= 2e-7 * scale,
            () -> p + " of coefficient " + coefficient + ": numeric " + numeric + ", analytic " + analytic);
      }
    }
  }

  @Test
  void shouldPullCotangentsBackThroughTheJacobian() throws Exception {
    var found = lightCone(Reference.LCDM);
    var random = new Random(5);
    double[] cotangents = random.doubles(found.count()).toArray();
    double[] gradient = found.pullBack(cotangents);
    for (Parameter p : Cosmology.PARAMETERS) {
      double sum = 0;
      for (int k = 0; k < found.count(); k++)
        sum += cotangents[k] * found.jacobianRow(k)[Cosmology.PARAMETERS.indexOf(p)];
      assertEquals(sum, gradient[Cosmology.PARAMETERS.indexOf(p)], 1e-13 * (1 + Math.abs(sum)), p.name());
    }
    assertThrows(IllegalArgumentException.class, () -> found.pullBack(new double[3]));
  }

  @Test
  void shouldTravelAsBits() throws Exception {
    var found = lightCone(Reference.W0WA);
    double[] flat = found.toArray();
    var back = StepCoefficients.from(flat);
    assertArrayEquals(flat, back.toArray());
    for (int k = 0; k < found.count(); k++) {
      assertEquals(found.value(k), back.value(k));
      assertArrayEquals(found.jacobianRow(k), back.jacobianRow(k));
    }
    assertEquals(found.momentumGrowth(), back.momentumGrowth());
    assertEquals(found.rootPower().at(0.1), back.rootPower().at(0.1));
    assertArrayEquals(flat, lightCone(Reference.W0WA).toArray(), "computed twice");
    for (int length : new int[]{0, 3, 4, 40, flat.length - 1, flat.length + 1}) {
      double[] other = Arrays.copyOf(flat, length);
      assertThrows(IllegalArgumentException.class, () -> StepCoefficients.from(other), () -> length + " numbers");
    }
    double[] odd = flat.clone();
    odd[1] = Double.POSITIVE_INFINITY;
    assertThrows(IllegalArgumentException.class, () -> StepCoefficients.from(odd));
  }

  @Test
  void shouldNameTheStepWhoseAlphaIsTooSmall() {
    var timeline = new Timeline(0.02, 2, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.A));
    LimitException e = assertThrows(LimitException.class,
        () -> StepCoefficients.compute(Reference.LCDM.theta(), timeline, K_MAX, K_MIN));
    System.out.println(e.getMessage());
    assertTrue(e.quantity().contains("alpha of step 0") && e.value() < 0.05 && e.key().contains("simulation.a-initial"),
        e.getMessage());
  }

  @Test
  void shouldRefuseABoxThatReachesBeyondTheBeginning() {
    for (double length : new double[]{6500, 20_000}) {
      var timeline = new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.LightCone(3, 4, length));
      LimitException e = assertThrows(LimitException.class,
          () -> StepCoefficients.compute(Reference.LCDM.theta(), timeline, K_MAX, K_MIN));
      System.out.println(e.getMessage());
      assertTrue(e.key().contains("simulation.box-mpc-h"), e.getMessage());
    }
  }

  /** For every point that a sampler proposes there are finite numbers or a limit, soon. */
  @Test
  void shouldStayFiniteOrNameALimitAnywhere() {
    long seed = 20261122;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    List<Arguments> timelines = timelines().toList();
    int limits = 0;
    int finite = 0;
    for (int i = 0; i < 1500; i++) {
      Theta theta = Theta.usual(Cosmology.PARAMETERS);
      for (Parameter p : Cosmology.PARAMETERS) {
        double share = i % 3 == 0 ? 1.2 * random.nextDouble() - 0.1 : random.nextDouble();
        theta = theta.with(p.name(), p.least() + share * (p.most() - p.least()));
      }
      var c = Cosmology.of(theta);
      if (i % 2 == 0)
        c = Reference.with(c, Cosmology.OMEGA_B, 0.3 * c.omegaM());
      if (i % 50 == 0) {
        Parameter p = Cosmology.PARAMETERS.get(random.nextInt(8));
        double[] odd = {Double.NaN, Double.POSITIVE_INFINITY, 1e308, -1e308, 1e-300, 0};
        c = Reference.with(c, p, odd[random.nextInt(odd.length)]);
      }
      var timeline = (Timeline) timelines.get(random.nextInt(timelines.size())).get()[1];
      try {
        for (double v : StepCoefficients.compute(c.theta(), timeline, K_MAX, K_MIN).toArray())
          if (!Double.isFinite(v))
            throw new AssertionError(v + " at " + c);
        finite++;
      } catch (LimitException e) {
        assertTrue(e.getMessage().length() < 400, e.getMessage());
        limits++;
      }
    }
    System.out.println(finite + " finite, " + limits + " limits");
    assertTrue(finite > 100 && limits > 100);
  }

  private static StepCoefficients lightCone(Cosmology c) throws LimitException {
    return StepCoefficients.compute(c.theta(), new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.LightCone(3, 4, 1500)),
        K_MAX, K_MIN);
  }
}
