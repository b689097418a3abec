package org.halocline.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class HoconTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("SEED", "7", "NAME", "a b", "HALOCLINE_TOKEN",
      "secret");

  private static Config config(String text) {
    return Hocon.read("a.conf", text, ENVIRONMENT, List.of()).orThrow();
  }

  private static Problem problem(Checked<?> checked) {
    assertFalse(checked.isValid(), "a problem was expected");
    assertEquals(1, checked.problems().size(), checked.problems().toString());
    return checked.problems().getFirst();
  }

  @Test
  void shouldIncludeNothingInAnyForm(@TempDir Path directory) throws Exception {
    Path other = Files.writeString(directory.resolve("other.conf"), "secret = found");
    AtomicInteger requests = new AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      requests.incrementAndGet();
      exchange.close();
    });
    server.start();
    try {
      String url = "url(\"http://127.0.0.1:" + server.getAddress().getPort() + "/x.conf\")";
      String file = "file(\"" + other + "\")";
      for (String what : List.of("\"" + other + "\"", "\"other\"", url, file, "classpath(\"halocline-node.conf\")",
          "required(\"" + other + "\")", "required(" + url + ")", "required( " + file + " )",
          "required(classpath(\"reference.conf\"))", "url( \"http://127.0.0.1:" + server.getAddress().getPort()
              + "\" )",
          "\"http://127.0.0.1:" + server.getAddress().getPort() + "/y.conf\""))
        for (String text : List.of("include " + what, "include\t" + what, "  include   " + what + " # why",
            "include # no\n" + what, "include // no\n\n  " + what, "a { include " + what + " }",
            "a = {include " + what + "}",
            "b = 1, include " + what, "a = [{ include " + what + " }]", "\"include\" = 1\ninclude " + what)) {
          Problem problem = problem(Hocon.read("a.conf", "x = 1\n" + text));
          assertTrue(problem.key().matches("a\\.conf:\\d+"), problem + " of " + text);
          assertFalse(problem.toString().contains("found"), problem.toString());
          if (!text.contains("# no") && !text.contains("// no"))
            assertEquals("has an include, which is not allowed; write the settings here instead",
                problem.bound() + "; " + problem.remedy(), text);
        }
    } finally {
      server.stop(0);
    }
    assertEquals(0, requests.get(), "requests that a text made");
    assertEquals(1, config("\"include\" = 1").getInt("\"include\""), "a key like any other");
    assertEquals("a.conf:3", problem(Hocon.read("a.conf", "# include \"a\"\nb = \"include\"\ninclude \"x\"")).key());
  }

  static Stream<Arguments> explosions() {
    StringBuilder doubling = new StringBuilder("x0 = [1, 2, 3]\n");
    StringBuilder blocks = new StringBuilder("x0 { a = 1 }\n");
    StringBuilder chain = new StringBuilder("x0 = 1\n");
    for (int i = 1; i < 33; i++) {
      doubling.append("x").append(i).append(" = ${x").append(i - 1).append("}${x").append(i - 1).append("}\n");
      blocks.append("x").append(i).append(" { a = ${x").append(i - 1).append("}, b = ${x").append(i - 1)
          .append("} }\n");
    }
    for (int i = 1; i < 5000; i++)
      chain.append("x").append(i).append(" = ${x").append(i - 1).append("}\n");
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 12_000; i++)
      fields.append("a.x").append(i).append(" = 1\n");
    return Stream.of(Arguments.of("doubling lists", doubling.toString()),
        Arguments.of("doubling texts", doubling.toString().replace("[1, 2, 3]", "one")),
        Arguments.of("doubling nothing", doubling.toString().replace("[1, 2, 3]", "\"\"")),
        Arguments.of("doubling blocks", blocks.toString()),
        Arguments.of("doubling what it was", "a = one\n" + "a = ${a}${a}\n".repeat(30)),
        Arguments.of("doubling in turn", "a = 1, b = 1\n" + "a = ${b}${b}\nb = ${a}${a}\n".repeat(15)),
        Arguments.of("a long text often", "t = " + "x".repeat(30_000) + "\ny = [" + "${t},".repeat(20) + "]"),
        Arguments.of("chain", chain.toString()), Arguments.of("appending", "a += 1\n".repeat(2000)),
        Arguments.of("merging", "a = ${b}\na = { x = 1 }\n".repeat(1000) + "b {}"),
        Arguments.of("settings", fields.toString()), Arguments.of("pieces", "a = " + "1 ".repeat(60_000)),
        Arguments.of("words", "a = " + "true".repeat(30_000)), Arguments.of("quotes", "a = " + "\"b\"".repeat(30_000)),
        Arguments.of("lists beside each other", "a = " + "[1]".repeat(40_000)),
        Arguments.of("braces", "{".repeat(100_000)), Arguments.of("keys and braces", "a{".repeat(50_000)),
        Arguments.of("brackets", "a = " + "[".repeat(100_000)), Arguments.of("dots", "a.".repeat(60_000) + "a = 1"),
        Arguments.of("dots of a substitution", "a = ${" + "a.".repeat(60_000) + "a}"),
        Arguments.of("values", "a = [" + "1,".repeat(500_000) + "1]"),
        Arguments.of("values of lines", "a = [" + "1\n".repeat(500_000) + "1]"),
        Arguments.of("too long", "a = \"" + "x".repeat(2 << 20) + "\""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("explosions")
  void shouldRefuseWhatExplodesAtOnce(String name, String text) {
    for (String file : List.of("a.conf", "a.json")) {
      List<Problem> problems = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30),
          () -> Hocon.read(file, text).problems());
      assertEquals(1, problems.size(), problems.toString());
      assertTrue(problems.getFirst().toString().length() < 300, problems.toString());
    }
  }

  @Test
  void shouldFillInWhatIsReasonable() {
    String text = "n = 32, mesh = [${n}, ${n}, 64], path = a, path = ${path}\"/b\", seed = ${SEED}, who = ${?NAME}, "
        + "file = maps-${SEED}.npy\n"
        + "list += 1\n".repeat(30) + "copies = [" + "${mesh},".repeat(20)
        + "], base { x = 1 }, over = ${base} { y = ${n} }";
    Config read = config(text);
    assertEquals(List.of(32, 32, 64), read.getIntList("mesh"));
    assertEquals("a/b", read.getString("path"));
    assertEquals(7, read.getValue("seed").unwrapped());
    assertEquals("a b", read.getString("who"));
    assertEquals("maps-7.npy", read.getString("file"));
    assertEquals(30, read.getIntList("list").size());
    assertEquals(32, read.getInt("over.y"));
  }

  @Test
  void shouldTakeLargeJobs() {
    StringBuilder text = new StringBuilder("maps = /data, z = [");
    for (int i = 0; i < 5000; i++)
      text.append(i * 0.001).append(i % 2 == 0 ? ", " : "\n");
    text.append("]\n");
    for (int i = 0; i < 100; i++)
      text.append("priors { p").append(i).append(" { prior = uniform, low = 0.1, high = 0.9 }}\nbin").append(i)
          .append(" { map = ${maps}/survey/convergence_").append(i).append(".npy, noise = ${maps}/noise.npy }\n");
    Config read = config(text.toString());
    assertEquals(5000, read.getDoubleList("z").size());
    assertEquals("/data/survey/convergence_99.npy", read.getString("bin99.map"));
  }

  @Test
  void shouldNameSubstitutionThatFindsNothing() {
    List<Problem> problems = Hocon.read("a.conf", "infer {\n seed = ${?NO_SEED} }\nname = \"${x}\"${other.key}",
        ENVIRONMENT, List.of()).problems();
    assertEquals(2, problems.size(), problems.toString());
    assertEquals("infer.seed = ${?NO_SEED}: finds nothing: a.conf in line 2 has no setting NO_SEED, and the environment"
        + " has no variable of that name; export it, or write the value there; a job takes it by --set "
        + "infer.seed=VALUE",
        problems.stream().filter(p -> p.key().equals("infer.seed")).findFirst().orElseThrow().toString());
    assertEquals("${?a.b}", problem(Hocon.read("a.conf", "c { d = 1 }, a = ${c}, s = ${?a.b}", ENVIRONMENT, List.of()))
        .value().replace("${a", "${?a"));
    assertTrue(problem(Hocon.read("a.conf", "a = ${HALOCLINE_TOKEN}", ENVIRONMENT, List.of())).bound()
        .startsWith("finds nothing"));
    for (String variable : List.of("HOME", "PATH", "user.home", "java.version"))
      assertTrue(problem(Hocon.read("a.conf", "a = ${?" + variable + "}")).bound().contains("no environment is read"));
  }

  @Test
  void shouldSetWhatIsGivenBesideTheText() {
    Config read = Hocon
        .read("a.conf", "n = 1, m = ${n}, b { c = 1, d = 2 }, l = [1]", Map.of(), List.of("n=4", "b.c = x y",
            "l=[2, 3]", "p=\"7\"", "u=uniform(0.1, 0.5)", "f=../a#b.npy", "e=", "k=[${n}]", "b.d=3", "b.d=4"))
        .orThrow();
    assertEquals(List.of(4, 4), List.of(read.getInt("n"), read.getInt("m")));
    assertEquals("x y", read.getString("b.c"));
    assertEquals(4, read.getInt("b.d"));
    assertEquals(List.of(2, 3), read.getIntList("l"));
    assertEquals("7", read.getValue("p").unwrapped());
    assertEquals("uniform(0.1, 0.5)", read.getString("u"));
    assertEquals("../a#b.npy", read.getString("f"));
    assertEquals(List.of(4), read.getIntList("k"));
    for (String wrong : List.of("seed", "=1", "a..b=1", "a b{=1", "a=[1", "a=[1], b = 2", "a={ include \"x\" }",
        "a=" + "[".repeat(1000)))
      assertFalse(Hocon.read("a.conf", "", Map.of(), List.of(wrong)).isValid(), wrong);
    Settings settings = Settings.of(Hocon.read("a.conf", "seed = 1", Map.of(), List.of("sede=2", "b.c=3", "seed=x"))
        .orThrow(), Path.of("/"));
    settings.integer("seed", 0, 9);
    settings.block("b");
    assertEquals(List.of("--set b.c", "--set sede", "--set seed"),
        settings.finish(() -> 0).problems().stream().map(Problem::key).sorted().toList());
  }

  /** Texts with as many substitutions as are allowed take little time and memory in the library. */
  @ParameterizedTest
  @MethodSource("seeds")
  void shouldBoundTimeAndSize(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      StringBuilder text = new StringBuilder("a = 1, b { a = 1 }, c = [1]\n");
      int lines = 5 + random.nextInt(120);
      for (int line = 0; line < lines; line++)
        text.append(key(random)).append(line(random)).append('\n');
      Checked<Config> checked = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30),
          () -> Hocon.read("a.conf", text.toString(), ENVIRONMENT, List.of()), text::toString);
      checked.toOptional().ifPresent(config -> assertTrue(config.root().render().length() < 1 << 20, text.toString()));
    }
  }

  static Stream<Long> seeds() {
    return Stream.of(1L, 2L, 3L);
  }

  private static String key(Random random) {
    String name = "" + (char) ('a' + random.nextInt(4));
    return random.nextInt(3) == 0 ? name + "." + (char) ('a' + random.nextInt(3)) : name;
  }

  private static String line(Random random) {
    String reference = "${" + (random.nextBoolean() ? "?" : "") + key(random) + "}";
    return switch (random.nextInt(6)) {
      case 0 -> " += " + reference;
      case 1 -> " = " + reference + reference;
      case 2 -> " = " + reference + " { a = " + reference + " }";
      case 3 -> " { b = " + reference + ", c = 1 }";
      case 4 -> " = " + reference;
      default -> " = [" + reference + "] [2]";
    };
  }
}
