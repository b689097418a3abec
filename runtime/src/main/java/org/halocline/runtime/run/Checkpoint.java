package org.halocline.runtime.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.halocline.runtime.files.StorageException;

/**
 * A committed checkpoint whose parts were found whole. Immutable; its files stay while it is among the last two.
 *
 * @param directory of its parts
 * @param incarnation that wrote it
 * @param number grows with every commit of an incarnation
 * @param attributes small facts that were committed with it
 * @param parts digests by name
 */
public record Checkpoint(Path directory, int incarnation, long number, Map<String, String> attributes,
    Map<String, PartDigest> parts) {
  public Checkpoint {
    attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  public TreeSet<String> names() {
    return new TreeSet<>(parts.keySet());
  }

  /**
   * Where a part lies.
   *
   * @throws IllegalArgumentException when there is no such part
   */
  public Path path(String part) {
    if (!parts.containsKey(part))
      throw new IllegalArgumentException(
          "the checkpoint in " + directory + " has no part " + part + ", only " + parts.keySet());
    return directory.resolve(part);
  }

  public byte[] read(String part) throws StorageException {
    Path file = path(part);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw StorageException.of(file, "read", e);
    }
  }
}
