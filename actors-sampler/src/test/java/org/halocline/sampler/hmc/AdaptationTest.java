package org.halocline.sampler.hmc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import org.halocline.sampler.adapt.Covariance;
import org.halocline.sampler.adapt.DualAveraging;
import org.halocline.sampler.adapt.Windows;
import org.halocline.sampler.kernel.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class AdaptationTest {
  private static final HmcSettings SETTINGS = new HmcSettings(200, 0.8, 0.1, Math.PI / 2, 0.25, 64, true);

  @Test
  void shouldConvergeToTheStepOfTheTargetAcceptance() {
    Random random = new Random(1);
    DualAveraging averaging = DualAveraging.at(1.0, 0.8);
    for (int i = 0; i < 500; i++) // acceptance falls with the step: 0.8 at 0.05
      averaging = averaging.learn(acceptance(averaging.trial()) + 0.05 * random.nextGaussian());
    assertEquals(0.05, averaging.averaged(), 0.005);
  }

  private static double acceptance(double step) {
    return Math.exp(-89.3 * step * step);
  }

  @Test
  void shouldPlanStansWindows() {
    Windows stan = Windows.of(1000);
    assertEquals(75, stan.slowStart());
    assertEquals(List.of(100, 150, 250, 450, 950), stan.ends());
    Windows brief = Windows.of(200);
    assertEquals(30, brief.slowStart());
    assertEquals(List.of(50, 90, 170), brief.ends());
    assertFalse(brief.slow(29) || brief.slow(170));
    assertTrue(brief.slow(30) && brief.slow(169) && brief.endsWith(49) && brief.endsWith(169));
    for (int draws = 0; draws < 400; draws++) {
      Windows windows = Windows.of(draws);
      int before = windows.slowStart();
      for (int end : windows.ends()) {
        assertTrue(end > before + 1 && end <= draws, draws + ": " + windows);
        before = end;
      }
    }
  }

  @Test
  void shouldLearnTheCovarianceOfItsDraws() {
    Random random = new Random(5);
    double[] unit = {1, 0, 0, 1};
    Covariance covariance = new Covariance(2);
    for (int i = 0; i < 20000; i++) {
      double x = random.nextGaussian();
      covariance.add(new double[]{3 + 2 * x, -x + random.nextGaussian()});
    }
    assertArrayEquals(new double[]{4, -2, -2, 2}, covariance.regularised(true, unit), 0.15);
    assertEquals(0, covariance.regularised(false, unit)[1]);
  }

  @Test
  void shouldDrawMomentaWhoseCovarianceIsTheMetric() {
    Metric metric = Metric.of(2, new double[]{4, -2, -2, 2});
    Random random = new Random(8);
    double xx = 0;
    double xy = 0;
    int n = 20000;
    for (int i = 0; i < n; i++) {
      double[] p = metric.momentum(new double[]{random.nextGaussian(), random.nextGaussian()});
      xx += p[0] * p[0] / n;
      xy += p[0] * p[1] / n;
    }
    assertEquals(0.5, xx, 0.02); // the inverse of [[4, −2], [−2, 2]] is [[½, ½], [½, 1]]
    assertEquals(0.5, xy, 0.03);
    assertArrayEquals(new double[]{2, 0}, metric.velocity(new double[]{1, 1}), 1e-12);
    assertEquals(1, metric.kinetic(new double[]{1, 1}), 1e-12);
  }

  @Test
  void shouldGoOnFromItsStateBitForBit() {
    HmcPolicy whole = new HmcPolicy(SETTINGS, 3, 1, 2);
    HmcPolicy resumed = new HmcPolicy(SETTINGS, 3, 1, 2);
    for (int draw = 0; draw < 230; draw++) {
      HmcMove plan = whole.next(draw);
      HmcMove other = resumed.next(draw);
      assertEquals(plan.stepSize(), other.stepSize());
      assertEquals(plan.steps(), other.steps());
      assertArrayEquals(plan.inverseMetric(), other.inverseMetric());
      Random random = new Random(0x9E3779B97F4A7C15L * (draw + 1));
      double[] u = {random.nextGaussian(), 0.1 * random.nextGaussian()};
      whole.learn(plan, acceptance(plan.stepSize()), u);
      JsonNode before = resumed.state();
      resumed = new HmcPolicy(SETTINGS, 3, 1, 2);
      resumed.restore(before);
      resumed.learn(other, acceptance(other.stepSize()), u);
    }
    assertEquals(0.05, whole.stepSize(), 0.02);
    assertEquals("sampling", whole.phase(230));
    assertEquals(1, whole.metric().inverse()[0], 0.4);
    assertEquals(0.01, whole.metric().inverse()[3], 0.005);
  }

  @Test
  void shouldKeepEarlyTrajectoriesShort() {
    HmcPolicy policy = new HmcPolicy(SETTINGS, 3, 0, 1);
    for (int draw = 0; draw < 60; draw++) {
      HmcMove plan = policy.next(draw);
      assertTrue(plan.steps() <= (draw < 30 ? 10 : 64) && plan.descent() == draw < 30);
      policy.learn(plan, acceptance(plan.stepSize()), new double[]{0});
    }
  }
}
