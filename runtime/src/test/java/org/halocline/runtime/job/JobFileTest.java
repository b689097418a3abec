package org.halocline.runtime.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class JobFileTest {
  private static final String JOB = """
      kind = infer                                   # a comment
      cosmology { omega-m = 0.3, w0 = -1 }
      simulation {
        mesh = [32, 32, 64], box-mpc-h = [400, 400, 2048], scheme = bullfrog
        noise = "noise.npy"
      }
      infer { parameters { omega-m = "uniform(0.1, 0.5)" }, chains = 4, seed = 1 }
      """;
  private static final String[] PIECES = {"{", "}", "[", "]", "=", ":", ",", "\"", "\"\"\"", "#", "${", "${?", "}",
      "include \"x\"", "include url(\"http://x\")",
      "NaN", "-1e999", "null", "true", "..", ".", "\n", "\u0000", "🙂", "+=", "0x1", "1e", "\\u12", "//", "kind",
      "mesh", "a.b.c = 1", "${kind}", "[[[[[[", "é"};

  private static Problem problem(Checked<?> checked) {
    assertFalse(checked.isValid(), "a problem was expected");
    assertEquals(1, checked.problems().size());
    return checked.problems().getFirst();
  }

  @Test
  void shouldParseHoconAndJsonAlike() {
    JobFile hocon = JobFile.parse("a.conf", Path.of("/j"), "kind = x, sub { n = 3 }").orThrow();
    JobFile json = JobFile.parse("a.json", Path.of("/j"), "{\"sub\": {\"n\": 3}, \"kind\": \"x\"}").orThrow();
    assertEquals(JobFile.canonical(hocon.config()), JobFile.canonical(json.config()));
    assertEquals("a", hocon.stem());
  }

  @Test
  void shouldNameLineOfSyntaxError() {
    Problem problem = problem(JobFile.parse("bad.conf", Path.of("/j"), "a = 1\nb = 2\nc = { d = [1, 2 \n"));
    assertTrue(problem.key().matches("bad\\.conf:[34]"), problem.toString());
    assertEquals("a.conf:1: Expecting end of input or a comma, got '='; correct the syntax there",
        problem(JobFile.parse("a.conf", Path.of("/j"), "a = 1 = 2")).toString());
  }

  @Test
  void shouldSeeNothingButTheFile() {
    assertTrue(problem(JobFile.parse("a.conf", Path.of("/j"), "include \"/etc/passwd\"")).bound()
        .contains("an include, which is not allowed"));
    assertTrue(problem(JobFile.parse("a.conf", Path.of("/j"), "a = ${HOME}")).bound().startsWith("finds nothing"));
    assertTrue(problem(JobFile.parse("a.conf", Path.of("/j"), "a = ${user.dir}")).bound().startsWith("finds nothing"));
  }

  @Test
  void shouldRefuseWhatIsNoJobFile(@TempDir Path directory) throws Exception {
    assertTrue(problem(JobFile.read(directory, Map.of(), List.of())).bound().contains("directory"));
    assertTrue(problem(JobFile.read(directory.resolve("absent.conf"), Map.of(), List.of())).bound()
        .contains("does not exist"));
    Path binary = Files.write(directory.resolve("x.npy"),
        new byte[]{(byte) 0x93, 'N', 'U', 'M', (byte) 0xff, (byte) 0xfe});
    assertTrue(problem(JobFile.read(binary, Map.of(), List.of())).bound().contains("UTF-8"));
    Path large = Files.write(directory.resolve("large.conf"), new byte[1 << 20]);
    assertTrue(problem(JobFile.read(large, Map.of(), List.of())).bound().contains("at most"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldNeverDoMoreThanListProblems(long seed) {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int invalid = 0;
    for (int i = 0; i < 500; i++) {
      String text = garble(random);
      Checked<String> checked = JobFile.parse(random.nextBoolean() ? "a.conf" : "a.json", Path.of("/j"), text)
          .then(JobFileTest::read);
      for (Problem problem : checked.problems())
        assertFalse(problem.key().isBlank() || problem.bound().isBlank(), () -> problem + " of " + text);
      invalid += checked.isValid() ? 0 : 1;
    }
    assertTrue(invalid > 300, invalid + " of 500 were refused");
  }

  private static String garble(Random random) {
    StringBuilder text = new StringBuilder(JOB);
    for (int edits = 1 + random.nextInt(6); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(12)));
        case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
      }
      if (text.isEmpty())
        text.append(' ');
    }
    return text.toString();
  }

  private static Checked<String> read(JobFile file) {
    Settings settings = file.settings();
    settings.block("cosmology").number("omega-m", 0.3, new Range(0, true, 1, true));
    settings.block("cosmology").number("w0", -1, Range.between(-3, 0));
    Settings simulation = settings.block("simulation");
    simulation.requiredIntegers("mesh", 3, 3, 1, 1 << 16);
    simulation.requiredNumbers("box-mpc-h", 3, 3, new Range(0, true, Double.POSITIVE_INFINITY, true));
    simulation.text("scheme", "bullfrog");
    simulation.path("noise");
    Settings infer = settings.block("infer");
    infer.integer("chains", 4, 1, 1000);
    infer.longInteger("seed", 1, 0, Long.MAX_VALUE);
    Settings parameters = infer.block("parameters");
    parameters.keys().forEach(parameters::text);
    return settings.finish(() -> JobFile.canonical(settings.resolved()));
  }

  @Test
  void shouldGiveSameJobSameId() {
    String text = JobFile.canonical(ConfigFactory.parseString("b = 1, a = 2"));
    JobSpec spec = JobSpec.of("toy", text, Map.of("/x", "00"));
    assertEquals(spec,
        JobSpec.of("toy", JobFile.canonical(ConfigFactory.parseString("a = 2\nb = 1 # same")), Map.of("/x", "00")));
    assertFalse(spec.id().equals(JobSpec.of("toy", text, Map.of("/x", "01")).id()), "other input, other job");
  }

  @Test
  void shouldSuggestKind() {
    JobKind kind = new JobKind() {
      @Override
      public String name() {
        return "simulate";
      }

      @Override
      public Checked<JobPlan> check(JobFile file) {
        throw new AssertionError("not this kind");
      }
    };
    JobKinds kinds = new JobKinds(List.of(kind));
    assertEquals("kind = \"simulat\": must be one of simulate; did you mean simulate?",
        problem(kinds.check(JobFile.parse("a.conf", Path.of("/j"), "kind = simulat").orThrow())).toString());
    assertEquals("kind: is missing; give one of simulate",
        problem(kinds.check(JobFile.parse("a.conf", Path.of("/j"), "").orThrow())).toString());
  }
}
