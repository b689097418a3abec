package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.halocline.ops.api.Waiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node by the real launcher, on the real JDK and with the classes under test; only Maven is played, as they are
 * compiled.
 */
@Timeout(600)
class LaunchedNodeTest {
  private static final int SECONDS = 280;

  @TempDir
  static Path folder;

  @BeforeAll
  static void makeCheckout() throws IOException {
    Path checkout = Files.createDirectories(folder.resolve("checkout/ops/src/main/java"));
    Files.writeString(checkout.resolve("Main.java"), "class Main {}");
    Files.writeString(folder.resolve("checkout/pom.xml"), "<project/>");
    Files.writeString(folder.resolve("checkout/ops/pom.xml"), "<project/>");
    Path real = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize().getParent();
    script(folder.resolve("checkout/halocline"), Files.readString(real.resolve("halocline")));
    Path image = Files.createDirectories(folder.resolve("image/lib"));
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
    int jars = 0; // the first folder of classes is this module's
    for (int i = 0; i < entries.length; i++)
      if (Files.isDirectory(Path.of(entries[i])) && !entries[i].contains("test-classes"))
        jar(Path.of(entries[i]), image.resolve(jars++ == 0 ? "ops.jar" : "module-" + i + ".jar"));
      else if (entries[i].endsWith(".jar") && !entries[i].endsWith("-tests.jar"))
        Files.createSymbolicLink(image.resolve("library-" + i + ".jar"), Path.of(entries[i]));
    Files.writeString(folder.resolve("image/jvm.flags"),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("--add-opens") || option.startsWith("--add-exports")
                || option.startsWith("--sun-misc")
                || option.startsWith("--enable-native"))
            .collect(Collectors.joining(" ")) + "\n");
    Path jdk = Path.of(System.getProperty("java.home"));
    Files.createDirectories(folder.resolve("jdk/bin"));
    Files.copy(jdk.resolve("release"), folder.resolve("jdk/release"));
    script(folder.resolve("jdk/bin/javac"), "#!/bin/bash\n");
    script(folder.resolve("jdk/bin/java"), """
        #!/bin/bash
        [[ " $* " != *' -XX:ArchiveClassesAtExit='* ]] || exit 1 # it would only take time
        exec "%s/bin/java" "$@"
        """.formatted(jdk));
    script(folder.resolve("mvn"), """
        #!/bin/bash
        mkdir -p ops/target/launcher
        cp -a "%1$s/." ops/target/launcher/
        mv ops/target/launcher/lib/ops.jar ops/target/ops-1.0.jar
        """.formatted(folder.resolve("image")));
  }

  /** JUnit would warn of each link that leads out of the folder it deletes. */
  @AfterAll
  static void removeLinks() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path link : all.filter(Files::isSymbolicLink).toList())
        Files.delete(link);
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      out.setLevel(1);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private static ProcessBuilder launcher(String... arguments) {
    List<String> command = new ArrayList<>(List.of(folder.resolve("checkout/halocline").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder launcher = new ProcessBuilder(command).directory(folder.toFile());
    launcher.environment().put("HALOCLINE_JAVA_HOME", folder.resolve("jdk").toString());
    launcher.environment().put("HALOCLINE_MVN", folder.resolve("mvn").toString());
    launcher.environment().put("HALOCLINE_JAVA_OPTS", "-Dhalocline.fft=jtransforms -XX:TieredStopAtLevel=1");
    return launcher;
  }

  @Test
  void shouldStartANodeWithTheHeapThatItsMemoryAsksForAndEndItByASignal() throws Exception {
    String state = folder.resolve("state").toString();
    try (Outcome.Running node = Outcome.started(launcher("node", "--json", "--cluster", "tea", "--lanes", "1",
        "--memory", "700m", "--state", state, "--http-port", "0"), folder)) {
      node.prints("\"event\":\"ready\"", SECONDS);
      JsonNode ready = new ObjectMapper()
          .readTree(Files.readString(node.out()).lines().findFirst().orElseThrow());
      assertEquals(node.process().pid(), ready.path("pid").asLong(), "the launcher becomes the node");
      assertEquals(700L << 20, ready.path("memory-bytes").asLong());
      List<String> arguments = arguments(node.process().pid());
      long heap = arguments.stream().filter(option -> option.matches("-Xmx\\d+m"))
          .mapToLong(option -> Long.parseLong(option.replaceAll("\\D", ""))).max().orElseThrow();
      assertTrue(heap > 250 && heap < 700, heap + " MiB of heap");
      assertTrue(arguments.contains("-Dhalocline.lanes=1"), arguments::toString);
      assertTrue(Files.size(Path.of(ready.path("log").asText())) > 0);
      Waiting.until("the node in its own list",
          () -> Halocline.inside("nodes", "--address", ready.path("address").asText()).out()
              .contains(ready.path("node").asText()));
      node.process().destroy();
      Outcome end = node.ends(SECONDS);
      assertEquals(0, end.exit(), end::toString);
    }
  }

  private static List<String> arguments(long pid) throws IOException {
    return Arrays.asList(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).split("\0"));
  }

  @Test
  void shouldSayEverythingThatIsWrongBeforeAnythingStarts() throws Exception {
    Outcome outcome = Outcome.of(launcher("node", "--lanes", "none", "--port", "x", "--memory", "1k", "--cluster", "A",
        "--state", folder.resolve("never").toString()), folder, SECONDS);
    assertEquals(2, outcome.exit(), outcome::toString);
    for (String key : List.of("lanes", "port", "memory", "cluster"))
      assertTrue(outcome.err().contains("halocline: " + key + " = "), outcome::toString);
    assertFalse(Files.exists(folder.resolve("never")));
  }

  @Test
  void shouldRefuseATakenPortAtOnceAndOtherwiseSayItsProcess() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      String state = folder.resolve("other").toString();
      Outcome refused = Outcome.of(launcher("node", "--lanes", "1", "--state", state, "--http-port", port), folder,
          SECONDS);
      assertEquals(2, refused.exit(), refused::toString);
      assertTrue(
          refused.err().contains("http-port = 127.0.0.1:" + port) && refused.err().contains("choose a free port"),
          refused::toString);
      assertFalse(Files.exists(Path.of(state)), "nothing was started");
      try (
          Outcome.Running node = Outcome.started(launcher("node", "--lanes", "1", "--memory", "700m", "--state", state),
              folder)) {
        node.prints(" is ready, PID " + node.process().pid() + ": 1 lane", SECONDS);
      }
    }
  }

  /** By a script, for this JVM may itself be one that cannot name such a file. */
  @Test
  void shouldUseNamesOfEveryAlphabetInAnyLocale() throws Exception {
    Path script = folder.resolve("names");
    script(script,
        """
            #!/bin/bash
            set -e
            mkdir -p 'schöner Ordner/данные'; cd 'schöner Ordner'
            printf 'kind = simulate\nsimulation { mesh = [8, 8, 8], box-mpc-h = [100, 100, 100], snapshot { steps = 6 }, seed = 1 }\n' > 'übersicht.conf'
            "$1" plan 'übersicht.conf'
            "$1" run 'übersicht.conf' --output "данные/出力 $LC_ALL"
            ls "данные/出力 $LC_ALL/density.npy"
            """);
    ProcessBuilder launcher = launcher();
    launcher.command(List.of(script.toString(), launcher.command().getFirst()));
    launcher.environment().put("LC_ALL", "C");
    Outcome outcome = Outcome.of(launcher, folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    assertTrue(outcome.out().contains("übersicht.conf (simulate)"), outcome::toString);
  }
}
