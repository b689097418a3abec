package org.halocline.runtime.run;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run was made with, for its manifest. */
final class Versions {
  private Versions() {}

  static Map<String, String> current() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("halocline", of(Versions.class));
    versions.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
    versions.put("os",
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    versions.put("pekko", org.apache.pekko.Version.current());
    versions.put("jackson", com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION.toString());
    return versions;
  }

  private static String of(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("from classes");
  }
}
