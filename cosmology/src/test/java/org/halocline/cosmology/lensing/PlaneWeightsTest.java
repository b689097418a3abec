package org.halocline.cosmology.lensing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Reference;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class PlaneWeightsTest {

  private static LensingKernel kernel() throws Exception {
    return new LensingKernel(SourceTable.read(Reference.ROOT.resolve("lightcone/nz.csv")).sources(), 4, 1500,
        Distance.TRANSVERSE);
  }

  private static Coefficients compute(Cosmology c) throws Exception {
    return PlaneWeights.compute(Background.within(c.theta()), kernel()).coefficients();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lcdm", "w0wa", "curved"})
  void shouldDifferentiateEveryWeightAndDistance(String name) throws Exception {
    Cosmology c = Reference.cosmology(name);
    Coefficients found = compute(c);
    double step = 1e-4;
    for (Parameter p : Cosmology.PARAMETERS) {
      Coefficients[] at = new Coefficients[4];
      double[] offsets = {-2, -1, 1, 2};
      for (int i = 0; i < 4; i++)
        at[i] = compute(Reference.moved(c, p, offsets[i] * step));
      for (int k = 0; k < found.count(); k++) {
        double numeric = (8 * (at[2].value(k) - at[1].value(k)) - (at[3].value(k) - at[0].value(k))) / (12 * step);
        double analytic = found.jacobianRow(k)[Cosmology.PARAMETERS.indexOf(p)];
        int coefficient = k;
        assertTrue(Math.abs(numeric - analytic) <= 2e-7 * (Math.abs(found.value(k)) + Math.abs(numeric)),
            () -> p + " of coefficient " + coefficient + ": numeric " + numeric + ", analytic " + analytic);
      }
    }
  }

  @Test
  void shouldPullCotangentsBackThroughTheJacobian() throws Exception {
    Coefficients found = compute(Reference.LCDM);
    double[] cotangents = new Random(5).doubles(found.count()).toArray();
    double[] gradient = new double[8];
    Arrays.fill(gradient, 0.25);
    found.addPullBack(cotangents, gradient);
    for (int p = 0; p < 8; p++) {
      double sum = 0.25;
      for (int k = 0; k < found.count(); k++)
        sum += cotangents[k] * found.jacobianRow(k)[p];
      assertEquals(sum, gradient[p], 1e-13 * (1 + Math.abs(sum)));
    }
    assertThrows(IllegalArgumentException.class, () -> found.addPullBack(new double[3], gradient));
  }

  @Test
  void shouldTravelAsBits() throws Exception {
    double[] flat = compute(Reference.W0WA).toArray();
    assertArrayEquals(flat, Coefficients.from(flat).toArray());
    assertArrayEquals(flat, compute(Reference.W0WA).toArray(), "computed twice");
    for (int length : new int[]{0, 1, 2, flat.length - 1})
      assertThrows(IllegalArgumentException.class, () -> Coefficients.from(Arrays.copyOf(flat, length)),
          () -> length + " numbers");
    double[] odd = flat.clone();
    odd[1] = Double.POSITIVE_INFINITY;
    assertThrows(IllegalArgumentException.class, () -> Coefficients.from(odd));
  }

  /** The share that lies in the far planes falls to zero for sources that are nearer. */
  @Test
  void shouldWeighPlanesByTheirEfficiency() throws Exception {
    var sources = new Sources(new double[]{0, 0.199, 0.2, 0.201}, new double[][]{{0, 0, 1, 0}});
    var kernel = new LensingKernel(sources, 8, 1600, Distance.TRANSVERSE);
    var background = Background.of(Reference.LCDM.theta());
    double source = background.distanceMpcH(1 / 1.2);
    double[] found = PlaneWeights.compute(background, kernel).weights();
    for (int plane = 0; plane < 8; plane++) {
      double chi = (plane + 0.5) * 200;
      double a = background.scaleFactor(chi);
      double expected = 1.5 * 0.3089 / (2997.92458 * 2997.92458) * 200 * chi / a * Math.max(0, 1 - chi / source);
      assertEquals(expected, found[plane], 1e-12 * expected);
    }
  }

  /** For any point that a sampler proposes: finite numbers or a limit. */
  @Test
  void shouldStayFiniteOrNameALimitAnywhere() throws Exception {
    LensingKernel kernel = kernel();
    Random random = new Random(20261130);
    int limits = 0;
    int finite = 0;
    for (int i = 0; i < 300; i++) {
      Theta theta = Theta.usual(Cosmology.PARAMETERS);
      for (Parameter p : Cosmology.PARAMETERS)
        theta = theta.with(p.name(), p.least() + random.nextDouble() * (p.most() - p.least()));
      if (i % 2 == 0)
        theta = theta.with("omega-b", 0.3 * theta.value("omega-m"));
      try {
        for (double v : PlaneWeights.compute(Background.within(theta), kernel).coefficients().toArray())
          assertTrue(Double.isFinite(v), v + " at " + theta);
        finite++;
      } catch (LimitException e) {
        assertTrue(e.getMessage().length() < 400, e.getMessage());
        limits++;
      }
    }
    System.out.println(finite + " finite, " + limits + " limits");
    assertTrue(finite > 20 && limits > 20);
  }
}
