package org.halocline.runtime.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.halocline.runtime.config.FilePath;

/**
 * What is to be run in a run directory.
 *
 * @param path of the run directory
 * @param resume whether a run that is there already is to go on
 * @param id of the job
 * @param kind of the job
 * @param givenName name of the job file; decides between job.conf and job.json
 * @param givenText the job file as given
 * @param resolvedText as JSON
 * @param inputs SHA-256 by path
 * @param freeKeys top-level keys that may differ on resume
 * @param growingKeys full keys of whole numbers that may be larger on resume
 * @param arithmetic that the results depend on; empty in a JVM that only plans, which leaves comparing it to the one
 * that computes
 * @param expectedBytes that the run will write
 */
public record RunRequest(Path path, boolean resume, String id, String kind, String givenName, String givenText,
    String resolvedText, Map<String, String> inputs,
    Set<String> freeKeys, Set<String> growingKeys, String arithmetic, long expectedBytes) {
  public RunRequest {
    path = FilePath.absolute(path);
    inputs = java.util.Collections.unmodifiableMap(new TreeMap<>(inputs));
    freeKeys = Set.copyOf(freeKeys);
    growingKeys = Set.copyOf(growingKeys);
  }
}
