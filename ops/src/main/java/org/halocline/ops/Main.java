package org.halocline.ops;

import org.halocline.ops.bench.BenchCommand;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.StandardOut;
import org.halocline.ops.cli.Version;
import org.halocline.ops.client.AskCommands;
import org.halocline.ops.client.FetchCommand;
import org.halocline.ops.doctor.Doctor;
import org.halocline.ops.node.NodeCommand;
import org.halocline.ops.plan.Jobs;
import org.halocline.ops.plan.PlanCommand;
import org.halocline.ops.run.RunCommand;
import org.halocline.ops.run.SubmitCommand;
import org.halocline.ops.watch.JobWatch;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/**
 * The command {@code halocline}. Exit codes: 0 done, 1 failure, 2 bad input, 3 not found, 4 no node answers, 5 not
 * allowed, 130 and 143 interrupted or terminated, 141 the reader of stdout has gone.
 */
@Command(name = "halocline", mixinStandardHelpOptions = true, versionProvider = Version.class,
    addMethodSubcommands = false, subcommands = {RunCommand.class, PlanCommand.class, BenchCommand.class,
        NodeCommand.class, SubmitCommand.class},
    description = "Infers the initial conditions of the Universe and its parameters from a survey map.")
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
    CommandLine halocline = new CommandLine(new Main());
    add(halocline, JobWatch.class, "watch");
    add(halocline, AskCommands.class, "status", "list", "nodes", "actors", "cancel", "logs", "page");
    halocline.addSubcommand(new FetchCommand());
    add(halocline, Main.class, "build");
    add(halocline, Doctor.class, "doctor");
    add(halocline, Main.class, "version");
    halocline.addSubcommand(new CommandLine.HelpCommand());
    add(halocline, Main.class, "warmUp");
    return halocline.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler((failure, _, _) -> {
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

  /** Adds commands that are static methods. */
  private static void add(CommandLine halocline, Class<?> owner, String... methods) {
    for (String method : methods)
      halocline.addSubcommand(new CommandLine(CommandLine.getCommandMethods(owner, method).getFirst()));
  }

  @Override
  public void run() {
    commandLine().usage(System.out);
  }

  /** The launcher builds before any JVM of Halocline's can start, and answers this command itself. */
  @Command(name = "build", mixinStandardHelpOptions = true, description = "Builds Halocline if its sources have "
      + "changed, and nothing else.")
  static void build() {
    System.out.println("Nothing to do: only the launcher ./halocline builds.");
  }

  /** The option {@code --version} as a command, as many users expect it. */
  @Command(name = "version", mixinStandardHelpOptions = true, versionProvider = Version.class,
      description = "Says which Halocline this is.")
  static void version() {
    commandLine().printVersionHelp(System.out);
  }

  /** Loads the classes that every start loads. The launcher runs this once a build to write them into an archive. */
  @Command(name = "warm-up", hidden = true)
  static void warmUp() {
    commandLine().getUsageMessage();
    try (HaloclineNode node = HaloclineNode.start(NodeSettings.defaults(), Jobs.parts())) {
      System.out.println("a node was up at " + node.address());
    }
  }
}
