package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.halocline.ops.api.Waiting;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.StandardOut;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are stopped, by a signal or because the reader of their output has gone. */
@Timeout(600)
class StopTest {

  private static final int SECONDS = 280;
  /** Its trajectories take far longer than a stop may. */
  private static final String LARGE = BadInputTest.INFER.replace("mesh = [8, 8, 16]", "mesh = [48, 48, 96]")
      .replace("chains = 2", "chains = 1, step-size = 0.01, max-steps = 1000");

  @TempDir
  Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Npy.constant(0.001f, 2, 4, 4).write(folder.resolve("observed.npy"));
    Npy.constant(0.5f, 8, 8, 16).write(folder.resolve("noise.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
  }

  private Path job(String text) throws IOException {
    return Files.writeString(folder.resolve("job.conf"), text);
  }

  /** The command line as a process, within a script of bash. */
  private ProcessBuilder bash(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
    command.addAll(Halocline.command(List.of()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  @ParameterizedTest
  @CsvSource({"INT, 130, 1, false", "TERM, 143, 2, false", "INT, 130, 2, true", "TERM, 143, 1, true"})
  void shouldStopASearchForAStartAndATrajectoryAtOnce(String signal, int exit, int lanes, boolean started)
      throws Exception {
    Path output = folder.resolve("out");
    // A shell in the background may have told its children to ignore Ctrl-C.
    ProcessBuilder run = bash("exec env --default-signal=INT \"$@\"", "run",
        job(LARGE + "layout { x = " + lanes + " }").toString(), "--output", output.toString(), "--lanes",
        Integer.toString(lanes), "--oversubscribe");
    try (Outcome.Running running = Outcome.started(run, folder)) {
      running.prints("layout", SECONDS);
      if (started)
        Waiting.until("a first trajectory", () -> {
          try (Stream<Path> files = Files.walk(output)) {
            return files.anyMatch(file -> file.toString().contains("chain-0.csv") && file.toFile().length() > 0);
          }
        });
      long from = System.nanoTime();
      new ProcessBuilder("kill", "-" + signal, Long.toString(running.process().pid())).start().waitFor();
      Outcome stopped = running.ends(SECONDS);
      double seconds = (System.nanoTime() - from) / 1e9;
      assertEquals(exit, stopped.exit(), stopped::toString);
      assertTrue(stopped.err().matches("(?s)(WARN  transforms [^\n]*\n)?halocline: stopping\n"
          + "halocline: stopped: the process was told to end; go on with --resume --output \\Q" + output + "\\E\n"),
          stopped::toString);
      assertTrue(seconds < 20, seconds + " s on a machine that may be slow, and 30 s are the last resort");
    }
  }

  @Test
  void shouldKeepARunAndSayNothingMoreWhenItsReaderGoesAway() throws Exception {
    Path output = folder.resolve("out");
    Outcome outcome = Outcome.of(bash("\"$@\" | head -n 1; exit ${PIPESTATUS[0]}", "run",
        job(BadInputTest.INFER.replace("draws = 10", "draws = 100000") + "checkpoint { seconds = 0, draws = 1 }")
            .toString(),
        "--output", output.toString(), "--json"), folder, SECONDS);
    assertEquals(StandardOut.READER_GONE, outcome.exit(), outcome::toString);
    assertEquals(1, outcome.out().lines().count(), outcome::toString);
    assertFalse(outcome.err().contains("Exception") || outcome.err().contains("\tat "), outcome::toString);
    assertTrue(Files.readString(output.resolve("manifest.json")).toLowerCase().contains("cancelled"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"plan job.conf", "run job.conf --output out --json", "version"})
  void shouldFailWhereStdoutIsFull(String line) throws Exception {
    job(BadInputTest.GRADIENT);
    Outcome full = Outcome.of(bash("\"$@\" > /dev/full", line.split(" ")), folder, SECONDS);
    assertEquals(ExitCode.FAILURE, full.exit(), full::toString);
    assertEquals(1, full.err().lines().filter(text -> text.contains("stdout cannot be written")).count(),
        full::toString);
    assertFalse(full.err().contains("\tat "), full::toString);
  }

  @Test
  void shouldEndAsByASignalWhereTheReaderOfAPlanIsGone() throws Exception {
    job(BadInputTest.GRADIENT);
    Outcome gone = Outcome.of(bash("\"$@\" | true; exit ${PIPESTATUS[0]}", "plan", "job.conf"), folder, SECONDS);
    assertEquals(StandardOut.READER_GONE, gone.exit(), gone::toString);
    assertFalse(gone.err().contains("halocline:"), gone::toString);
  }

  @Test
  void shouldRunToItsEndWithoutStderr() throws Exception {
    job(BadInputTest.GRADIENT);
    Outcome outcome = Outcome.of(bash("\"$@\" 2> /dev/full", "run", "job.conf", "--output", "out"), folder, SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    assertTrue(outcome.out().contains("results are in out"), outcome::toString);
  }
}
