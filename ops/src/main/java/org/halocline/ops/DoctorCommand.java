package org.halocline.ops;

import picocli.CommandLine.Command;

@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Says what this machine offers and what it lacks.")
final class DoctorCommand implements Runnable {

  @Override
  public void run() {}
}
