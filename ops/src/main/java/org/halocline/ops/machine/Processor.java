package org.halocline.ops.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor's name. */
public final class Processor {
  private static final String MODEL = "model name";

  private Processor() {}

  /** As the kernel tells it, with the number of cores. */
  public static String name() {
    int cores = Runtime.getRuntime().availableProcessors();
    String model;
    try {
      model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith(MODEL))
          .map(line -> line.substring(line.indexOf(':') + 1).trim()).findFirst().orElse(System.getProperty("os.arch"));
    } catch (IOException notLinux) {
      model = System.getProperty("os.arch");
    }
    return cores + (cores == 1 ? " core of " : " cores of ") + model;
  }
}
