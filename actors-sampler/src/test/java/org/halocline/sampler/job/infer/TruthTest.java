package org.halocline.sampler.job.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.halocline.cosmology.background.Cosmology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class TruthTest {
  @TempDir
  Path directory;

  @Test
  void shouldReadParameters() throws IOException {
    Path file = Files.writeString(directory.resolve("truth.json"),
        "{\"cosmology\": {\"omega-m\": 0.31, \"sigma8\": 0.82}}");
    assertEquals(Map.of("omega_m", 0.31, "sigma8", 0.82), Truth.read(file, Cosmology.SPACE));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"{\"omega_m\": -9999}|omega_m is -9999.0, but must be from",
      "{\"sigma8\": 1e999}|sigma8 is Infinity, but must be from", "{\"sigma8\": \"secret\"}|sigma8 is not a number",
      "{\"other\": 1}|names no", "secret secret|not JSON", "[]|names no"})
  void shouldRefuseWhatNoParameterCanBe(String text, String words) throws IOException {
    Path file = Files.writeString(directory.resolve("truth.json"), text);
    String message = assertThrows(IOException.class, () -> Truth.read(file, Cosmology.SPACE)).getMessage();
    assertTrue(message.contains(words), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void shouldNotReadFilesThatAreTooLarge() throws IOException {
    Path file = Files.writeString(directory.resolve("truth.json"), "[".repeat(2 << 20));
    assertThrows(IOException.class, () -> Truth.read(file, Cosmology.SPACE));
    Files.writeString(file, "[".repeat(1 << 19));
    assertThrows(IOException.class, () -> Truth.read(file, Cosmology.SPACE));
  }
}
