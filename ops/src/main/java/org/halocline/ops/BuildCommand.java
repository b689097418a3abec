package org.halocline.ops;

import picocli.CommandLine.Command;

/** Here for the help alone: the launcher builds before any JVM of Halocline's can start, so it answers this itself. */
@Command(name = "build", mixinStandardHelpOptions = true, description = "Builds Halocline if its sources have "
    + "changed, and nothing else.")
final class BuildCommand implements Runnable {

  @Override
  public void run() {
    System.out.println("Nothing to do: only the launcher ./halocline builds.");
  }
}
