package org.halocline.ops;

import org.halocline.ops.bench.BenchCommand;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.StandardOut;
import org.halocline.ops.cli.Version;
import org.halocline.ops.client.AskCommands;
import org.halocline.ops.client.FetchCommand;
import org.halocline.ops.doctor.DoctorCommand;
import org.halocline.ops.node.NodeCommand;
import org.halocline.ops.plan.PlanCommand;
import org.halocline.ops.run.RunCommand;
import org.halocline.ops.run.SubmitCommand;
import org.halocline.ops.watch.WatchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code halocline}. Exit codes: 0 done, 1 failure, 2 bad input, 3 not found, 4 no node answers, 5 not
 * allowed, 130 and 143 interrupted or terminated, 141 the reader of stdout has gone.
 */
@Command(name = "halocline", mixinStandardHelpOptions = true, versionProvider = Version.class, subcommands = {
    RunCommand.class, PlanCommand.class, BenchCommand.class, NodeCommand.class, SubmitCommand.class, WatchCommand.class,
    AskCommands.Status.class, AskCommands.Jobs.class, AskCommands.Nodes.class, AskCommands.Actors.class,
    AskCommands.Cancel.class, AskCommands.Logs.class, AskCommands.Page.class, FetchCommand.class, BuildCommand.class,
    DoctorCommand.class, VersionCommand.class, CommandLine.HelpCommand.class, WarmUpCommand.class},
    description = {
        "Infers the initial conditions of the Universe and its parameters from a survey map."})
public final class Main implements Runnable {

  private Main() {}

  public static void main(String[] arguments) {
    StandardOut.install();
    Interrupts.heed();
    int exitCode = commandLine().execute(arguments);
    System.out.flush();
    System.exit(StandardOut.lost().orElse(exitCode));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, _, _) -> {
          System.err.println("halocline: failed by a defect of its own: " + Plain.text(failure.toString()));
          failure.printStackTrace();
          return ExitCode.FAILURE;
        }).setParameterExceptionHandler((wrong, _) -> {
          CommandLine command = wrong.getCommandLine();
          command.getErr().println(Plain.text(wrong.getMessage()));
          if (!UnmatchedArgumentException.printSuggestions(wrong, command.getErr()))
            command.usage(command.getErr());
          return ExitCode.BAD_INPUT;
        });
  }

  @Override
  public void run() {
    commandLine().usage(System.out);
  }
}
