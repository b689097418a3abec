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
class ProcessLockTest {
  private static final String NODE = "10.0.0.1:25520";

  @TempDir
  Path lives;

  @Test
  void shouldBeHeldUntilItIsClosed() throws Exception {
    assertEquals(ProcessLock.Sign.UNKNOWN, ProcessLock.look(lives, NODE));
    try (ProcessLock _ = ProcessLock.take(lives, NODE)) {
      assertEquals(ProcessLock.Sign.HELD, ProcessLock.look(lives, NODE));
      StorageException twice = assertThrows(StorageException.class, () -> ProcessLock.take(lives, NODE));
      assertTrue(twice.getMessage().contains(lives.toString()), twice.getMessage());
      assertEquals(ProcessLock.Sign.HELD, ProcessLock.look(lives, NODE), "the second has not taken it from the first");
    }
    assertEquals(ProcessLock.Sign.FREE, ProcessLock.look(lives, NODE));
    try (ProcessLock _ = ProcessLock.take(lives, NODE)) {
      assertEquals(ProcessLock.Sign.HELD, ProcessLock.look(lives, NODE), "a node may be started anew");
    }
  }

  @Test
  void shouldBeHeldByAStoppedProcessAndNotByADeadOne() throws Exception {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
        "-cp", System.getProperty("java.class.path"), ProcessLockTest.class.getName(), lives.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader()) {
      assertEquals("lives", out.readLine());
      assertEquals(ProcessLock.Sign.HELD, ProcessLock.look(lives, NODE));
      assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor());
      assertEquals(ProcessLock.Sign.HELD, ProcessLock.look(lives, NODE));
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    assertEquals(ProcessLock.Sign.FREE, ProcessLock.look(lives, NODE));
  }

  /** Of the process that is stopped and killed. */
  public static void main(String[] arguments) throws Exception {
    try (ProcessLock _ = ProcessLock.take(Path.of(arguments[0]), NODE)) {
      System.out.println("lives");
      System.out.flush();
      System.in.read();
    }
  }

  @Test
  void shouldSweepWhatNodesLeftLongAgo() throws Exception {
    ProcessLock.take(lives, NODE).close();
    Path left = lives.resolve("10.0.0.1_25520");
    try (ProcessLock _ = ProcessLock.take(lives, "10.0.0.2:25520")) {
      assertTrue(Files.exists(left));
      Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
      try (ProcessLock _ = ProcessLock.take(lives, "10.0.0.3:25520")) {
        assertTrue(Files.notExists(left));
        assertEquals(ProcessLock.Sign.HELD, ProcessLock.look(lives, "10.0.0.2:25520"));
      }
    }
  }
}
