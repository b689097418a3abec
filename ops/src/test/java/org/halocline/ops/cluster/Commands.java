package org.halocline.ops.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.ops.Halocline;

/**
 * How commands become processes: by the launcher that {@code -Dhalocline.launcher} names, as a user starts them, or
 * else with the classes of this JVM. Both without vectors and without the second compiler, which take long to warm up;
 * the numbers are the same.
 */
final class Commands {
  private static final Optional<Path> LAUNCHER = Optional.ofNullable(System.getProperty("halocline.launcher"))
      .filter(text -> !text.isBlank()).map(Path::of);
  private static final List<String> QUICK = List.of("-Djava.awt.headless=true");

  private Commands() {}

  /**
   * A process that is not started yet.
   *
   * @param before what runs it, such as unshare; as a rule nothing
   */
  static ProcessBuilder process(Path folder, List<String> before, List<String> arguments) {
    List<String> command = new ArrayList<>(before);
    if (LAUNCHER.isPresent())
      command.add(LAUNCHER.get().toString());
    else
      command.addAll(Halocline.command(QUICK));
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
    process.environment().put("HALOCLINE_JAVA_OPTS", "-Dhalocline.fft=jtransforms -XX:TieredStopAtLevel=1");
    return process;
  }
}
