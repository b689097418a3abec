package org.halocline.runtime.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.halocline.runtime.files.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LifelineTest {
  private static final String NODE = "10.0.0.1:25520";

  @TempDir
  Path lives;

  @Test
  void shouldBeHeldUntilItIsClosed() throws Exception {
    assertEquals(Lifeline.Sign.UNKNOWN, Lifeline.look(lives, NODE));
    try (Lifeline _ = Lifeline.take(lives, NODE)) {
      assertEquals(Lifeline.Sign.HELD, Lifeline.look(lives, NODE));
      StorageException twice = assertThrows(StorageException.class, () -> Lifeline.take(lives, NODE));
      assertTrue(twice.getMessage().contains(lives.toString()), twice.getMessage());
      assertEquals(Lifeline.Sign.HELD, Lifeline.look(lives, NODE), "the second has not taken it from the first");
    }
    assertEquals(Lifeline.Sign.FREE, Lifeline.look(lives, NODE));
    try (Lifeline _ = Lifeline.take(lives, NODE)) {
      assertEquals(Lifeline.Sign.HELD, Lifeline.look(lives, NODE), "a node may be started anew");
    }
  }

  @Test
  void shouldBeHeldByAStoppedProcessAndNotByADeadOne() throws Exception {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
        "-cp", System.getProperty("java.class.path"), LifelineTest.class.getName(), lives.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader()) {
      assertEquals("lives", out.readLine());
      assertEquals(Lifeline.Sign.HELD, Lifeline.look(lives, NODE));
      assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor());
      assertEquals(Lifeline.Sign.HELD, Lifeline.look(lives, NODE));
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    assertEquals(Lifeline.Sign.FREE, Lifeline.look(lives, NODE));
  }

  /** Of the process that is stopped and killed. */
  public static void main(String[] arguments) throws Exception {
    try (Lifeline _ = Lifeline.take(Path.of(arguments[0]), NODE)) {
      System.out.println("lives");
      System.out.flush();
      System.in.read();
    }
  }

  @Test
  void shouldSweepWhatNodesLeftLongAgo() throws Exception {
    Lifeline.take(lives, NODE).close();
    Path left = lives.resolve("10.0.0.1_25520");
    try (Lifeline _ = Lifeline.take(lives, "10.0.0.2:25520")) {
      assertTrue(Files.exists(left));
      Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
      try (Lifeline _ = Lifeline.take(lives, "10.0.0.3:25520")) {
        assertTrue(Files.notExists(left));
        assertEquals(Lifeline.Sign.HELD, Lifeline.look(lives, "10.0.0.2:25520"));
      }
    }
  }
}
