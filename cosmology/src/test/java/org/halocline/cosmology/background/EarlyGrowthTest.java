package org.halocline.cosmology.background;

import static org.halocline.cosmology.background.Reference.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Background.GrowthJet;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The growing mode where dark energy does not vanish early. */
@Timeout(300)
class EarlyGrowthTest {
  private static final Path EXPECTED = Path.of("src/test/resources/growth/growth.csv");

  private static Cosmology cosmology(double[] row) {
    return new Cosmology(row[0], 0.005, 0.7, 0.96, 0.8, row[1], row[2], row[3]);
  }

  private static List<double[]> rows() throws Exception {
    return Files.readAllLines(EXPECTED).stream().skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray()).toList();
  }

  /** growth.py beside the numbers made them, from other equations, other variables and a start at ln a = −6000. */
  @Test
  void shouldFollowTheGrowingModeFromTheBeginning() throws Exception {
    double worst = 0;
    for (double[] row : rows()) {
      GrowthJet g = Reference.growth(Background.of(cosmology(row).theta()), row[4]);
      double[] found = {g.first().value(), g.firstRate().value(), g.second().value(), g.secondRate().value()};
      for (int i = 0; i < found.length; i++) {
        worst = Math.max(worst, Math.abs(found[i] / row[5 + i] - 1));
        assertClose(row[5 + i], found[i], 5e-7,
            "number " + i + " of " + List.of(row[0], row[1], row[2], row[3], row[4]));
      }
    }
    System.out.println("early growth: worst relative difference " + worst);
  }

  @Test
  void shouldDifferentiateTheGrowingMode() throws Exception {
    List<Parameter> entering = List.of(Cosmology.OMEGA_M, Cosmology.OMEGA_K, Cosmology.W0, Cosmology.WA);
    double step = 2e-5;
    for (double[] row : rows().stream().filter(row -> row[4] == 0.01).toList()) {
      Cosmology c = cosmology(row);
      double x = StrictMath.log(row[4]);
      double[][] exact = numbers(c, x);
      for (int p = 0; p < entering.size(); p++) {
        Parameter parameter = entering.get(p);
        double[][][] at = new double[4][][];
        double[] offsets = {-2, -1, 1, 2};
        for (int i = 0; i < 4; i++)
          at[i] = numbers(Reference.moved(c, parameter, offsets[i] * step), x);
        for (int i = 0; i < exact.length; i++) {
          double numeric = (8 * (at[2][i][0] - at[1][i][0]) - (at[3][i][0] - at[0][i][0])) / (12 * step);
          assertEquals(numeric, exact[i][p + 1], 2e-6 * (Math.abs(numeric) + exact[i][0]),
              parameter + " of number " + i + " at a = " + row[4] + " of " + c);
        }
      }
    }
  }

  /** D1, D1′, D2, D2′ and G_f, each with its four derivatives. */
  private static double[][] numbers(Cosmology c, double x) throws LimitException {
    GrowthJet g = Background.of(c.theta()).growth(Jet.constant(x));
    double[][] all = new double[5][Jet.SIZE];
    Jet[] jets = {g.first(), g.firstRate(), g.second(), g.secondRate(), g.momentum()};
    for (int i = 0; i < all.length; i++)
      jets[i].into(all[i], 0, 1);
    return all;
  }

  /** Dark energy that repels from the beginning on, and a beginning that no number holds. */
  @Test
  void shouldRefuseUniversesWithoutABeginning() {
    for (Cosmology c : List.of(new Cosmology(0.9, 0.05, 0.7, 1, 0.8, -0.5, 0.6, 0.4),
        new Cosmology(0.3, 0.05, 0.7, 1, 0.8, -1, 30, 0))) {
      LimitException e = assertThrows(LimitException.class, () -> Background.of(c.theta()), c::toString);
      assertTrue(e.getMessage().contains("cosmology.w0"), e.getMessage());
    }
  }
}
