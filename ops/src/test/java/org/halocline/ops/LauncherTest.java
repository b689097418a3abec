package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.halocline.ops.api.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher against fake JDKs and a fake Maven: what it finds, builds, keeps, says and starts. */
@Timeout(300)
class LauncherTest {

  private static final int SECONDS = 200;

  @TempDir
  Path folder;
  private FakeCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = FakeCheckout.in(folder);
  }

  /** JUnit would warn of each link that leads out of the folder it deletes. */
  @AfterEach
  void removeLinks() throws IOException {
    checkout.removeTools();
  }

  private Outcome launch(String... arguments) throws IOException, InterruptedException {
    return Outcome.of(checkout.launcher(arguments), folder, SECONDS);
  }

  @Test
  void shouldSayWhatItLookedAtWhereThereIsNoJdk25() throws Exception {
    checkout.jdk("old", "17.0.9", true);
    checkout.jdk("no compiler", "25.0.1", false);
    Outcome outcome = launch("--version");
    assertEquals(1, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("no JDK 25 was found"), outcome::toString);
    assertTrue(outcome.err().contains("jdks/old: JDK 17"), outcome::toString);
    assertTrue(outcome.err().contains("jdks/no compiler: Java 25 without a compiler"), outcome::toString);
    assertTrue(outcome.err().contains("apt-get install"), outcome::toString);
    assertTrue(outcome.err().contains("HALOCLINE_JAVA_HOME"), outcome::toString);
    assertEquals(0, checkout.mavenCalls());
  }

  @Test
  void shouldRefuseTheNamedJdkThatIsTooOld() throws Exception {
    checkout.jdk("right", "25", true);
    ProcessBuilder launcher = checkout.launcher("--version");
    launcher.environment().put("HALOCLINE_JAVA_HOME", checkout.jdk("old", "21.0.2", true).toString());
    Outcome outcome = Outcome.of(launcher, folder, SECONDS);
    assertEquals(1, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("jdks/old is JDK 21"), outcome::toString);
  }

  @Test
  void shouldPassOverAnOldJavaHome() throws Exception {
    Path right = checkout.jdk("right", "25.0.3", true);
    ProcessBuilder launcher = checkout.launcher("--version");
    launcher.environment().put("JAVA_HOME", checkout.jdk("old", "17.0.9", true).toString());
    Outcome outcome = Outcome.of(launcher, folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    assertEquals(List.of("called by " + right), Files.readAllLines(checkout.base().resolve("maven-calls")));
  }

  @Test
  void shouldSayHowToGetMaven() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.withoutMaven();
    Outcome outcome = launch("--version");
    assertEquals(1, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("Maven is needed to build"), outcome::toString);
    assertTrue(outcome.err().contains("apt-get install maven"), outcome::toString);
  }

  @Test
  void shouldBuildOnceAndAgainOnlyAfterAnEdit() throws Exception {
    checkout.jdk("right", "25", true);
    Outcome first = launch("--version");
    assertEquals(0, first.exit(), first::toString);
    assertTrue(first.err().contains("building 1/1 fake"), first::toString);
    Outcome second = launch("--version");
    assertEquals("", second.err(), second::toString);
    assertEquals(1, checkout.mavenCalls());
    List<Path> before = checkout.builds();
    checkout.edit("class Main { int edited; }");
    launch("build");
    assertEquals(2, checkout.mavenCalls());
    assertEquals(1, checkout.builds().size());
    assertFalse(checkout.builds().equals(before));
  }

  @Test
  void shouldKeepTheJarsOfARunningNodeAndRemoveThemOnceItEnds() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.tell("hold-java");
    try (Outcome.Running node = Outcome.started(checkout.launcher("node"), folder)) {
      node.prints("org.halocline.ops.Main", SECONDS);
      Path old = checkout.builds().getFirst();
      checkout.edit("class Main { int edited; }");
      launch("build");
      assertTrue(Files.exists(old.resolve("lib/a.jar")), "the jars of a running node are gone");
      assertEquals(2, checkout.builds().size());
      checkout.untell("hold-java");
      assertEquals(0, node.ends(SECONDS).exit());
      checkout.edit("class Main { int editedAgain; }");
      launch("build");
      assertFalse(Files.exists(old), "jars that no process uses are still there");
    }
  }

  @Test
  void shouldBuildOnceForManyFirstStarts() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.tell("hold-build");
    List<Outcome.Running> starts = new ArrayList<>();
    for (int start = 0; start < 4; start++)
      starts.add(Outcome.started(checkout.launcher("--version"), folder));
    Waiting.until("a build", () -> checkout.mavenCalls() > 0);
    checkout.untell("hold-build");
    for (Outcome.Running start : starts) {
      Outcome outcome = start.ends(SECONDS);
      assertEquals(0, outcome.exit(), outcome::toString);
    }
    assertEquals(1, checkout.mavenCalls());
  }

  @Test
  void shouldShowTheEndOfTheLogOfABuildThatFails() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.tell("break-build");
    Outcome outcome = launch("--version");
    assertEquals(1, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("Main.java:[1,1] nonsense"), outcome::toString);
    assertEquals(List.of(), checkout.builds());
    checkout.untell("break-build");
    assertEquals(0, launch("--version").exit());
  }

  @Test
  void shouldLeaveNothingBehindWhenABuildIsTerminated() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.tell("hold-build");
    try (Outcome.Running build = Outcome.started(checkout.launcher("build"), folder)) {
      Waiting.until("a build", () -> {
        assertTrue(build.process().isAlive(), "the launcher ended early");
        return checkout.mavenCalls() > 0;
      });
      build.process().destroy();
      assertEquals(143, build.ends(SECONDS).exit());
    }
    assertEquals(List.of(), checkout.builds());
    checkout.untell("hold-build");
    assertEquals(0, launch("build").exit());
  }

  @Test
  void shouldStartInTheUsersFolderThroughALink() throws Exception {
    checkout.jdk("right", "25", true);
    Path elsewhere = Files.createDirectories(folder.resolve("else where"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("hl"), checkout.root().resolve("halocline"));
    Path relative = Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("hl"));
    for (Path command : List.of(link, relative)) {
      Outcome outcome = Outcome.of(checkout.launcher(elsewhere, command, "--version"), folder, SECONDS);
      assertEquals(0, outcome.exit(), outcome::toString);
      assertTrue(outcome.out().contains(" in " + elsewhere.toRealPath() + "\n"), outcome::toString);
    }
    assertEquals(1, checkout.mavenCalls());
  }

  @Test
  void shouldStartARunWithItsPlannedMemoryAndKeepArgumentsWhole() throws Exception {
    checkout.jdk("right", "25", true);
    ProcessBuilder launcher = checkout.launcher("run", "a job.conf", "--output", "x  y*");
    launcher.environment().put("HALOCLINE_JAVA_OPTS", "-Dmine=1 -Dmine=2");
    Outcome outcome = Outcome.of(launcher, folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    List<String> arguments = outcome.out().lines().toList();
    for (String expected : List.of("--add-modules=some.module", "-Dflag=1", "-Xmx321m", "-Dplanned=1", "-Dmine=2"))
      assertTrue(arguments.contains(expected), expected + "\n" + outcome);
    assertTrue(arguments.contains("umask 0077"), outcome::toString);
    assertEquals(List.of("org.halocline.ops.Main", "run", "a job.conf", "--output", "x  y*"),
        arguments.subList(arguments.size() - 5, arguments.size()));
    String classPath = arguments.get(arguments.indexOf("-cp") + 1);
    assertTrue(classPath.endsWith("ops-1.0.jar") && classPath.contains("lib/a.jar:"), classPath);
  }

  @Test
  void shouldStartABenchmarkWithItsPlannedMemory() throws Exception {
    checkout.jdk("right", "25", true);
    Outcome outcome = launch("bench", "--mesh", "384");
    assertEquals(0, outcome.exit(), outcome::toString);
    List<String> arguments = outcome.out().lines().toList();
    assertTrue(arguments.containsAll(List.of("-Xmx321m", "-Dplanned=1", "--add-modules=some.module")),
        outcome::toString);
    assertEquals(List.of("org.halocline.ops.Main", "bench", "--mesh", "384"),
        arguments.subList(arguments.size() - 4, arguments.size()));
    checkout.tell("refuse");
    Outcome refused = launch("bench", "--mesh", "384");
    assertEquals(2, refused.exit(), refused::toString);
    assertEquals("", refused.out());
  }

  @Test
  void shouldEndWithThePlansExitCodeWhenItRefusesAJob() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.tell("refuse");
    Outcome outcome = launch("run", "job.conf");
    assertEquals(2, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().endsWith("bad input\n"), outcome::toString);
    assertEquals("", outcome.out());
  }

  @Test
  void shouldBecomeTheJvmSoThatSignalsReachIt() throws Exception {
    checkout.jdk("right", "25", true);
    checkout.tell("hold-java");
    try (Outcome.Running run = Outcome.started(checkout.launcher("run", "job.conf"), folder)) {
      run.prints("job.conf", SECONDS);
      run.process().destroy();
      Outcome outcome = run.ends(SECONDS);
      assertEquals(143, outcome.exit(), outcome::toString);
      assertTrue(outcome.out().startsWith("pid " + run.process().pid() + " in "), outcome::toString);
      assertTrue(outcome.out().endsWith("terminated\n"), outcome::toString);
    }
  }

  @Test
  void shouldRefuseArgumentsThatBuildDoesNotTake() throws Exception {
    checkout.jdk("right", "25", true);
    Outcome outcome = launch("build", "everything");
    assertEquals(2, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("'everything'"), outcome::toString);
  }

  @Test
  void shouldUseTheFolderNamedForBuilds() throws Exception {
    checkout.jdk("right", "25", true);
    ProcessBuilder launcher = checkout.launcher("build");
    Path home = folder.resolve("builds here");
    launcher.environment().put("HALOCLINE_BUILD_HOME", home.toString());
    Outcome outcome = Outcome.of(launcher, folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    assertTrue(Files.exists(home.resolve("build.log")));
    assertFalse(Files.exists(checkout.root().resolve(".halocline")));
  }

  @Test
  void shouldHelpWithoutTakingAnythingForAnArgumentOfBuild() throws Exception {
    checkout.jdk("right", "25", true);
    for (String help : List.of("-h", "--help")) {
      Outcome outcome = launch("build", help);
      assertEquals(0, outcome.exit(), outcome::toString);
      assertTrue(outcome.out().endsWith("org.halocline.ops.Main\nbuild\n" + help + "\n"), outcome::toString);
    }
  }

  @Test
  void shouldSpeakOfAnotherBuildOnlyWhereItWaitsForOne() throws Exception {
    checkout.jdk("right", "25", true);
    launch("build");
    checkout.tell("hold-build");
    String before = Files.readString(checkout.root().resolve("ops/src/main/java/Main.java"));
    checkout.edit("class Main { int edited; }");
    try (Outcome.Running build = Outcome.started(checkout.launcher("build"), folder)) {
      Waiting.until("a build", () -> checkout.mavenCalls() > 1);
      checkout.edit(before);
      Outcome present = launch("--version");
      assertEquals(0, present.exit(), present::toString);
      assertEquals("", present.err(), "a build that is there waits for no other");
      checkout.edit("class Main { int edited; }");
      try (Outcome.Running waits = Outcome.started(checkout.launcher("--version"), folder)) {
        Waiting.until("a word", () -> Files.readString(waits.err()).contains("another process builds here"));
        checkout.untell("hold-build");
        assertEquals(0, waits.ends(SECONDS).exit());
      }
      assertEquals(0, build.ends(SECONDS).exit());
    }
  }

  @Test
  void shouldGiveEveryCommandALocaleOfUtf8() throws Exception {
    checkout.jdk("right", "25", true);
    for (String locale : List.of("C", "POSIX", "xx_YY", "xx_YY.ISO8859-1")) {
      ProcessBuilder launcher = checkout.launcher("env");
      launcher.environment().put("LC_ALL", locale);
      Outcome outcome = Outcome.of(launcher, folder, SECONDS);
      assertTrue(outcome.out().contains("\nLC_ALL=C.UTF-8\n"), outcome::toString);
    }
  }

  @Test
  void shouldBuildWhereBashIsToKeepToPosix() throws Exception {
    checkout.jdk("right", "25", true);
    ProcessBuilder launcher = checkout.launcher("--version");
    launcher.environment().put("POSIXLY_CORRECT", "1");
    Outcome outcome = Outcome.of(launcher, folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
  }

  @Test
  void shouldRefuseAClosedStdoutAndDoWithoutStderr() throws Exception {
    checkout.jdk("right", "25", true);
    launch("build");
    List<String> shell = List.of("bash", "-c", "\"$0\" --version >&-",
        checkout.root().resolve("halocline").toString());
    Outcome closed = Outcome.of(checkout.launcher("--version").command(shell), folder, SECONDS);
    assertEquals(1, closed.exit(), closed::toString);
    assertTrue(closed.err().contains("stdout is closed"), closed::toString);
    Outcome silent = Outcome.of(checkout.launcher("--version")
        .command(List.of("bash", "-c", "\"$0\" --version 2>&- <&-", shell.getLast())), folder, SECONDS);
    assertEquals(0, silent.exit(), silent::toString);
  }
}
