package org.halocline.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class SettingsTest {
  private enum Spacing {
    A, LOG_A, GROWTH
  }

  private static Settings settings(String text) {
    return Settings.of(ConfigFactory.parseString(text), Path.of("/jobs"));
  }

  private static List<Problem> problems(String text, Consumer<Settings> reading) {
    Settings settings = settings(text);
    reading.accept(settings);
    return settings.finish(() -> "fine").problems();
  }

  private static Problem problem(String text, Consumer<Settings> reading) {
    List<Problem> problems = problems(text, reading);
    assertEquals(1, problems.size(), () -> "one problem expected: " + problems);
    return problems.getFirst();
  }

  @Test
  void shouldReadEveryType() {
    Settings settings = settings("""
        simulation { mesh = [32, 32, 64], box-mpc-h = [400, 400.5, 2e3], spacing = log-a, noise = "z.npy" }
        seed = 4611686018427387904, on = true, name = x, h = 0.7
        """);
    Settings simulation = settings.block("simulation");
    assertEquals(Optional.of(List.of(32, 32, 64)), simulation.requiredIntegers("mesh", 3, 3, 4, 4096));
    assertEquals(Optional.of(List.of(400.0, 400.5, 2000.0)),
        simulation.requiredNumbers("box-mpc-h", 3, 3, new Range(0, true, Double.POSITIVE_INFINITY, true)));
    assertEquals(Optional.of(Spacing.LOG_A), simulation.choice("spacing", Spacing.class));
    assertEquals(Optional.of(Path.of("/jobs/z.npy")), simulation.path("noise"));
    assertEquals(1L << 62, settings.longInteger("seed", 0, 0, Long.MAX_VALUE));
    assertTrue(settings.flag("on", false));
    assertEquals("x", settings.text("name", "y"));
    assertEquals(0.7, settings.number("h", 0.5, new Range(0, true, 2, true)));
    assertEquals(9, settings.integer("absent", 9, 0, 10));
    assertEquals(Checked.valid("fine"), settings.finish(() -> "fine"));
  }

  @Test
  void shouldCollectEveryProblemAtOnce() {
    List<Problem> problems = problems("box = -1, planes = 0, scheme = bullfrogg, extra = 1, sub { chainz = 4 }",
        settings -> {
          settings.requiredNumber("box", new Range(0, true, Double.POSITIVE_INFINITY, true));
          settings.requiredInteger("planes", 1, 100);
          settings.requiredInteger("missing", 1, 2);
          settings.choice("scheme", Spacing.class);
          settings.block("sub").integer("chains", 1, 1, 10);
        });
    assertEquals(List.of("box", "planes", "missing", "scheme", "extra", "sub.chainz"),
        problems.stream().map(Problem::key).toList());
    assertEquals("box = -1: must be greater than 0; choose a value within the bound", problems.get(0).toString());
    assertTrue(problems.get(5).remedy().contains("did you mean sub.chains?"), problems.get(5).toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"x = \"3\" | must be a number, but is text",
      "x = 3 Mpc | must be a number, but is text",
      "x = NaN | must be a number, but is text", "x = 1e999 | must be",
      "x = true | must be a number, but is true or false",
      "x = [1] | must be a number, but is a list", "x = { y = 1 } | must be a number, but is a block",
      "x = null | must have a value", "x = 11 | must be from 0 to 10",
      "x = -1e-300 | must be from 0 to 10"})
  void shouldRefuseWhatIsNotNumberInRange(String text, String bound) {
    Problem problem = problem(text, settings -> settings.requiredNumber("x", Range.between(0, 10)));
    assertTrue(problem.bound().startsWith(bound), problem.toString());
    assertEquals("x", problem.key());
    assertFalse(problem.remedy().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"n = 2.5", "n = 1e30", "n = 9223372036854775808", "n = \"4\"", "n = 101",
      "n = -1"})
  void shouldRefuseWhatIsNotWholeNumberInRange(String text) {
    Problem problem = problem(text, settings -> settings.requiredInteger("n", 0, 100));
    assertTrue(problem.bound().startsWith("must be a whole number"), problem.toString());
  }

  @Test
  void shouldNameBoundOfNumbersThatNoTypeHolds() {
    for (String text : List.of("9223372036854775808", "-9223372036854775809", "1e19", "1e400", "1e999999999",
        "1e-999999999",
        "4.5", "9".repeat(300))) {
      Settings settings = settings("seed = " + text);
      settings.longInteger("seed", 0, Long.MAX_VALUE);
      assertEquals("must be a whole number from 0 to 9223372036854775807", settings.problems().getFirst().bound(),
          text);
    }
    Settings whole = settings("a = 1e18, b = 9223372036854775807, c = -0, d = 4.0, e = -0.0");
    assertEquals(1_000_000_000_000_000_000L, whole.longInteger("a", 0, Long.MAX_VALUE).orElseThrow());
    assertEquals(Long.MAX_VALUE, whole.longInteger("b", 0, Long.MAX_VALUE).orElseThrow());
    assertEquals(0, whole.longInteger("c", 0, Long.MAX_VALUE).orElseThrow());
    assertEquals(4, whole.longInteger("d", 0, Long.MAX_VALUE).orElseThrow());
    assertEquals(0.0,
        whole.number("e", new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true)).orElseThrow(),
        "a zero has no sign");
    for (String text : List.of("1e400", "-1e400", "9".repeat(400))) {
      Settings settings = settings("x = " + text);
      settings.number("x", new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true));
      assertTrue(settings.problems().getFirst().bound().contains("finite number"), settings.problems().toString());
    }
    for (String text : List.of("0x10", "1_000", "yes", "1 000", "ten")) {
      Settings settings = settings("x = " + text);
      settings.longInteger("x", 0, 9);
      assertEquals("must be a whole number, but is text", settings.problems().getFirst().bound(), text);
    }
    Settings flags = settings("a = yes, b = on, c = 1");
    List.of("a", "b", "c").forEach(flags::flag);
    assertEquals(3, flags.problems().size());
  }

  @Test
  void shouldAcceptWholeNumberWrittenWithPoint() {
    assertEquals(Optional.of(3), settings("n = 3.0").integer("n", 0, 10));
  }

  @Test
  void shouldReportElementOfList() {
    Problem problem = problem("mesh = [32, -2, 64]", settings -> settings.requiredIntegers("mesh", 3, 3, 1, 100));
    assertEquals("mesh[1] = -2: must be a whole number from 1 to 100; choose a value within the bound",
        problem.toString());
    assertEquals("must be a list of 3",
        problem("mesh = [1, 2]", settings -> settings.integers("mesh", 3, 3, 1, 100)).bound());
  }

  @Test
  void shouldNotComplainOfKeysWithinWhatIsNoBlock() {
    Problem problem = problem("simulation = 3", settings -> settings.block("simulation").requiredInteger("n", 1, 2));
    assertEquals("simulation = 3: must be a block of settings; write simulation { … }", problem.toString());
  }

  @Test
  void shouldReportKeysOfMissingBlock() {
    Problem problem = problem("", settings -> settings.block("simulation").requiredInteger("n", 1, 2));
    assertEquals("simulation.n: is missing; give a whole number from 1 to 2", problem.toString());
  }

  @Test
  void shouldReportUnknownBlockOnce() {
    Problem problem = problem("simulatoin { a = 1, b = 2 }", settings -> settings.optionalBlock("simulation"));
    assertEquals("simulatoin", problem.key());
    assertEquals("did you mean simulation?", problem.remedy());
  }

  @Test
  void shouldSuggestDashesForUnderscores() {
    assertEquals("did you mean omega-m?",
        problem("omega_m = 1", settings -> settings.number("omega-m", 0.3,
            new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true))).remedy());
  }

  @Test
  void shouldResolveDefaultsPathsAndDerivedValuesStably() {
    String text = "a = 1, file = z.npy, block { list = [1, 2], odd.key = 3 }";
    Config first = read(settings(text));
    Config second = read(Settings.of(ConfigFactory.parseString(first.root().render()), Path.of("/elsewhere")));
    assertEquals(first, second, "reading what was resolved changes nothing");
    assertEquals("/jobs/z.npy", first.getString("file"));
    assertEquals(0.25, first.getDouble("block.fallback"));
    assertEquals(7, first.getInt("derived"));
  }

  private static Config read(Settings settings) {
    settings.number("a", 5, new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true));
    settings.path("file");
    settings.block("block").numbers("list", 1, 5,
        new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true));
    settings.block("block").number("fallback", 0.25,
        new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true));
    settings.block("block").block("odd").integer("key", 0, 9);
    settings.derive("derived", settings.integer("derived", 0, 100).orElse(7));
    assertEquals(List.of(), settings.finish(() -> "fine").problems());
    return settings.resolved();
  }

  @Test
  void shouldRefuseMissingInputFile(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("there"), "x");
    Settings settings = Settings.of(ConfigFactory.parseString("a = there, b = absent, c = ."), directory);
    assertEquals(Optional.of(directory.resolve("there")), settings.inputFile("a"));
    assertEquals(Optional.empty(), settings.inputFile("b"));
    assertEquals(Optional.empty(), settings.inputFile("c"));
    assertEquals(List.of("does not exist", "is not a file that can be read"),
        settings.problems().stream().map(Problem::bound).toList());
  }

  @Test
  void shouldShortenLongValues() {
    Problem problem = problem("x = \"" + "y".repeat(500) + "\"",
        settings -> settings.number("x", new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true)));
    assertTrue(problem.value().length() < 100, problem.value());
  }
}
