package org.halocline.ops.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The process's stdout. Java's own stream swallows failures; this one ends the process, as a signal would, so that a
 * run writes a checkpoint first. Where the reader has gone, nothing is printed and the exit code is that of SIGPIPE.
 * Otherwise one line on stderr says why stdout cannot be written, and the exit code is 1.
 */
public final class StandardOut extends OutputStream {
  public static final int READER_GONE = 128 + 13;
  private static final Path LINK = Path.of("/proc/self/fd/1");
  private static volatile OptionalInt lost = OptionalInt.empty();

  private final OutputStream file = new FileOutputStream(FileDescriptor.out);

  private StandardOut() {}

  /** From now on System.out is this. */
  public static void install() {
    System.setOut(new PrintStream(new BufferedOutputStream(new StandardOut()), true, System.out.charset()));
  }

  /** The process's exit code, if stdout could not be written. */
  public static OptionalInt lost() {
    return lost;
  }

  @Override
  public void write(int one) {
    write(new byte[]{(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    if (lost.isPresent())
      return;
    try {
      file.write(bytes, from, count);
    } catch (IOException e) {
      boolean gone = isPipe() || String.valueOf(e.getMessage()).contains("Broken pipe");
      int exitCode = gone ? READER_GONE : ExitCode.FAILURE;
      lost = OptionalInt.of(exitCode);
      if (!gone)
        System.err.println("halocline: stdout cannot be written: " + e.getMessage()
            + "; free its disk, or send it somewhere else");
      // Not on this thread, which may hold what others wait for before they end.
      Thread.ofPlatform().name("stdout-lost").daemon().start(() -> System.exit(exitCode));
    }
  }

  /** Also where the system speaks another language. */
  private static boolean isPipe() {
    try {
      return Files.readSymbolicLink(LINK).toString().matches("(pipe|socket):.*");
    } catch (IOException _) {
      return false;
    }
  }
}
