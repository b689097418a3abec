package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything that an inference leaves but what speaks of time or place.
 *
 * @param files tables, arrays and diagnostics by name
 * @param summary without times, layout, lanes and memory
 */
record Results(Map<String, byte[]> files, ObjectNode summary) {
  private static final List<String> OF_TIME_OR_PLACE = List.of("seconds", "checkpoints", "lanes", "collections",
      "layout", "process");

  static Results of(Path run) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run, 2)) {
      for (Path file : all.filter(path -> path.toString().matches(".*\\.(csv|npy)|.*/diagnostics\\.json"))
          .filter(path -> !path.startsWith(run.resolve("checkpoints"))).toList())
        files.put(run.relativize(file).toString(), Files.readAllBytes(file));
    }
    ObjectNode summary = (ObjectNode) new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    summary.remove(OF_TIME_OR_PLACE);
    return new Results(files, summary);
  }

  /** Byte by byte. */
  void assertSame(Results found) {
    assertFalse(files.isEmpty());
    assertEquals(files.keySet(), found.files.keySet());
    files.forEach((name, bytes) -> assertArrayEquals(bytes, found.files.get(name), name));
    assertEquals(summary, found.summary);
  }
}
