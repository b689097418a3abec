package org.halocline.cosmology.lensing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Coefficients;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Reference;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lensing where space is curved. */
@Timeout(300)
class CurvedLensingTest {
  private static final int PLANES = 4;
  private static final double LENGTH = 1500;
  private static final List<Parameter> ENTERING = List.of(Cosmology.OMEGA_M, Cosmology.W0, Cosmology.WA,
      Cosmology.OMEGA_K);

  private static LensingKernel kernel(Distance distance) throws Exception {
    return new LensingKernel(SourceTable.read(Reference.ROOT.resolve("lightcone/nz.csv")).sources(), PLANES, LENGTH,
        distance);
  }

  private static PlaneWeights compute(Cosmology c, Distance distance) throws Exception {
    return PlaneWeights.compute(Background.of(c.theta()), kernel(distance));
  }

  private static Cosmology cosmology(double omegaM, double w0, double wa, double omegaK) {
    return new Cosmology(omegaM, 0.0486, 0.6774, 0.9667, 0.8159, w0, wa, omegaK);
  }

  /** lensing.py beside the numbers made them, by integrals over z and f_K(χs − χ) itself. */
  @Test
  void shouldWeighPlanesInCurvedSpace() throws Exception {
    List<double[]> rows = Files.readAllLines(Path.of("src/test/resources/lensing/lensing.csv")).stream().skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray()).toList();
    double farthest = 0;
    for (double[] row : rows) {
      Cosmology c = cosmology(row[0], row[1], row[2], row[3]);
      var found = compute(c, Distance.TRANSVERSE);
      var flat = compute(c, Distance.COMOVING);
      int plane = (int) row[4];
      String what = "plane " + plane + " of " + c;
      assertEquals(row[5], found.distances()[plane], 1e-12 * row[5], what);
      double[] beyond = kernel(Distance.TRANSVERSE).truncatedShare(c.theta());
      for (int bin = 0; bin < 2; bin++) {
        double weight = found.weights()[bin * PLANES + plane];
        assertEquals(row[6 + bin], weight, 1e-8 * row[6 + bin], "bin " + bin + ", " + what);
        farthest = Math.max(farthest, Math.abs(flat.weights()[bin * PLANES + plane] / weight - 1));
        assertEquals(row[8 + bin], beyond[bin], 1e-4, "share beyond the box of bin " + bin + ", " + what);
      }
    }
    assertTrue(farthest > 0.01, "comoving distances differ by " + farthest);
  }

  @Test
  void shouldAgreeToTheBitInFlatSpace() throws Exception {
    var transverse = compute(Reference.W0WA, Distance.TRANSVERSE).coefficients();
    var comoving = compute(Reference.W0WA, Distance.COMOVING).coefficients();
    for (int i = 0; i < comoving.count(); i++) {
      assertEquals(comoving.value(i), transverse.value(i), "coefficient " + i);
      double[] one = comoving.jacobianRow(i);
      double[] other = transverse.jacobianRow(i);
      for (Parameter p : Cosmology.PARAMETERS)
        if (p == Cosmology.OMEGA_K)
          assertTrue(one[Cosmology.PARAMETERS.indexOf(p)] != other[Cosmology.PARAMETERS.indexOf(p)],
              p + " of coefficient " + i);
        else
          assertEquals(one[Cosmology.PARAMETERS.indexOf(p)], other[Cosmology.PARAMETERS.indexOf(p)],
              p + " of coefficient " + i);
    }
    for (int plane = 0; plane < PLANES; plane++)
      assertEquals((plane + 0.5) * LENGTH / PLANES, compute(Reference.W0WA, Distance.TRANSVERSE).distances()[plane]);
    var flat = Reference.LCDM;
    assertArrayEquals(kernel(Distance.COMOVING).truncatedShare(flat.theta()),
        kernel(Distance.TRANSVERSE).truncatedShare(flat.theta()));
  }

  @Test
  void shouldDifferentiateWeightsAndDistances() throws Exception {
    for (Distance distance : Distance.values())
      for (double omegaK : new double[]{-0.3, -1e-6, 0, 1e-6, 0.3, 0.45}) {
        Cosmology c = cosmology(0.3, -0.9, 0.2, omegaK);
        var found = compute(c, distance).coefficients();
        for (Parameter p : ENTERING) {
          double step = 2e-4;
          var moved = new Coefficients[4];
          double[] offsets = {-2, -1, 1, 2};
          for (int i = 0; i < 4; i++)
            moved[i] = compute(Reference.moved(c, p, offsets[i] * step), distance).coefficients();
          for (int k = 0; k < found.count(); k++) {
            double numeric = (8 * (moved[2].value(k) - moved[1].value(k)) - (moved[3].value(k) - moved[0].value(k)))
                / (12 * step);
            assertEquals(numeric, found.jacobianRow(k)[Cosmology.PARAMETERS.indexOf(p)],
                3e-8 * (found.value(k) + Math.abs(numeric)),
                distance + ": " + p + " of coefficient " + k + " of " + c);
          }
        }
      }
  }

  /** A sum over the map, by every parameter: through the weights and through where rays meet the planes. */
  @Test
  void shouldDifferentiateTheMap() throws Exception {
    var random = new Random(31);
    int pixels = 9;
    double[] planes = random.doubles(PLANES * 8 * 10, 0, 3).toArray();
    double[] sums = random.doubles(2 * pixels * pixels, -1, 1).toArray();
    var born = new Born(8, 10, 300, 400, LENGTH, PLANES, 0.313, pixels);
    for (double omegaK : new double[]{-0.2, 0, 0.2}) {
      Cosmology c = cosmology(0.3, -0.9, 0.2, omegaK);
      var found = compute(c, Distance.TRANSVERSE);
      double[] weightsBack = new double[2 * PLANES];
      double[] distancesBack = new double[PLANES];
      born.aim(found.distances());
      born.transpose(sums, planes, found.weights(), new double[planes.length], weightsBack, distancesBack);
      double[] cotangents = DoubleStream.concat(Arrays.stream(weightsBack), Arrays.stream(distancesBack)).toArray();
      double[] gradient = new double[c.theta().size()];
      found.coefficients().addPullBack(cotangents, gradient);
      for (Parameter p : ENTERING) {
        double step = 1e-6;
        double up = total(born, planes, sums, compute(Reference.moved(c, p, step), Distance.TRANSVERSE));
        double down = total(born, planes, sums, compute(Reference.moved(c, p, -step), Distance.TRANSVERSE));
        double numeric = (up - down) / (2 * step);
        assertEquals(numeric, gradient[Cosmology.PARAMETERS.indexOf(p)], 2e-7 + 1e-5 * Math.abs(numeric),
            p + " at omega-k = " + omegaK);
      }
      double withoutRays = 0;
      for (int k = 0; k < weightsBack.length; k++)
        withoutRays += cotangents[k]
            * found.coefficients().jacobianRow(k)[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_K)];
      assertTrue(Math.abs(withoutRays - gradient[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_K)]) > 1e-3
          * Math.abs(withoutRays));
    }
  }

  private static double total(Born born, double[] planes, double[] sums, PlaneWeights weights) {
    double[] kappa = new double[sums.length];
    born.aim(weights.distances());
    born.convergence(planes, weights.weights(), kappa);
    double total = 0;
    for (int i = 0; i < kappa.length; i++)
      total += sums[i] * kappa[i];
    return total;
  }

  @Test
  void shouldRefuseSourcesBeyondTheEndOfClosedSpace() throws Exception {
    Cosmology closed = cosmology(0.2, -1, 0, -0.5);
    var background = Background.of(closed.theta());
    assertTrue(background.distanceMpcH(1 / 1001.0) > background.farthestMpcH());
    assertTrue(background.distanceMpcH(1 / 4.0) < background.farthestMpcH());
    double[] z = {0, 1, 2, 3, 1000};
    for (boolean far : new boolean[]{true, false}) {
      var sources = new Sources(z, new double[][]{{0, 1, 1, 0, far ? 1 : 0}});
      var transverse = new LensingKernel(sources, PLANES, LENGTH, Distance.TRANSVERSE);
      if (far) {
        LimitException e = assertThrows(LimitException.class,
            () -> PlaneWeights.compute(background, transverse));
        assertTrue(e.quantity().contains("z = 1000") && e.key().contains("lensing.sources"), e.getMessage());
        PlaneWeights.compute(background, new LensingKernel(sources, PLANES, LENGTH, Distance.COMOVING));
      } else {
        var found = PlaneWeights.compute(background, transverse);
        for (double weight : found.weights())
          assertTrue(weight > 0);
        double share = transverse.truncatedShare(closed.theta())[0];
        assertTrue(share > 0 && share < 1, "share " + share);
      }
    }
  }
}
