package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs of every kind give the bytes that an earlier version gave: each npy file, each table, the rows of each CSV and
 * the numbers of gradient.json. The digests in the resource answers/digests.txt are that version's. A change that is
 * meant to change numbers writes new ones and says so in the list of changes.
 */
@Timeout(600)
class SameAnswersTest {
  private static final List<String> JOBS = List.of("simulate-cone", "simulate-snap", "gradient-map", "gradient-density",
      "infer-map", "infer-density");

  @TempDir
  Path folder;

  @Test
  void shouldGiveTheBytesOfTheVersionBefore() throws Exception {
    StringBuilder found = new StringBuilder();
    for (String name : JOBS) {
      String text = resource(name + ".conf").replace("EXAMPLES",
          Path.of("examples", "survey-tiny").toAbsolutePath().toString());
      Path job = Files.writeString(folder.resolve(name + ".conf"), text);
      Path output = folder.resolve(name);
      Outcome outcome = Halocline.inside("run", job.toString(), "--output", output.toString());
      assertEquals(0, outcome.exit(), outcome::toString);
      if (name.equals("simulate-snap"))
        Files.copy(output.resolve("density.npy"), folder.resolve("density.npy"));
      digests(output).forEach((file, digest) -> found.append(digest).append(' ').append(name).append('/').append(file)
          .append('\n'));
    }
    assertEquals(resource("digests.txt"), found.toString());
  }

  /** By the file's name in the run directory. */
  private static Map<String, String> digests(Path output) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (Path directory : List.of(output, output.resolve("draws"))) {
      if (!Files.isDirectory(directory))
        continue;
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(SameAnswersTest::isAnswer).toList())
          digests.put(output.relativize(file).toString(), digest(file));
      }
    }
    return digests;
  }

  private static boolean isAnswer(Path file) {
    return file.getFileName().toString().matches(".*\\.npy|.*\\.csv|chain.*\\.(txt|ranges)|gradient\\.json");
  }

  /** Of a text without its comments, which tell times, and without blanks. */
  private static String digest(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (!file.toString().endsWith(".npy"))
      bytes = new String(bytes, StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
          .reduce("", (all, line) -> all + line.strip() + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)).substring(0, 20);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = SameAnswersTest.class.getResourceAsStream("/answers/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
