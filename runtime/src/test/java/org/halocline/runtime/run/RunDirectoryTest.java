package org.halocline.runtime.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.PendingFile;
import org.halocline.runtime.files.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class RunDirectoryTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String RESOLVED = "{\"kind\": \"toy\", \"layout\": {\"x\": 1}, \"n\": 3, \"map\": "
      + "\"/data/a.npy\"}";

  @TempDir
  Path parent;

  private RunRequest request(boolean resume, String resolved, Map<String, String> inputs) {
    return new RunRequest(parent.resolve("run"), resume, "toy-1", "toy", "job.conf", "kind = toy", resolved, inputs,
        Set.of("layout"), Set.of(), "core/test", 1000);
  }

  private RunRequest request(boolean resume) {
    return request(resume, RESOLVED, Map.of("/data/a.npy", "aa"));
  }

  private Opening.Opened opened(RunRequest request) throws StorageException {
    Opening opening = RunDirectory.open(request, CLOCK, Tenancy.alone());
    return assertInstanceOf(Opening.Opened.class, opening, () -> opening.toString());
  }

  private String refused(RunRequest request) throws StorageException {
    List<Problem> inspected = RunDirectory.inspect(request);
    Opening.Refused refused = assertInstanceOf(Opening.Refused.class,
        RunDirectory.open(request, CLOCK, Tenancy.alone()));
    if (!inspected.isEmpty())
      assertEquals(inspected.stream().map(Problem::key).toList(),
          refused.problems().stream().map(Problem::key).toList(), "inspect sees what open refuses");
    return Problem.lines(refused.problems());
  }

  @Test
  void shouldRecordJobAndVersions() throws Exception {
    try (RunDirectory run = opened(request(false)).run()) {
      assertEquals("kind = toy", Files.readString(run.path().resolve("job.conf")));
      assertEquals(RESOLVED, Files.readString(run.path().resolve("job.resolved.json")));
      RunManifest manifest = RunDirectory.readManifest(run.path());
      assertEquals(RunDirectory.readManifest(run.path()), manifest);
      assertEquals(RunManifest.State.RUNNING, manifest.state());
      assertEquals(1, manifest.incarnation());
      assertEquals("core/test", manifest.arithmetic());
      assertEquals("aa", manifest.inputs().get("/data/a.npy"));
      assertTrue(manifest.versions().keySet().containsAll(Set.of("halocline", "jdk", "pekko")),
          manifest.versions().toString());
    }
  }

  @Test
  void shouldRefuseDirectoryOfOthers() throws Exception {
    Files.createDirectories(parent.resolve("run"));
    Files.writeString(parent.resolve("run").resolve("job.conf"), "precious");
    assertTrue(refused(request(false)).contains("not a run of Halocline"));
    assertEquals("precious", Files.readString(parent.resolve("run").resolve("job.conf")));
    try (Stream<Path> files = Files.list(parent.resolve("run"))) {
      assertEquals(1, files.count(), "nothing was added");
    }
  }

  @Test
  void shouldRefuseFileAsDirectory() throws Exception {
    Files.writeString(parent.resolve("run"), "x");
    assertTrue(refused(request(false)).contains("is a file"));
  }

  @Test
  void shouldRefuseExistingRunWithoutResume() throws Exception {
    opened(request(false)).run().close();
    String text = refused(request(false));
    assertTrue(text.contains("holds a run already") && text.contains("--resume"), text);
  }

  @Test
  void shouldTellBothDigestsOfDataThatChanged() throws Exception {
    String resolved = "{\"map\": \"/data/a.npy\", \"maps\": [\"/data/b.npy\", \"/data/c.npy\"], \"n\": 3}";
    opened(
        request(false, resolved, Map.of("/data/a.npy", "a0a0a0a0a0", "/data/b.npy", "b0b0b0b0b0", "/data/c.npy", "cc")))
        .run().close();
    String text = refused(request(true, resolved.replace("3", "4"),
        Map.of("/data/a.npy", "a1a1a1a1a1", "/data/b.npy", "b1b1b1b1b1", "/data/c.npy", "cc")));
    assertTrue(text.contains("map = \"/data/a.npy\" (sha256 a1a1a1a1…): the run in " + parent.resolve("run")
        + " began with \"/data/a.npy\" (sha256 a0a0a0a0…)"), text);
    assertTrue(text.contains("[\"/data/b.npy\" (sha256 b1b1b1b1…),\"/data/c.npy\" (sha256 cc…)]: "), text);
    assertTrue(text.contains("began with [\"/data/b.npy\" (sha256 b0b0b0b0…),\"/data/c.npy\" (sha256 cc…)]"), text);
    assertTrue(text.contains("n = 4: ") && text.contains("began with 3"), text);
    Files.writeString(parent.resolve("run/job.resolved.json"), "root:secret:0");
    assertFalse(refused(request(true)).contains("secret"));
    Files.writeString(parent.resolve("run/manifest.json"), "root:secret:0");
    assertFalse(Problem.lines(RunDirectory.inspect(request(true))).contains("secret"));
  }

  @Test
  void shouldKeepWhatItWritesFromOtherUsers() throws Exception {
    opened(request(false)).run().close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("run"))));
  }

  @Test
  void shouldRefuseToResumeNothing() throws Exception {
    assertTrue(refused(request(true)).contains("holds no run to resume"));
    assertFalse(Files.exists(parent.resolve("run")));
  }

  @Test
  void shouldResumeKilledRunWithNextIncarnation() throws Exception {
    String started;
    try (RunDirectory run = opened(request(false)).run()) {
      started = RunDirectory.readManifest(run.path()).started();
      Files.writeString(run.pending("half.npy").path(), "half");
    }
    Opening.Opened again = opened(request(true));
    try (RunDirectory run = again.run()) {
      assertTrue(again.resumed());
      assertEquals(2, run.incarnation());
      assertEquals(started, RunDirectory.readManifest(run.path()).started());
      assertFalse(Files.exists(run.file("half.npy")), "what was not committed is not there");
      assertFalse(Files.exists(parent.resolve("run/.aside/000001")), "and its remains are gone");
    }
  }

  @Test
  void shouldStartAnewWhereStartWasKilled() throws Exception {
    Path path = Files.createDirectories(parent.resolve("run"));
    Files.createFile(path.resolve("lock"));
    Files.createDirectories(path.resolve("incarnations"));
    Files.createFile(path.resolve("incarnations/000001"));
    Files.createDirectories(path.resolve(".aside/000001"));
    Files.writeString(path.resolve(".aside/000001/manifest.json"), "{\"sch");
    Opening.Opened opened = opened(request(false));
    assertFalse(opened.resumed());
    assertEquals(2, opened.run().incarnation());
    opened.run().close();
  }

  @Test
  void shouldSayThatFinishedRunIsFinished() throws Exception {
    try (RunDirectory run = opened(request(false)).run()) {
      run.finish("table", "{}");
    }
    assertEquals(new Opening.Finished("table\n", "{}\n"), RunDirectory.open(request(true), CLOCK, Tenancy.alone()));
    assertEquals(List.of(), RunDirectory.inspect(request(true)));
    assertEquals(RunManifest.State.FINISHED, RunDirectory.readManifest(parent.resolve("run")).state());
  }

  @Test
  void shouldGoOnWithFinishedRunThatIsAskedForMore() throws Exception {
    RunRequest small = growing(false, 3);
    try (RunDirectory run = opened(small).run()) {
      run.finish("table", "{}");
    }
    String text = refused(growing(true, 2));
    assertTrue(text.contains("n = 2") && text.contains("asked for 3") && text.contains("set it to 3 or more"), text);
    assertInstanceOf(Opening.Finished.class, RunDirectory.open(growing(true, 3), CLOCK, Tenancy.alone()));
    try (RunDirectory run = opened(growing(true, 5)).run()) {
      assertEquals(RunManifest.State.RUNNING, RunDirectory.readManifest(run.path()).state());
    }
    opened(growing(true, 5)).run().close(); // it was cut off
    assertTrue(refused(growing(true, 4)).contains("asked for 5"));
    try (RunDirectory run = opened(growing(true, 6)).run()) {
      run.finish("more", "{}");
    }
    assertEquals(new Opening.Finished("more\n", "{}\n"), RunDirectory.open(growing(true, 6), CLOCK, Tenancy.alone()));
  }

  private RunRequest growing(boolean resume, int n) {
    RunRequest same = request(resume);
    return new RunRequest(same.path(), resume, same.id(), same.kind(), same.givenName(), same.givenText(),
        RESOLVED.replace("3", Integer.toString(n)), same.inputs(), same.freeKeys(), Set.of("n"), same.arithmetic(), 0);
  }

  @Test
  void shouldRefuseToResumeOtherJobAndNameKeys() throws Exception {
    opened(request(false)).run().close();
    String other = RESOLVED.replace("3", "4").replace("\"kind\": \"toy\"",
        "\"kind\": \"toy\", \"more\": {\"a\": true}");
    String text = refused(request(true, other, Map.of("/data/a.npy", "aa")));
    assertTrue(text.contains("n = 4") && text.contains("began with 3"), text);
    assertTrue(text.contains("more = {\"a\":true}") && text.contains("(nothing)"), text);
    assertEquals(2, text.lines().count(), text);
  }

  @Test
  void shouldResumeInOtherLayout() throws Exception {
    opened(request(false)).run().close();
    opened(request(true, RESOLVED.replace("\"x\": 1", "\"x\": 2"), Map.of("/data/a.npy", "aa"))).run().close();
  }

  @Test
  void shouldJudgeInputsByTheirContents() throws Exception {
    opened(request(false)).run().close();
    opened(request(true, RESOLVED.replace("/data/a.npy", "/moved/a.npy"), Map.of("/moved/a.npy", "aa"))).run().close();
    String text = refused(request(true, RESOLVED.replace("/data/a.npy", "/moved/a.npy"), Map.of("/moved/a.npy", "bb")));
    assertTrue(text.startsWith("map = ") && text.contains("bb"), text);
  }

  @Test
  void shouldRefuseOtherArithmetic() throws Exception {
    opened(request(false)).run().close();
    RunRequest same = request(true);
    RunRequest other = new RunRequest(same.path(), true, same.id(), same.kind(), same.givenName(), same.givenText(),
        same.resolvedText(), same.inputs(),
        same.freeKeys(), Set.of(), "cuda/cufft", 0);
    String text = refused(other);
    assertTrue(text.contains("arithmetic = cuda/cufft") && text.contains("core/test"), text);
    RunRequest planned = new RunRequest(same.path(), true, same.id(), same.kind(), same.givenName(), same.givenText(),
        same.resolvedText(), same.inputs(),
        same.freeKeys(), Set.of(), "", 0);
    assertEquals(List.of(), RunDirectory.inspect(planned), "a JVM that only plans does not compare");
  }

  @Test
  void shouldRefuseManifestThatIsBroken() throws Exception {
    opened(request(false)).run().close();
    Files.writeString(parent.resolve("run/manifest.json"), "{\"schema\": 1, ");
    StorageException e = assertThrows(StorageException.class,
        () -> RunDirectory.open(request(true), CLOCK, Tenancy.alone()));
    assertTrue(e.getMessage().contains("manifest.json"), e.getMessage());
    assertEquals(List.of(e.problem()), RunDirectory.inspect(request(true)));
  }

  @Test
  void shouldRefuseRunThatDoesNotFitOnDisk() throws Exception {
    RunRequest same = request(false);
    RunRequest large = new RunRequest(same.path(), false, same.id(), same.kind(), same.givenName(), same.givenText(),
        same.resolvedText(), same.inputs(),
        same.freeKeys(), Set.of(), same.arithmetic(), 1L << 60);
    String text = refused(large);
    assertTrue(text.contains("needs 1073741824.0 GiB"), text);
    assertFalse(Files.exists(parent.resolve("run/manifest.json")));
  }

  @Test
  void shouldLockWithinProcess() throws Exception {
    try (RunDirectory run = opened(request(false)).run()) {
      assertTrue(refused(request(true)).contains("another process runs there"));
    }
    opened(request(true)).run().close();
  }

  private Process otherProcess(boolean resume) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
        LockHolder.class.getName(), parent.resolve("run").toString(), Boolean.toString(resume))
        .redirectErrorStream(true).start();
  }

  private static String says(BufferedReader out) throws Exception {
    String line = out.readLine();
    while (line != null && !line.equals("locked") && !line.startsWith("Refused"))
      line = out.readLine();
    return String.valueOf(line);
  }

  @Test
  void shouldLockAgainstOtherProcess() throws Exception {
    Process other = otherProcess(false);
    try (BufferedReader out = other.inputReader()) {
      assertEquals("locked", says(out));
      String text = refused(request(true));
      assertTrue(text.contains("process " + other.pid()) && text.contains("another process runs there"), text);
      other.destroyForcibly().waitFor();
      opened(request(true)).run().close();
    } finally {
      other.destroyForcibly();
    }
  }

  /** A process that closes a locked file loses its lock, whichever descriptor it closes. */
  @Test
  void shouldKeepItsLockThoughItTriesAgain() throws Exception {
    try (RunDirectory run = opened(request(false)).run()) {
      Path link = Files.createSymbolicLink(parent.resolve("link"), run.path());
      RunRequest again = request(true);
      for (Path path : List.of(run.path(), link)) {
        String text = Problem.lines(assertInstanceOf(Opening.Refused.class,
            RunDirectory.open(new RunRequest(path, true, again.id(), again.kind(), again.givenName(), again.givenText(),
                again.resolvedText(), again.inputs(), again.freeKeys(), Set.of(), again.arithmetic(), 0), CLOCK,
                Tenancy.alone()))
            .problems());
        assertTrue(text.contains("process " + ProcessHandle.current().pid()), text);
      }
      Process other = otherProcess(true);
      try (BufferedReader out = other.inputReader()) {
        String says = says(out);
        assertTrue(says.contains("process " + ProcessHandle.current().pid()), says);
      } finally {
        other.destroyForcibly();
      }
    }
  }

  /** Opens the run, says so, and waits to be killed. */
  static final class LockHolder {
    public static void main(String[] args) throws Exception {
      RunRequest request = new RunRequest(Path.of(args[0]), Boolean.parseBoolean(args[1]), "toy-1", "toy", "job.conf",
          "kind = toy", RESOLVED,
          Map.of("/data/a.npy", "aa"), Set.of("layout"), Set.of(),
          "core/test", 0);
      if (!(RunDirectory.open(request, CLOCK, Tenancy.alone()) instanceof Opening.Opened(RunDirectory run, _))) {
        System.out.println("Refused: " + RunDirectory.open(request, CLOCK, Tenancy.alone()));
        return;
      }
      try (run) {
        System.out.println("locked");
        System.in.read();
        System.out.println(run);
      }
    }
  }

  @Test
  void shouldCommitResultsTogetherOrNotAtAll() throws Exception {
    try (RunDirectory run = opened(request(false)).run()) {
      PendingFile a = run.pending("a.npy");
      PendingFile b = run.pending("b.npy");
      Files.writeString(a.path(), "a");
      assertFalse(Files.exists(a.file()));
      StorageException e = assertThrows(StorageException.class, () -> PendingFile.commitAll(List.of(a, b)));
      assertTrue(e.getMessage().contains("b.npy"), e.getMessage());
      assertFalse(Files.exists(a.file()) || Files.exists(a.path()), "nothing is left of the one that was there");
      Files.writeString(a.path(), "a");
      Files.writeString(b.path(), "b");
      PendingFile.commitAll(List.of(a, b));
      assertEquals("a", Files.readString(run.file("a.npy")));
      assertEquals("b", Files.readString(run.file("b.npy")));
    }
  }

  @Test
  void shouldSayThatDiskIsFullAndLeaveNothing() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs /dev/full");
    Path file = parent.resolve("result.json");
    Path aside = Files.createSymbolicLink(parent.resolve("aside"), full);
    StorageException e = assertThrows(StorageException.class, () -> AtomicFiles.write(file, aside, new byte[]{1}));
    assertTrue(e.getMessage().contains("result.json") && e.getMessage().contains("no space is left")
        && e.getMessage().contains("--output"), e.getMessage());
    assertTrue(StorageException.isDiskFull(e));
    assertFalse(Files.exists(file) || Files.exists(aside));
  }

  @Test
  void shouldReplaceWholeFilesOnly() throws Exception {
    Path file = parent.resolve("f");
    AtomicFiles.write(file, parent.resolve("aside"), "one".getBytes(StandardCharsets.UTF_8));
    AtomicFiles.write(file, parent.resolve("aside"), "second".getBytes(StandardCharsets.UTF_8));
    assertEquals("second", Files.readString(file));
    Path missing = parent.resolve("no/such/directory");
    StorageException e = assertThrows(StorageException.class,
        () -> AtomicFiles.write(missing, missing.resolveSibling("aside"), "x".getBytes(StandardCharsets.UTF_8)));
    assertTrue(e.getMessage().contains("does not exist"), e.getMessage());
  }

  @Test
  void shouldRefuseNamesThatLeaveTheDirectory() throws Exception {
    try (RunDirectory run = opened(request(false)).run()) {
      for (String name : List.of("", "../x", "a/b", ".hidden"))
        assertThrows(IllegalArgumentException.class, () -> run.pending(name));
    }
  }
}
