package org.halocline.ops.doctor;

import java.util.List;
import java.util.concurrent.Callable;
import org.halocline.ops.cli.ExitCode;
import picocli.CommandLine.Command;

/** Prints what {@link Doctor} finds; exit code 1 when something is missing that Halocline cannot do without. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Says what this machine offers and what it "
    + "lacks.")
public final class DoctorCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    List<Doctor.Finding> findings = new Doctor().findings();
    findings.forEach(System.out::println);
    return findings.stream().anyMatch(finding -> finding.state() == Doctor.State.LACKS) ? ExitCode.FAILURE : 0;
  }
}
