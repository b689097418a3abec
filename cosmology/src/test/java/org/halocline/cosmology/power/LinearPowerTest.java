package org.halocline.cosmology.power;

import static org.halocline.cosmology.background.Reference.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Reference;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LinearPowerTest {

  @Test
  void shouldMatchReferencePower() throws Exception {
    var power = LinearPower.of(Reference.LCDM);
    List<double[]> rows = Reference.csv("power_lcdm.csv");
    assertEquals(200, rows.size());
    var transfer = new TransferFunction(Reference.LCDM);
    double[] t = new double[TransferFunction.SIZE];
    double worstT = 0;
    double worstP = 0;
    for (double[] row : rows) {
      transfer.evaluate(row[0], StrictMath.log(row[0]), t);
      worstT = Math.max(worstT, Math.abs(t[TransferFunction.T] / row[1] - 1));
      worstP = Math.max(worstP, Math.abs(power.at(row[0]) / row[2] - 1));
    }
    System.out.println("power: worst relative difference of T " + worstT + ", of P " + worstP);
    assertTrue(worstT < 1e-8, "T off by " + worstT);
    assertTrue(worstP < 1e-8, "P off by " + worstP);
  }

  /** σ8 by brute force: a million Simpson intervals in ln k. */
  @Test
  void shouldBeNormalisedToSigma8() throws Exception {
    for (Cosmology c : List.of(Reference.LCDM, new Cosmology(0.15, 0.06, 0.9, 1.1, 0.6, -1, 0, 0),
        new Cosmology(0.5, 0.02, 0.5, 0.8, 1.2, -1, 0, 0))) {
      var power = LinearPower.of(c);
      int n = 60_000;
      double low = Math.log(1e-5);
      double step = (Math.log(50) - low) / n;
      double sum = 0;
      for (int i = 0; i <= n; i++) {
        double k = Math.exp(low + i * step);
        double x = 8 * k;
        double w = x < 1e-2 ? 1 - x * x / 10 : 3 * (Math.sin(x) - x * Math.cos(x)) / (x * x * x);
        sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * k * k * k * power.at(k) * w * w;
      }
      double sigma8 = Math.sqrt(sum * step / 3 / (2 * Math.PI * Math.PI));
      System.out.println("sigma8 by brute force over that asked for, less one: " + (sigma8 / c.sigma8() - 1));
      assertClose(c.sigma8(), sigma8, 2e-9, "sigma8");
    }
  }

  @Test
  void shouldInterpolateWithinItsTolerance() throws Exception {
    for (Cosmology c : List.of(Reference.LCDM, new Cosmology(0.15, 0.045, 0.9, 1.1, 0.6, -1, 0, 0),
        new Cosmology(0.5, 0.05, 0.6, 0.8, 1.2, -1, 0, 0)))
      for (double[] range : new double[][]{{0.003, 0.5}, {0.01, 3}, {1e-4, 20}}) {
        var power = LinearPower.of(c);
        var root = RootPower.of(power, range[0], range[1]);
        double worst = 0;
        double worstAt = 0;
        for (int i = 0; i <= 20_000; i++) {
          double k = range[0] * StrictMath.pow(range[1] / range[0], i / 20_000.0);
          double off = Math.abs(root.at(k) / Math.sqrt(power.at(k)) - 1);
          if (off > worst) {
            worst = off;
            worstAt = k;
          }
        }
        System.out.println(
            root.nodes() + " nodes for k " + range[0] + "…" + range[1] + ": worst " + worst + " at " + worstAt);
        assertTrue(worst < 2e-7, "interpolation off by " + worst + " at k = " + worstAt);
      }
  }

  @Test
  void shouldDifferentiateByEveryParameter() throws Exception {
    List<Parameter> entering = List.of(Cosmology.OMEGA_M, Cosmology.OMEGA_B, Cosmology.H, Cosmology.N_S,
        Cosmology.SIGMA8);
    for (Cosmology c : List.of(Reference.LCDM, new Cosmology(0.15, 0.06, 0.9, 1.1, 0.6, -0.9, 0.2, 0.1))) {
      var power = LinearPower.of(c);
      var table = RootPower.of(power, 0.003, 5);
      double[][] exact = new double[6][1];
      for (Parameter p : Cosmology.PARAMETERS) {
        double step = 2e-6;
        var up = LinearPower.of(Reference.moved(c, p, step));
        var down = LinearPower.of(Reference.moved(c, p, -step));
        int place = entering.indexOf(p);
        assertEquals(place, RootPower.PARAMETERS.indexOf(p));
        for (double k = 0.003; k < 5; k *= 1.03) {
          double scale = Math.sqrt(power.at(k));
          double numeric = (Math.sqrt(up.at(k)) - Math.sqrt(down.at(k))) / (2 * step) / scale;
          power.root(k, StrictMath.log(k), exact, 0, new double[TransferFunction.SIZE]);
          double analytic = place < 0 ? 0 : exact[place + 1][0] / scale;
          assertEquals(numeric, analytic, 5e-7 * (1 + Math.abs(numeric)), p + " at k = " + k);
          // far below what a gradient by θ needs
          double tabled = place < 0 ? 0 : table.derivatives().get(place).at(k) / scale;
          assertEquals(analytic, tabled, 2e-5 * (1 + Math.abs(numeric)), p + " at k = " + k);
        }
      }
    }
  }

  @Test
  void shouldRefuseImpossibleMatter() {
    for (Cosmology c : List.of(Reference.with(Reference.LCDM, Cosmology.OMEGA_B, 0.4),
        Reference.with(Reference.LCDM, Cosmology.OMEGA_B, 0),
        Reference.with(Reference.LCDM, Cosmology.H, -1), Reference.with(Reference.LCDM, Cosmology.SIGMA8, 0),
        Reference.with(Reference.LCDM, Cosmology.N_S, 1e6), Reference.with(Reference.LCDM, Cosmology.H, 1e200))) {
      LimitException e = assertThrows(LimitException.class, () -> LinearPower.of(c), c::toString);
      assertTrue(e.key().startsWith("cosmology."), e.getMessage());
    }
  }
}
