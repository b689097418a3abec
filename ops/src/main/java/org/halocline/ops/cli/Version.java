package org.halocline.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Says which Halocline this is: its version, the build the launcher made, and the JVM under it. */
public final class Version implements IVersionProvider {
  /** The version of the root pom. */
  public static String number() {
    try (InputStream properties = Version.class.getResourceAsStream("/org/halocline/ops/halocline.properties")) {
      Properties read = new Properties();
      read.load(properties);
      return read.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("halocline.properties in Halocline's own jar cannot be read", e);
    }
  }

  @Override
  public String[] getVersion() {
    String build = System.getProperty("halocline.build", "");
    return new String[]{"Halocline " + number() + (build.isEmpty() ? "" : ", build " + build) + ", on "
        + System.getProperty("java.vm.vendor") + " JDK " + System.getProperty("java.version")};
  }
}
