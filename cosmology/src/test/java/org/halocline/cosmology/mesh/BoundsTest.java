package org.halocline.cosmology.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Meshes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Meshes, cuts, pencils and quanta at and beyond their bounds. */
@Timeout(300)
class BoundsTest {
  private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void shouldRefuseMeshesThatCannotBe() {
    refused("0", () -> new Mesh(4, 0, 4, 1, 1, 1));
    refused("-3", () -> new Mesh(4, 4, -3, 1, 1, 1));
    refused("-2.5", () -> new Mesh(4, 4, 4, 1, -2.5, 1));
    refused("NaN", () -> new Mesh(4, 4, 4, 1, 1, Double.NaN));
    refused("Infinity", () -> new Mesh(4, 4, 4, Double.POSITIVE_INFINITY, 1, 1));
    refused("one cell", () -> new Mesh(1, 1, 1, 1, 1, 1));
  }

  @Test
  void shouldRefuseCutsThatDoNotCover() {
    refused("5", () -> Split.even(4, 5));
    refused("0", () -> Split.even(4, 0));
    refused("part 1", () -> Split.of(3, 0, 1));
    Mesh mesh = new Mesh(4, 6, 2, 1, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> new Decomposition(mesh, Split.of(4), Split.of(5)));
    assertThrows(IllegalArgumentException.class, () -> new Decomposition(mesh, Split.of(), Split.of(6)));
  }

  @ParameterizedTest
  @CsvSource({"8,8,8,1,1", "8,3,2,5,3", "3,8,1,3,8", "5,2,3,4,2", "7,11,13,2,3", "2,1,1,2,1"})
  void shouldDealEveryModeOnce(int nx, int ny, int nz, int px, int py) {
    Decomposition d = Decomposition.even(new Mesh(nx, ny, nz, 1, 1, 1), px, py);
    boolean[] held = new boolean[ny * (nz / 2 + 1)];
    int cells = 0;
    for (int rank = 0; rank < d.ranks(); rank++) {
      Pencil pencil = new Pencil(d, rank);
      cells += d.block(rank).size();
      assertEquals(nz / 2 + 1, pencil.halfZ());
      for (int ky = pencil.ky0(); ky < pencil.ky0() + pencil.kyCount(); ky++)
        for (int kz = pencil.kz0(); kz < pencil.kz0() + pencil.kzCount(); kz++) {
          assertTrue(!held[ky * pencil.halfZ() + kz], "mode dealt twice");
          held[ky * pencil.halfZ() + kz] = true;
        }
      assertTrue(pencil.floats() >= 2L * nx * pencil.kyCount() * pencil.kzCount());
    }
    assertEquals(nx * ny * nz, cells);
    for (boolean mode : held)
      assertTrue(mode, "mode not dealt");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.5, 1, 3, 31, 62, 63, 64, 1000, 1e5})
  void shouldSpanTheLargestDisplacementTwice(double largest) {
    for (double growth : List.of(1.0, 1.5, 2.0, 3.7, 1e4)) {
      FixedPoint units = FixedPoint.of(largest, growth);
      double range = 0x1p31 * units.cell();
      assertTrue(2 * largest + 2 <= range, units + " spans " + range);
      assertTrue(units.displacementBits() == 24 || range <= 2 * (2 * largest + 2), units + " is too coarse");
      double quantum = growth * units.cell();
      assertTrue(units.momentum() >= quantum && units.momentum() < 2 * quantum, units.toString());
    }
  }

  @Test
  void shouldRefuseQuantaThatDoNotFit() {
    for (double largest : new double[]{Double.NaN, -1, Double.POSITIVE_INFINITY, 1e9})
      refused("" + largest, () -> FixedPoint.of(largest, 1));
    for (double growth : new double[]{Double.NaN, 0, -1, Double.POSITIVE_INFINITY})
      refused("" + growth, () -> FixedPoint.of(3, growth));
    for (double momentum : new double[]{Double.NaN, 0, -1, 3, Double.POSITIVE_INFINITY})
      refused("" + momentum, () -> new FixedPoint(24, momentum, 20));
    refused("25", () -> new FixedPoint(25, 1, 20));
    refused("7", () -> new FixedPoint(24, 1, 7));
  }
}
