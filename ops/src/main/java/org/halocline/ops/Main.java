package org.halocline.ops;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code halocline}. Exit codes: 0 done, 1 failure, 2 bad input, 130 and 143 interrupted or terminated.
 */
@Command(name = "halocline", mixinStandardHelpOptions = true, versionProvider = Version.class, subcommands = {
    RunCommand.class, PlanCommand.class, BenchCommand.class,
    BuildCommand.class, DoctorCommand.class, WarmUpCommand.class}, description = {
        "Infers the initial conditions of the Universe and its parameters from a survey map."})
public final class Main implements Runnable {

  static final int FAILURE = 1;
  static final int BAD_INPUT = 2;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, _, _) -> {
          System.err.println("halocline: failed by a defect of its own: " + failure);
          failure.printStackTrace();
          return FAILURE;
        });
  }

  @Override
  public void run() {
    commandLine().usage(System.out);
  }
}
