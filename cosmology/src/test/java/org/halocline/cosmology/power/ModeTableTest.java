package org.halocline.cosmology.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.halocline.cosmology.mesh.Mesh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ModeTableTest {

  @ParameterizedTest
  @ValueSource(doubles = {-4, -1.3, 0, 0.25, 2, 4})
  void shouldInterpolatePowersOfTheWaveNumber(double power) {
    for (Mesh mesh : new Mesh[]{new Mesh(64, 64, 64, 500, 400, 600), new Mesh(9, 1, 5, 0.1, 1, 0.2)}) {
      ModeTable table = ModeTable.of(mesh, k -> 3 * Math.pow(k, power));
      double ratio = mesh.kMaxHMpc() / mesh.kMinHMpc();
      for (int i = 0; i <= 5000; i++) {
        double k = mesh.kMinHMpc() * Math.pow(ratio, i / 5000.0);
        assertEquals(1, table.at(k) / (3 * Math.pow(k, power)), 1e-6, "k = " + k);
      }
    }
  }

  @Test
  void shouldHoldConstants() {
    for (double k : new double[]{0, 1e-5, 1, 1e4, 1e12})
      assertEquals(-2.5, ModeTable.constant(-2.5).at(k), 1e-14);
    assertTrue(ModeTable.constant(0).vanishes());
    assertFalse(ModeTable.constant(-1e-300).vanishes());
  }

  @Test
  void shouldRefuseWhatIsNoTable() {
    refused("3 nodes", () -> new ModeTable(1, 0.1, new double[3]));
    refused("NaN", () -> new ModeTable(Double.NaN, 0.1, new double[4]));
    refused("-0.1", () -> new ModeTable(1, -0.1, new double[4]));
    refused("k range 0.0", () -> ModeTable.Nodes.of(0, 1));
    refused("k range 2.0…1.0", () -> ModeTable.Nodes.of(2, 1));
    refused("7 values", () -> ModeTable.Nodes.of(1, 2).table(new double[7]));
  }

  private static void refused(String words, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(words), message);
  }
}
