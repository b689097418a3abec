package org.halocline.ops;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints what {@link Doctor} finds; exit code 1 when something is missing that Halocline cannot do without. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Says what this machine offers and what it lacks.")
final class DoctorCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    List<Doctor.Finding> findings = new Doctor().findings();
    findings.forEach(System.out::println);
    return findings.stream().anyMatch(finding -> finding.state() == Doctor.State.LACKS) ? Main.FAILURE : 0;
  }
}
