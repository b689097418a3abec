package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.Reference.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.halocline.cosmology.background.Background.GrowthJet;
import org.halocline.cosmology.theta.LimitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class BackgroundTest {

  /** The reference starts at a = 1e-4 as if there were no curvature, which its D2 remembers to 6e-8 at a = 0.02. */
  @ParameterizedTest
  @ValueSource(strings = {"lcdm", "w0wa", "curved"})
  void shouldMatchReferenceBackground(String name) throws Exception {
    var background = Background.of(Reference.cosmology(name).theta());
    var expansion = new Expansion(Reference.cosmology(name));
    List<double[]> rows = Reference.csv("background_" + name + ".csv");
    assertEquals(50, rows.size());
    double worst = 0;
    for (double[] row : rows) {
      double a = row[0];
      GrowthJet g = Reference.growth(background, a);
      double rate = 1 / (a * Math.sqrt(a) * expansion.rate(StrictMath.log(a), a));
      double[] found = {a, rate, background.distanceMpcH(a), g.first().value(), g.firstRate().value(),
          g.second().value(), g.secondRate().value(),
          g.momentum().value()};
      for (int i = 1; i < row.length; i++) {
        if (Math.abs(row[i]) > 1e-9)
          worst = Math.max(worst, Math.abs(found[i] / row[i] - 1));
        double relative = name.equals("curved") && i >= 5 ? 1e-7 : 1e-8;
        assertEquals(row[i], found[i], relative * Math.abs(row[i]) + 1e-11, "column " + i + " at a = " + a);
      }
    }
    System.out.println(name + " background: worst relative difference " + worst);
  }

  @Test
  void shouldInvertDistanceAndGrowth() throws Exception {
    for (Cosmology c : List.of(Reference.LCDM, Reference.W0WA, Reference.CURVED)) {
      var background = Background.of(c.theta());
      for (double a : new double[]{2e-4, 0.013, 0.1, 0.37, 0.5, 0.99, 1}) {
        assertClose(a, background.scaleFactor(background.distanceMpcH(a)), 1e-12, "a of chi");
        Jet target = Jet.constant(Reference.growth(background, a).first().value());
        assertClose(a, StrictMath.exp(background.logScaleFactorAtGrowth(target).value()), 1e-12, "a of D1");
      }
    }
  }

  /** In an Einstein-de Sitter universe D1 = a, D2 = 3a²/7, χ = 2 c/H0 (1 − √a). */
  @Test
  void shouldMatchEinsteinDeSitter() throws Exception {
    var background = Background.of(new Cosmology(1, 0.05, 0.7, 1, 0.8, -1, 0, 0).theta());
    for (double a : new double[]{1e-3, 0.1, 0.5, 0.9}) {
      GrowthJet g = Reference.growth(background, a);
      assertClose(a, g.first().value(), 1e-10, "D1");
      assertClose(a, g.firstRate().value(), 1e-10, "D1'");
      assertClose(3 * a * a / 7, g.second().value(), 1e-10, "D2");
      assertClose(6 * a * a / 7, g.secondRate().value(), 1e-10, "D2'");
      assertClose(2 * Background.HUBBLE_LENGTH_MPC_H * (1 - Math.sqrt(a)), background.distanceMpcH(a), 1e-11, "chi");
    }
  }

  @Test
  void shouldRefuseUniversesWithoutAPresent() {
    for (Cosmology c : List.of(new Cosmology(0.3, 0.05, 0.7, 1, 0.8, -1, 0, -20),
        new Cosmology(-0.1, 0.05, 0.7, 1, 0.8, -1, 0, 0), new Cosmology(0.3, 0.05, 0.7, 1, 0.8, 60, 0, 0),
        new Cosmology(Double.NaN, 0.05, 0.7, 1, 0.8, -1, 0, 0),
        new Cosmology(0.3, 0.05, 0.7, 1, 0.8, Double.NEGATIVE_INFINITY, 0, 0))) {
      LimitException e = assertThrows(LimitException.class, () -> Background.of(c.theta()), c::toString);
      assertTrue(e.getMessage().contains("cosmology."), e.getMessage());
    }
  }

  @Test
  void shouldRefuseScaleFactorsOutsideItsRange() throws Exception {
    var background = Background.of(Reference.LCDM.theta());
    assertThrows(IllegalArgumentException.class, () -> background.distanceMpcH(1.01));
    assertThrows(IllegalArgumentException.class, () -> background.distanceMpcH(1e-5));
    assertThrows(LimitException.class, () -> background.scaleFactor(1e5));
  }
}
