package org.halocline.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.halocline.transport.DataPlaneSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DoctorTest {
  @TempDir
  Path directory;

  @Test
  void shouldRemoveWhatAKilledProcessLeftAndSayHowMuch() throws IOException {
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
    Path dead = Files.createDirectory(directory.resolve("halocline-" + user + "-40123"));
    Files.write(dead.resolve("logbuffer"), new byte[3 << 20]);
    Doctor doctor = new Doctor(directory,
        DataPlaneSettings.defaults().withDirectories(directory, Optional.empty()).withTermLengths(1 << 16, 1 << 16));
    List<String> found = doctor.findings().stream().map(Doctor.Finding::toString)
        .filter(line -> line.contains(dead.toString())).toList();
    assertEquals(1, found.size(), found::toString);
    assertTrue(found.getFirst().startsWith("fine") && found.getFirst().contains("3.0 MiB")
        && found.getFirst().endsWith("removed"), found::toString);
    assertFalse(Files.exists(dead));
  }
}
