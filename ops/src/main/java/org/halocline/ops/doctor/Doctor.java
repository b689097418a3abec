package org.halocline.ops.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.halocline.cosmology.core.Arithmetic;
import org.halocline.ops.cli.ExitCode;
import org.halocline.runtime.config.Bytes;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.plane.DataPlane;
import picocli.CommandLine.Command;

/** Looks at the machine and at this JVM, once, and says what it found. */
public record Doctor(Path sharedMemory, DataPlaneSettings dataPlane) {
  private static final int JDK = 25;
  private static final long LEAST_SHARED_MEMORY = 64L << 20;

  record Finding(State state, String what, String found) {

    @Override
    public String toString() {
      return String.format("%-8s %-14s %s", state.text, what, found);
    }
  }

  /** Whether a thing is as it should be: only what {@code LACKS} keeps Halocline from working. */
  enum State {
    FINE("fine"), SLOW("slower"), LACKS("LACKS");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  Doctor() {
    this(Path.of("/dev/shm"), DataPlaneSettings.defaults());
  }

  /** Prints the findings; exit code 1 when something is missing that Halocline cannot do without. */
  @Command(name = "doctor", mixinStandardHelpOptions = true, description = "Says what this machine offers and what it "
      + "lacks.")
  static int doctor() {
    List<Finding> findings = new Doctor().findings();
    findings.forEach(System.out::println);
    return findings.stream().anyMatch(finding -> finding.state == State.LACKS) ? ExitCode.FAILURE : ExitCode.DONE;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk());
    findings.add(internals());
    findings.add(transforms());
    findings.add(cores());
    findings.add(memory());
    List<Finding> left = leftovers();
    findings.add(space());
    findings.addAll(left);
    findings.add(aeron());
    findings.addAll(GpuFindings.here());
    return findings;
  }

  private static Finding jdk() {
    int feature = Runtime.version().feature();
    return new Finding(feature == JDK ? State.FINE : State.LACKS, "JDK",
        Runtime.version() + " of " + System.getProperty("java.vendor") + " in " + System.getProperty("java.home")
            + (feature == JDK ? "" : "; JDK " + JDK + " is needed"));
  }

  private static Finding internals() {
    boolean open = Object.class.getModule().isOpen("jdk.internal.misc", Doctor.class.getModule());
    return new Finding(open ? State.FINE : State.LACKS, "JVM flags",
        open
            ? "jdk.internal.misc is open, as Agrona needs"
            : "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED is missing; start through ./halocline");
  }

  private static Finding transforms() {
    try {
      Arithmetic arithmetic = Arithmetic.resolved();
      return new Finding(arithmetic.lines() == Arithmetic.Lines.VECTOR ? State.FINE : State.SLOW, "transforms",
          arithmetic.name() + ": " + arithmetic.reason());
    } catch (IllegalStateException e) {
      return new Finding(State.LACKS, "transforms", e.getMessage());
    }
  }

  private static Finding cores() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Finding(State.FINE, "cores", cores + (cores == 1 ? " core, a lane" : " cores, a lane each"));
  }

  private static Finding memory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Finding(State.FINE, "memory",
        Bytes.text(system.getTotalMemorySize()) + ", " + Bytes.text(system.getFreeMemorySize()) + " of it idle");
  }

  private Finding space() {
    try {
      FileStore store = Files.getFileStore(sharedMemory);
      long free = store.getUsableSpace();
      boolean enough = free >= LEAST_SHARED_MEMORY;
      return new Finding(enough ? State.FINE : State.SLOW, sharedMemory.toString(),
          Bytes.text(free) + " free of " + Bytes.text(store.getTotalSpace())
              + (enough
                  ? ""
                  : "; below " + Bytes.text(LEAST_SHARED_MEMORY)
                      + " ranks talk through a disk: give it more (docker run --shm-size=1g)"));
    } catch (IOException e) {
      return new Finding(State.SLOW, sharedMemory.toString(), "is not there: ranks talk through a disk");
    }
  }

  /** Finds and removes directories of processes that were killed. */
  private List<Finding> leftovers() {
    return DataPlane.removeDead(dataPlane).entrySet().stream().map(left -> new Finding(State.FINE, "left behind",
        left.getKey() + ", " + Bytes.text(left.getValue()) + " of a process that was killed: removed")).toList();
  }

  private Finding aeron() {
    long startNs = System.nanoTime();
    try (DataPlane plane = DataPlane.start(dataPlane)) {
      return new Finding(State.FINE, "Aeron", String.format(Locale.ROOT, "a media driver started at %s within %d ms",
          plane.address(), (System.nanoTime() - startNs) / 1_000_000));
    } catch (DataPlaneException e) {
      return new Finding(State.LACKS, "Aeron", e.getMessage().replace("\n", "; "));
    }
  }
}
