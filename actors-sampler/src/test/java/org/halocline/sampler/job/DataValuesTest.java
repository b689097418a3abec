package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers that cannot have been measured are found before any simulation; those that can, however odd, are not touched.
 */
@Timeout(300)
class DataValuesTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new SimulateKind(), new GradientKind()));
  private static final int PIXELS = 2 * 6 * 6;
  private static final String DENSITY = Jobs.with("map = \"map.npy\", sigma-pixel = 0.006",
      "density = \"rho.npy\", sigma = 1");

  @TempDir
  static Path directory;

  @BeforeAll
  static void writeFiles() throws Exception {
    Jobs.writeFiles(directory);
  }

  private static List<Problem> problems(String text) {
    return JobFile.parse("job.conf", directory, text).then(KINDS::check).problems();
  }

  private static double[] values(int count, IntToDoubleFunction of) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++)
      values[i] = of.applyAsDouble(i);
    return values;
  }

  private static double[] map(double size) {
    Random random = new Random(4);
    return values(PIXELS, _ -> size * random.nextGaussian());
  }

  private static void writeMap(double[] values) throws Exception {
    NpyWriter.write(directory.resolve("map.npy"), values, 2, 6, 6);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1.6375e30, -9999, -999, -99, 99, 999, 1e20, 1e30, 9.969209968386869e36,
      3.4028234663852886e38,
      1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -8888, -99999, -32768, -150, 100, -50,
      1e4})
  void shouldNameMarksOfMissingPixels(double mark) throws Exception {
    for (int marked : new int[]{1, 20, 60}) {
      double[] values = map(0.02);
      for (int i = 0; i < marked; i++)
        values[PIXELS - 1 - i] = mark;
      writeMap(values);
      int first = PIXELS - marked;
      String place = "(" + first / 36 + ", " + first / 6 % 6 + ", " + first % 6 + ")";
      List<Problem> problems = problems(Jobs.RIGHT);
      assertEquals(1, problems.size(), () -> problems + "");
      String text = problems.getFirst().toString();
      assertEquals("data.map", problems.getFirst().key());
      for (String part : List.of("map.npy", "bin " + first / 36, place, "no mask", "crop",
          marked == 1 ? "" : " and " + (marked - 1) + " more", mark == -9999 ? "has -9999 at" : "",
          mark == -1.6375e30 ? "has -1.6375E30 at" : ""))
        assertTrue(text.contains(part), () -> "no " + part + " in " + text);
    }
  }

  @Test
  void shouldLeaveHonestMapsAlone() throws Exception {
    Random random = new Random(9);
    double[][] maps = {map(0.02), map(1), map(1e-12), values(PIXELS, _ -> 0), values(PIXELS, _ -> 1e-30),
        values(PIXELS, i -> i == 40 ? 0.4 : 0), values(PIXELS, i -> i < 65 ? 0 : 0.03 * i),
        values(PIXELS, _ -> 0.004 * random.nextGaussian() / Math.abs(random.nextGaussian())),
        values(PIXELS, _ -> random.nextGaussian() / Math.abs(random.nextGaussian())),
        values(PIXELS, _ -> Math.exp(2 * random.nextGaussian()) - 1), map(100)};
    for (int i = 0; i < maps.length; i++) {
      writeMap(maps[i]);
      assertEquals(List.of(), problems(Jobs.RIGHT), "map " + i);
    }
    double[] wide = map(50);
    wide[7] = -99;
    writeMap(wide);
    assertEquals(List.of(), problems(Jobs.with("sigma-pixel = 0.006", "sigma-pixel = 50")));
    writeMap(map(3e5));
    assertEquals(List.of(), problems(Jobs.with("sigma-pixel = 0.006", "sigma-pixel = 3e5")));
    NpyWriter.write(directory.resolve("one.npy"), new double[]{0.01, -0.02}, 2, 1, 1);
    assertEquals(List.of(), problems(Jobs.with("pixels = 6", "pixels = 1").replace("map.npy", "one.npy")));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-9999, -99, 9999, 1e20, Double.NaN, -2000, 2e5, -150, 1e4})
  void shouldNameMarksInDensities(double mark) throws Exception {
    Random random = new Random(5);
    double[] rho = values(8 * 8 * 16, _ -> Math.exp(2 * random.nextGaussian()));
    rho[300] = 700;
    NpyWriter.write(directory.resolve("rho.npy"), rho, 8, 8, 16);
    assertEquals(List.of(), problems(DENSITY));
    rho[8 * 16 * 3 + 16 * 2 + 5] = mark;
    NpyWriter.write(directory.resolve("rho.npy"), rho, 8, 8, 16);
    String text = problems(DENSITY) + "";
    assertTrue(text.contains("data.density") && text.contains("at (3, 2, 5)") && text.contains("no mask"), text);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-9999, 41, -1.6375e30, Double.NaN})
  void shouldNameWhatIsNoWhiteNoise(double mark) throws Exception {
    Random random = new Random(6);
    double[] noise = values(8 * 8 * 16, _ -> random.nextGaussian());
    noise[1023] = mark;
    NpyWriter.write(directory.resolve("odd-noise.npy"), noise, 8, 8, 16);
    String text = problems(Jobs.with("noise.npy", "odd-noise.npy")) + "";
    assertTrue(text.contains("simulation.noise") && text.contains("(7, 7, 15)") && text.contains("white noise"), text);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"sigma-pixel = 1e-300|0.02|data.sigma-pixel",
      "sigma-pixel = 1e300|0.02|data.sigma-pixel",
      "sigma-pixel = 1e-300|0|data.sigma-pixel", "sigma-pixel = 1e-8|5|data.sigma-pixel",
      "galaxies-per-arcmin2 = 27, sigma-e = 1e-300|0.02|data.sigma-e",
      "galaxies-per-arcmin2 = 1e-300, sigma-e = 0.3|0.02|data.sigma-e",
      "galaxies-per-arcmin2 = 0, sigma-e = 0.3|0.02|all source bins together",
      "galaxies-per-arcmin2 = 27, sigma-e = 0|0.02|one component",
      "galaxies-per-arcmin2 = 27, sigma-e = 0.3, sigma-pixel-of-each-bin = 0.1|0.02|data.sigma-pixel-of-each-bin"})
  void shouldRefuseNoiseThatLeavesNoMeaning(String noise, double size, String words) throws Exception {
    writeMap(map(size));
    List<Problem> problems = problems(Jobs.with("sigma-pixel = 0.006", noise));
    assertTrue(problems.size() == 1 && (problems + "").contains(words), () -> problems + "");
  }

  @Test
  void shouldResolveTheNoiseOfEachBin() throws Exception {
    writeMap(map(0.02));
    var plan = (ModelJob) JobFile
        .parse("job.conf", directory, Jobs.with("sigma-pixel = 0.006", "galaxies-per-arcmin2 = 27, sigma-e = 0.26"))
        .then(KINDS::check).orThrow().plan();
    assertEquals(13.5, plan.resolved().getDouble("data.galaxies-per-arcmin2-of-each-bin"));
    assertEquals(0.26 / Math.sqrt(13.5 * 100 * 100), plan.resolved().getDouble("data.sigma-pixel-of-each-bin"));
    String resolved = JobFile.canonical(plan.resolved());
    var again = JobFile.parse("again.json", Path.of("/"), resolved).then(KINDS::check).orThrow().plan();
    assertEquals(resolved, JobFile.canonical(again.resolved()));
  }

  @Test
  void shouldSayHowATableOfSourcesWasRead() throws Exception {
    Files.writeString(directory.resolve("nz.txt"), "# z low high\n0.2 1 0.1\n0.4 0.5 1\n0.6 0 0.4\n");
    var plan = JobFile.parse("job.conf", directory, Jobs.with("nz.csv", "nz.txt")).then(KINDS::check).orThrow().plan();
    assertTrue(plan.notes().contains("n(z) of nz.txt: 2 bins, 3 redshifts 0.2 to 0.6; cells apart by blanks; "
        + "z in column 1 (z); n(z) in column 2 (low), column 3 (high)"), () -> plan.notes() + "");
  }

  @Test
  void shouldSayThatDataDrownInTheirNoise() throws Exception {
    writeMap(map(0.02));
    for (String sigma : List.of("0.006", "1e4")) {
      var plan = JobFile.parse("job.conf", directory, Jobs.with("sigma-pixel = 0.006", "sigma-pixel = " + sigma))
          .then(KINDS::check).orThrow().plan();
      assertEquals(sigma.equals("1e4"), (plan.notes() + "").contains("the data say nothing"), () -> plan.notes() + "");
    }
  }

  @Test
  void shouldRefuseBinsThatNothingLenses() throws Exception {
    for (String table : List.of("z,bin0,bin1\n0,1,1\n0.5,1,0\n", "z,bin0,bin1\n0,1,0\n0.01,1,1\n0.02,1,0\n0.5,1,0\n")) {
      Files.writeString(directory.resolve("near.csv"), table);
      String text = problems(Jobs.with("nz.csv", "near.csv")) + "";
      assertTrue(text.contains("lensing.sources") && text.contains("bin") && text.contains("nothing lenses them"),
          text);
    }
  }

  @Test
  void shouldRefuseWhatIsNoFileAtOnce() throws Exception {
    Path pipe = directory.resolve("pipe.npy");
    if (!Files.exists(pipe))
      assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (String name : List.of("pipe.npy", ".", "/dev/zero"))
      for (String key : List.of("map.npy", "noise.npy", "nz.csv")) {
        String text = problems(Jobs.RIGHT.replace(key, name)) + "";
        assertTrue(text.contains("is not a file"), text);
      }
  }
}
