package org.halocline.ops;

import picocli.CommandLine.Command;

/** Loads the classes that every start loads; the launcher runs it once a build to write them into an archive. */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Runnable {

  @Override
  public void run() {
    Main.commandLine().getUsageMessage();
  }
}
