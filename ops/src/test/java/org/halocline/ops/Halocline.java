package org.halocline.ops;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line under test: inside this JVM where only its words matter, or as a process of its own. */
public final class Halocline {

  private Halocline() {}

  /** Not to be called by two threads at once: it catches the output of the whole JVM meanwhile. */
  public static Outcome inside(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream caughtOut = new ByteArrayOutputStream();
    ByteArrayOutputStream caughtErr = new ByteArrayOutputStream();
    try (PrintStream newOut = new PrintStream(caughtOut, true, StandardCharsets.UTF_8);
        PrintStream newErr = new PrintStream(caughtErr, true, StandardCharsets.UTF_8)) {
      System.setOut(newOut);
      System.setErr(newErr);
      int exit = Main.commandLine().execute(arguments);
      return new Outcome(exit, caughtOut.toString(StandardCharsets.UTF_8), caughtErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** A JVM with the flags and classes of this one. */
  public static ProcessBuilder process(Path folder, List<String> options, String... arguments) {
    List<String> command = command(options);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  public static List<String> command(List<String> options) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("--sun-misc")
            || option.startsWith("--enable-native") || option.startsWith("-Dhalocline.fft"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.halocline.ops.Main"));
    return command;
  }
}
