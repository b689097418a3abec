package org.halocline.ops;

import org.halocline.ops.cli.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The option {@code --version} as a command, as many expect it. */
@Command(name = "version", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Says which Halocline this is.")
final class VersionCommand implements Runnable {

  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    CommandLine line = spec.commandLine();
    line.printVersionHelp(line.getOut());
  }
}
