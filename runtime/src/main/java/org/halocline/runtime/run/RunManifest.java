package org.halocline.runtime.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * manifest.json: what a run is and how far it came.
 *
 * @param schema of this file
 * @param id of the job
 * @param kind of the job
 * @param state where it stands; running without a process means killed
 * @param incarnation number of the start that wrote this
 * @param arithmetic under which it began
 * @param started first start, ISO 8601
 * @param updated this writing, ISO 8601
 * @param message why it failed or was cancelled; else empty
 * @param versions of Halocline, the JDK and libraries
 * @param inputs SHA-256 of each input by path
 */
public record RunManifest(int schema, String id, String kind, State state, int incarnation, String arithmetic,
    String started, String updated, String message,
    Map<String, String> versions, Map<String, String> inputs) {
  public static final int SCHEMA = 1;

  public enum State {
    @JsonProperty("running")
    RUNNING, @JsonProperty("finished")
    FINISHED, @JsonProperty("failed")
    FAILED, @JsonProperty("cancelled")
    CANCELLED
  }

  public RunManifest {
    versions = java.util.Collections.unmodifiableMap(new TreeMap<>(versions));
    inputs = java.util.Collections.unmodifiableMap(new TreeMap<>(inputs));
  }

  RunManifest with(State newState, String newMessage, String now) {
    return new RunManifest(schema, id, kind, newState, incarnation, arithmetic, started, now, newMessage, versions,
        inputs);
  }

  /** What a run is made with now. */
  static Map<String, String> currentVersions() {
    return Map.of("halocline",
        Optional.ofNullable(RunManifest.class.getPackage().getImplementationVersion()).orElse("from classes"), "jdk",
        System.getProperty("java.vendor") + " " + Runtime.version(), "os",
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        "pekko", org.apache.pekko.Version.current(), "jackson",
        com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION.toString());
  }
}
