package org.halocline.cosmology.lensing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Reference;
import org.halocline.cosmology.npy.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.fasterxml.jackson.databind.JsonNode;

@Timeout(300)
class BornTest {

  @Test
  void shouldMatchReferenceConvergence() throws Exception {
    JsonNode json = Reference.json("lightcone");
    int planes = json.get("planes").asInt();
    double length = json.get("box_mpc_h").get(2).asDouble();
    var sources = SourceTable.read(Reference.ROOT.resolve("lightcone/nz.csv")).sources();
    var weights = PlaneWeights.compute(Background.of(Reference.cosmology(json.get("cosmology")).theta()),
        new LensingKernel(sources, planes, length, Distance.COMOVING));
    int pixels = json.get("pixels").asInt();
    var born = new Born(24, 24, json.get("box_mpc_h").get(0).asDouble(), json.get("box_mpc_h").get(1).asDouble(),
        length,
        planes, Math.toRadians(json.get("field_of_view_deg").asDouble()), pixels);
    double[] kappa = new double[2 * pixels * pixels];
    born.convergence(array("planes"), weights.weights(), kappa);
    double[] expected = array("kappa");
    double square = 0;
    double worst = 0;
    for (int i = 0; i < kappa.length; i++) {
      square += expected[i] * expected[i];
      worst = Math.max(worst, Math.abs(kappa[i] - expected[i]));
    }
    double rms = Math.sqrt(square / kappa.length);
    System.out.println("kappa: worst difference " + worst / rms + " rms");
    assertTrue(worst < 1e-6 * rms, "kappa off by " + worst / rms + " rms");
  }

  private static double[] array(String name) throws Exception {
    try (NpyFile file = NpyFile.open(Reference.ROOT.resolve("lightcone").resolve(name + ".npy"))) {
      return file.readAllDoubles();
    }
  }

  /** ⟨c, κ(planes + δ) − κ(planes)⟩ = ⟨transpose c, δ⟩, also for the weights; κ is bilinear, so both are exact. */
  @Test
  void shouldBeTheTransposeOfItself() {
    long seed = 3;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    int bins = 3;
    int planes = 4;
    int pixels = 11;
    // a field wider than the box at the far planes: reads wrap around
    var born = new Born(6, 9, 100, 240, 800, planes, 0.4, pixels);
    double[] plane = random.doubles(planes * 6 * 9, 0, 3).toArray();
    double[] weights = random.doubles(bins * planes, 0, 2).toArray();
    double[] cotangent = random.doubles(bins * pixels * pixels, -1, 1).toArray();
    double[] planesBack = random.doubles(plane.length).toArray();
    double[] weightsBack = random.doubles(weights.length).toArray();
    double[] distancesBack = new double[planes];
    born.transpose(cotangent, plane, weights, planesBack, weightsBack, distancesBack);
    double[] planeStep = random.doubles(plane.length, -1, 1).toArray();
    double[] weightStep = random.doubles(weights.length, -1, 1).toArray();
    double[] kappa = new double[cotangent.length];
    double[] moved = new double[cotangent.length];
    born.convergence(plane, weights, kappa);
    born.convergence(sum(plane, planeStep), weights, moved);
    assertEquals(dot(cotangent, moved) - dot(cotangent, kappa), dot(planesBack, planeStep), 1e-11);
    born.convergence(plane, sum(weights, weightStep), moved);
    assertEquals(dot(cotangent, moved) - dot(cotangent, kappa), dot(weightsBack, weightStep), 1e-11);
    // a plane that moves by so little leaves no cell, and within a cell reads are bilinear
    for (int i = 0; i < planes; i++) {
      double[][] shifted = new double[2][kappa.length];
      for (int side = 0; side < 2; side++) {
        double[] distances = {100, 300, 500, 700};
        distances[i] += side == 0 ? -1e-4 : 1e-4;
        born.aim(distances);
        born.convergence(plane, weights, shifted[side]);
      }
      assertEquals((dot(cotangent, shifted[1]) - dot(cotangent, shifted[0])) / 2e-4, distancesBack[i], 1e-7);
    }
  }

