package org.halocline.cosmology.lensing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.halocline.cosmology.background.Background;
import org.halocline.cosmology.background.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class SourcesTest {
  @TempDir
  Path folder;

  @Test
  void shouldReadTheReferenceTable() throws Exception {
    var sources = SourceTable.read(Reference.ROOT.resolve("lightcone/nz.csv")).sources();
    assertEquals(2, sources.bins());
    assertEquals(81, sources.z().length);
    assertEquals(0.025, sources.z()[1], 1e-15);
    assertEquals(1.517303590664315619e-05, sources.n()[0][1]);
    assertEquals(3.576430131380073963e-12, sources.n()[1][80]);
  }

  @Test
  void shouldIgnoreBlanksAndEmptyLines() throws Exception {
    var sources = SourceTable.read(table("z, bin0, bin1\r\n 0, 1, 2\r\n\r\n0.5,3,4\n")).sources();
    assertArrayEquals(new double[]{0, 0.5}, sources.z());
    assertArrayEquals(new double[]{2, 4}, sources.n()[1]);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"''|is empty", "z,bin0;|0 rows", "z,bin0;0,1|1 rows",
      "z;0;1|no column of n(z)", "z,bin0;0,1;1|line 3: 1 columns, expected 2",
      "z,bin0;0,1;1,1,1|line 3: 3 columns", "z,bin0;0,1;1,x|line 3: column 2 = \"x\" is not a number",
      "z,bin0;0,x;1,1|line 2: column 2 is not a number", "z,bin0,bin1;0,,1;1,1,1|line 2: column 2 is empty",
      "z,bin0,bin1;0,1;1,1|line 2: 2 columns, expected 3",
      "z,bin0;0,1;0,1|line 3: z = 0.0 does not grow",
      "z,bin0;1,1;0.5,1|line 3: z = 0.5 does not grow", "z,bin0;-0.1,1;1,1|line 2: z = -0.1",
      "z,bin0;0,1;2000,1|line 3: z = 2000",
      "z,bin0;0,-1;1,1|line 2: bin0 (column 2) = -1", "z,bin0;0,NaN;1,1|line 2: bin0 (column 2) = NaN",
      "z,bin0;0,inf;1,1|line 2: bin0 (column 2) = Infinity",
      "z,bin0;NaN,1;1,1|line 2: z = NaN", "z,bin0;0,0;1,0|bin0 has the integral 0.0",
      "z,bin0;0,1e308;9,1e308|bin0 has the integral",
      "z bin0;0,5 1;0,7 1|line 2: column 1 is not a number, expected a decimal point",
      "z,bin0,bin1;0,1,1;1,1,0|bin1 has all its sources at z = 0", "0 1;0.5 0|bin0 has all its sources at z = 0",
      "z,redshift,bin0;0,0,1;1,1,1|two columns", "z_low,bin0;0,1;1,1|one edge only",
      "0 0.1 1;1 0.3 2;2 0.4 1|either holds redshifts or counts", "0 0.1 1;1 0.2 1|either holds redshifts or counts",
      "index,z,bin0;0,0.1,1;2,0.2,1|name is that of an index", "index,bin0;0,1;1,1|name is that of an index",
      ",a,b;0.1,0.2,1;0.2,0.3,1|name is that of an index",
      "0.0 0.05 0.1 1;0.1 0.15 0.2 2|both grow as redshifts do"})
  void shouldSayWhatIsWrongAndWhere(String text, String message) throws Exception {
    Path path = table(text.replace(';', '\n'));
    BadSourcesException e = assertThrows(BadSourcesException.class, () -> SourceTable.read(path).sources());
    assertTrue(e.getMessage().startsWith(path.toString()) && e.getMessage().contains(message), e.getMessage());
  }

  /** The same two bins in the forms in which surveys and their tools write them. */
  @ParameterizedTest
  @ValueSource(strings = {"z,bin0,bin1;0,1,2;0.5,3,4;1,5,0", "0 1 2;0.5 3 4;1 5 0",
      "# z n1 n2;0\t1\t2;0.5\t3\t4;1\t5\t0;",
      "\uFEFFz,bin0,bin1\r;0,1,2\r;0.5,3,4\r;1,5,0\r;", "redshift:low-z:high-z;0:1:2;.5:3:4;1:5:0",
      "\"z\",\"tomo 1\",\"tomo, 2\",;0,1,2,;0.5,3,4,;1,5,0,", ",z,bin0,bin1;0,0,1,2;1,0.5,3,4;2,1,5,0",
      "index z a b;1 0 1 2;2 0.5 3 4;3 1 5 0", "id\tz\ta\tb;7\t0\t1\t2;8\t0.5\t3\t4;9\t1\t5\t0",
      "# made by hand;;%n(z);0 0 1 2;1 0.5 3 4;2 1 5 0 # the end;",
      "Z_LOW Z_MID Z_HIGH BIN1 BIN2;-0.25 0 0.25 1 2;0.25 0.5 0.75 3 4;0.75 1 1.25 5 0",
      "z_lo,z_hi,a,b;-1,1,1,2;0,1,3,4;0,2,5,0", "\"z\" \"a\" \"b\";1 0 1 2;2 0.5 3 4;3 1 5 0",
      "a,b,z;1,2,0;3,4,5.0D-1;5,0,1E0", "  z   bin 1   bin;  0   1   2;0.5 3 4;1 5 0;# end;;"})
  void shouldReadTheTablesOfSurveys(String text) throws Exception {
    String lines = text.replace(';', '\n').replace(':', ';').replace("bin 1   bin", "bin1 bin2");
    SourceTable table = SourceTable.read(table(lines));
    assertArrayEquals(new double[]{0, 0.5, 1}, table.sources().z(), table.understood());
    assertArrayEquals(new double[][]{{1, 3, 5}, {2, 4, 0}}, table.sources().n(), table.understood());
    assertTrue(table.understood().startsWith("2 bins, 3 redshifts 0.0 to 1.0; cells apart by "), table.understood());
    assertEquals(text.startsWith("z,bin0,bin1") || text.startsWith("\uFEFF"), table.plain());
  }

  @Test
  void shouldSayWhichColumnsWereTaken() throws Exception {
    assertEquals(
        "2 bins, 2 redshifts 0.1 to 0.2; cells apart by blanks; z in column 3 (z_mid); n(z) in column 5 (low), "
            + "column 6 (high); left out: column 1 (#), which counts the rows; column 2 (z_low), an edge of the "
            + "redshifts' "
            + "intervals; column 4 (z_high), an edge of the redshifts' intervals",
        SourceTable.read(table("\"#\" z_low z_mid z_high low high\n0 .05 .1 .15 1 0\n1 .15 .2 .25 2 3\n"))
            .understood());
    String counted = IntStream.range(0, 30).mapToObj(i -> i + " " + (i + 1) * (i + 1) * 0.001 + " 1\n")
        .collect(Collectors.joining());
    assertTrue(SourceTable.read(table(counted)).understood().endsWith("left out: column 1, which counts the rows"));
  }

  @Test
  void shouldQuoteNothingOfOtherFiles() throws Exception {
    for (String secret : List.of("root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:d:/:/bin/no\n",
        "hunter2 hunter3\nhunter4\n",
        "12 hunter2\n", "user=hunter2,\n\n[x]\nhunter2 = \"hunter2\n")) {
      Path path = table(secret);
      BadSourcesException e = assertThrows(BadSourcesException.class, () -> SourceTable.read(path).sources());
      assertFalse(e.getMessage().matches("(?s).*(root|hunter|daemon).*"), e.getMessage());
    }
  }

  @Test
  void shouldRefuseFilesThatAreNotText() throws Exception {
    assertThrows(BadSourcesException.class, () -> SourceTable.read(folder.resolve("none.csv")).sources());
    Path binary = Files.write(folder.resolve("binary.csv"), new byte[]{'z', ',', (byte) 0xff, (byte) 0xfe, 0, '"'});
    assertThrows(BadSourcesException.class, () -> SourceTable.read(binary).sources());
    Path large = folder.resolve("large.csv");
    try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(1L << 34);
    }
    assertThrows(BadSourcesException.class, () -> SourceTable.read(large).sources());
    assertThrows(BadSourcesException.class, () -> SourceTable.read(folder).sources());
    assertThrows(BadSourcesException.class, () -> SourceTable.read(Path.of("/dev/zero")).sources());
    Path wide = table("1 ".repeat(2000) + "\n" + "2 ".repeat(2000) + "\n");
    assertThrows(BadSourcesException.class, () -> SourceTable.read(wide).sources());
    Path blanks = table("# a" + " ".repeat(3 << 20) + "b\n0 1\n1 1\n");
    assertEquals(1, SourceTable.read(blanks).sources().bins());
    Path quote = table("z,bin0\n0,\"1\n1,1\n");
    assertThrows(BadSourcesException.class, () -> SourceTable.read(quote).sources());
  }

  @Test
  void shouldMeasureTheShareBeyondTheBox() throws Exception {
    var background = Background.of(Reference.LCDM.theta());
    double far = background.distanceMpcH(1 / 2.0);
    var sources = new Sources(new double[]{0, 0.999, 1, 1.001}, new double[][]{{0, 0, 1, 0}});
    assertEquals(0,
        new LensingKernel(sources, 4, 2 * far, Distance.TRANSVERSE).truncatedShare(Reference.LCDM.theta())[0],
        1e-6);
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
    double share = new LensingKernel(sources, 4, 0.6 * far, Distance.TRANSVERSE)
        .truncatedShare(Reference.LCDM.theta())[0];
    assertEquals(1 - inside / all, share, 1e-3);
    System.out.println("share beyond 0.6 of the distance to the sources: " + share);
  }

  @Test
  void shouldGiveZeroEfficiencyBehindTheSources() {
    var sources = new Sources(new double[]{0, 0.5, 1}, new double[][]{{0, 1, 0}, {1, 1, 1}});
    var kernel = new LensingKernel(sources, 2, 4000, Distance.TRANSVERSE);
    double[] q = kernel.efficiency(new double[]{Double.POSITIVE_INFINITY, 1 / 1300.0, 1 / 2300.0},
        new double[]{1000, 3000}, new double[]{1, 1});
    // planes at 1000 and 3000; trapezoid weights of bin 1 are 1/4, 1/2, 1/4
    assertArrayEquals(new double[]{1 - 1000 / 1300.0, 0, 0.5 * (1 - 1000 / 1300.0) + 0.25 * (1 - 1000 / 2300.0), 0}, q,
        1e-15);
  }

  private Path table(String text) throws IOException {
    return Files.writeString(folder.resolve("nz.csv"), text);
  }
}
