package org.halocline.cosmology.lensing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class SourcesTest {
  @TempDir
  Path folder;

  @Test
  void shouldReadTheReferenceTable() throws Exception {
    var sources = Sources.read(Reference.ROOT.resolve("lightcone/nz.csv"));
    assertEquals(2, sources.bins());
    assertEquals(81, sources.z().length);
    assertEquals(0.025, sources.z()[1], 1e-15);
    assertEquals(1.517303590664315619e-05, sources.n()[0][1]);
    assertEquals(3.576430131380073963e-12, sources.n()[1][80]);
  }

  @Test
  void shouldIgnoreBlanksAndEmptyLines() throws Exception {
    var sources = Sources.read(table("z, bin0, bin1\r\n 0, 1, 2\r\n\r\n0.5,3,4\n"));
    assertArrayEquals(new double[]{0, 0.5}, sources.z());
    assertArrayEquals(new double[]{2, 4}, sources.n()[1]);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"''|is empty", "z,bin0;|0 rows", "z,bin0;0,1|1 rows", "z;0;1|line 1: header",
      "a,bin0;0,1;1,1|line 1: header", "z,bin1;0,1;1,1|expected bin0", "z,bin0;0,1;1|line 3: 1 columns, expected 2",
      "z,bin0;0,1;1,1,1|line 3: 3 columns", "z,bin0;0,x;1,1|line 2: bin0 = \"x\"",
      "z,bin0;0,1;0,1|line 3: z = 0.0 does not grow",
      "z,bin0;1,1;0.5,1|line 3: z = 0.5 does not grow", "z,bin0;-0.1,1;1,1|line 2: z = -0.1",
      "z,bin0;0,1;2000,1|line 3: z = 2000",
      "z,bin0;0,-1;1,1|line 2: bin0 = -1", "z,bin0;0,NaN;1,1|line 2: bin0 = NaN",
      "z,bin0;0,Infinity;1,1|line 2: bin0 = Infinity",
      "z,bin0;NaN,1;1,1|line 2: z = NaN", "z,bin0;0,0;1,0|bin0 has the integral 0.0",
      "z,bin0;0,1e308;9,1e308|bin0 has the integral"})
  void shouldSayWhatIsWrongAndWhere(String text, String message) throws Exception {
    Path path = table(text.replace(';', '\n'));
    BadSourcesException e = assertThrows(BadSourcesException.class, () -> Sources.read(path));
    assertTrue(e.getMessage().startsWith(path.toString()) && e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void shouldRefuseFilesThatAreNotText() throws Exception {
    assertThrows(BadSourcesException.class, () -> Sources.read(folder.resolve("none.csv")));
    Path binary = Files.write(folder.resolve("binary.csv"), new byte[]{'z', ',', (byte) 0xff, (byte) 0xfe, 0, '"'});
    assertThrows(BadSourcesException.class, () -> Sources.read(binary));
    Path quote = table("z,bin0\n0,\"1\n1,1\n");
    assertThrows(BadSourcesException.class, () -> Sources.read(quote));
  }

  @Test
  void shouldMeasureTheShareBeyondTheBox() throws Exception {
    var background = Background.of(Reference.LCDM);
    double far = background.distanceMpcH(1 / 2.0);
    var sources = new Sources(new double[]{0, 0.999, 1, 1.001}, new double[][]{{0, 0, 1, 0}});
    assertEquals(0, new LensingKernel(sources, 4, 2 * far).truncatedShare(Reference.LCDM)[0], 1e-6);
    // all sources at one distance: ∫ (χ/a)(1 − χ/χs) dχ by brute force
    double inside = 0;
    double all = 0;
    int n = 4000;
    for (int i = 0; i < n; i++) {
      double chi = (i + 0.5) * far / n;
      double weight = chi / background.scaleFactor(chi) * (1 - chi / far);
      all += weight;
      inside += chi < 0.6 * far ? weight : 0;
    }
    double share = new LensingKernel(sources, 4, 0.6 * far).truncatedShare(Reference.LCDM)[0];
    assertEquals(1 - inside / all, share, 1e-3);
    System.out.println("share beyond 0.6 of the distance to the sources: " + share);
  }

  @Test
  void shouldGiveZeroEfficiencyBehindTheSources() {
    var sources = new Sources(new double[]{0, 0.5, 1}, new double[][]{{0, 1, 0}, {1, 1, 1}});
    var kernel = new LensingKernel(sources, 2, 4000);
    double[] q = kernel.efficiency(new double[]{Double.POSITIVE_INFINITY, 1 / 1300.0, 1 / 2300.0});
    // planes at 1000 and 3000; trapezoid weights of bin 1 are 1/4, 1/2, 1/4
    assertArrayEquals(new double[]{1 - 1000 / 1300.0, 0, 0.5 * (1 - 1000 / 1300.0) + 0.25 * (1 - 1000 / 2300.0), 0}, q,
        1e-15);
  }

  private Path table(String text) throws IOException {
    return Files.writeString(folder.resolve("nz.csv"), text);
  }
}