  /** With Nx ≠ Ny and Δx ≠ Δy, a plane that is linear in x and y is read as the same linear function of the angle. */
  @Test
  void shouldReadALinearPlaneExactlyOnUnequalCells() {
    int nx = 10;
    int ny = 16;
    int pixels = 5;
    double boxX = 300;
    double boxY = 200;
    double length = 500;
    double field = 0.2;
    var born = new Born(nx, ny, boxX, boxY, length, 1, field, pixels);
    double[] plane = new double[nx * ny];
    for (int i = 0; i < nx; i++)
      for (int j = 0; j < ny; j++) {
        double x = (i + 0.5) * boxX / nx - boxX / 2;
        double y = (j + 0.5) * boxY / ny - boxY / 2;
        plane[i * ny + j] = 1 + 0.01 * x + 0.03 * y;
      }
    double[] kappa = new double[pixels * pixels];
    born.convergence(plane, new double[]{2}, kappa);
    for (int m = 0; m < pixels; m++)
      for (int n = 0; n < pixels; n++) {
        double x = (m + 0.5 - 2.5) * field / pixels * 250;
        double y = (n + 0.5 - 2.5) * field / pixels * 250;
        assertEquals(2 * (0.01 * x + 0.03 * y), kappa[m * pixels + n], 1e-12);
      }
  }

  /** A field of three boxes shows each period three times; one pixel in the middle reads the four central cells. */
  @Test
  void shouldWrapAroundTheBox() {
    int n = 4;
    int pixels = 12;
    double length = 200;
    // at chi = 100 the field spans 3 boxes of 20: every pixel is one cell of 5
    var born = new Born(n, n, 20, 20, length, 1, 0.6, pixels);
    var random = new Random(9);
    double[] plane = random.doubles(n * n).toArray();
    double[] kappa = new double[pixels * pixels];
    born.convergence(plane, new double[]{1}, kappa);
    for (int m = 0; m < pixels; m++)
      for (int k = 0; k < pixels; k++)
        assertEquals(plane[m % n * n + k % n] - 1, kappa[m * pixels + k], 1e-12, m + ", " + k);
    var middle = new Born(n, n, 20, 20, length, 1, 0.01, 1);
    double[] one = new double[1];
    middle.convergence(plane, new double[]{1}, one);
    assertEquals((plane[5] + plane[6] + plane[9] + plane[10]) / 4 - 1, one[0], 1e-14);
  }

  @Test
  void shouldGiveNothingForAnEmptyUniverse() {
    var born = new Born(3, 5, 10, 10, 100, 2, 0.1, 4);
    double[] plane = new double[2 * 3 * 5];
    java.util.Arrays.fill(plane, 1);
    double[] kappa = new double[32];
    kappa[3] = 9;
    born.convergence(plane, new double[]{1, 2, 3, 4}, kappa);
    assertArrayEquals(new double[32], kappa);
  }

  @Test
  void shouldRefuseArraysThatDoNotFit() {
    var born = new Born(3, 5, 10, 10, 100, 2, 0.1, 4);
    assertThrows(IllegalArgumentException.class, () -> born.convergence(new double[29], new double[4], new double[32]));
    assertThrows(IllegalArgumentException.class, () -> born.convergence(new double[30], new double[3], new double[32]));
    assertThrows(IllegalArgumentException.class, () -> born.convergence(new double[30], new double[4], new double[31]));
    assertThrows(IllegalArgumentException.class, () -> born.transpose(new double[32], new double[30], new double[4],
        new double[1], new double[4], new double[2]));
    assertThrows(IllegalArgumentException.class, () -> new Born(0, 5, 10, 10, 100, 2, 0.1, 4));
    assertThrows(IllegalArgumentException.class, () -> new Born(3, 5, 10, Double.NaN, 100, 2, 0.1, 4));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++)
      sum += a[i] * b[i];
    return sum;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] c = a.clone();
    for (int i = 0; i < c.length; i++)
      c[i] += b[i];
    return c;
  }
}
