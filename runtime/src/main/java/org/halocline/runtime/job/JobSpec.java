package org.halocline.runtime.job;

import java.util.Map;
import java.util.TreeMap;
import org.halocline.runtime.WireMessage;

/**
 * A job as a message.
 *
 * @param id derived from all the rest, so the same job has the same id, unless its user has named it
 * @param kind name of its {@link JobKind}
 * @param resolvedText every setting, defaults filled in, as JSON with sorted keys
 * @param inputDigests SHA-256, in hexadecimal, of each input file by its absolute path
 */
public record JobSpec(String id, String kind, String resolvedText,
    Map<String, String> inputDigests) implements WireMessage {

  public JobSpec {
    inputDigests = java.util.Collections.unmodifiableMap(new TreeMap<>(inputDigests));
  }

  public static JobSpec of(String kind, String resolvedText, Map<String, String> inputDigests) {
    StringBuilder all = new StringBuilder(kind).append('\n').append(resolvedText);
    new TreeMap<>(inputDigests).forEach((path, digest) -> all.append('\n').append(digest).append(' ').append(path));
    return new JobSpec(kind + "-" + Digests.sha256(all.toString()).substring(0, 12), kind, resolvedText, inputDigests);
  }

  /** The same job by an id that its user chose. */
  public JobSpec named(String newId) {
    return new JobSpec(newId, kind, resolvedText, inputDigests);
  }

  /** Whether another one is the same in all but its id. */
  public boolean isSameJob(JobSpec other) {
    return named(other.id).equals(other);
  }
}
