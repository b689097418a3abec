package org.halocline.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How a process ended and what it printed. */
public record Outcome(int exit, String out, String err) {

  /** Runs a process to its end. Its output goes through files beside {@code scratch}, so no pipe can fill up. */
  public static Outcome of(ProcessBuilder builder, Path scratch, int seconds) throws IOException, InterruptedException {
    return started(builder, scratch).ends(seconds);
  }

  /** Starts a process whose end and output are asked for later. */
  public static Running started(ProcessBuilder builder, Path scratch) throws IOException {
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return new Running(builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(), out, err);
  }

  @Override
  public String toString() {
    return "exit " + exit + "\n--- out\n" + out + "\n--- err\n" + err;
  }

  /** A process under way. */
  public record Running(Process process, Path out, Path err) implements AutoCloseable {

    public Outcome ends(int seconds) throws IOException, InterruptedException {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        close();
        throw new AssertionError("no end after " + seconds + " s\n" + Files.readString(out) + Files.readString(err));
      }
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Waits until the process has printed the text; fails if it ends or takes longer than that. */
    public void prints(String text, int seconds) throws IOException, InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (!Files.readString(out).contains(text))
        if (System.nanoTime() > end
            || process.waitFor(20, TimeUnit.MILLISECONDS) && !Files.readString(out).contains(text)) {
          close();
          throw new AssertionError("'" + text + "' was not printed\n" + Files.readString(out) + Files.readString(err));
        }
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
