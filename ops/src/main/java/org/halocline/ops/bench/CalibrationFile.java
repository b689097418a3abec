package org.halocline.ops.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.halocline.domain.cost.Calibration;

/** Where a machine's calibration is kept: beside the builds. */
public record CalibrationFile(Path file) {
  /** The property by which the launcher names the folder of its builds. */
  public static final String HOME = "halocline.home";
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /** In the launcher's folder; empty where this was not started by the launcher. */
  public static Optional<CalibrationFile> here() {
    return Optional.ofNullable(System.getProperty(HOME))
        .map(home -> new CalibrationFile(Path.of(home).resolve("calibration.json")));
  }

  /** This machine's, or else the stored one. */
  public static Calibration current() {
    return here().flatMap(CalibrationFile::read).orElseGet(Calibration::stored);
  }

  /** Empty where there is none, or one that another version wrote. */
  public Optional<Calibration> read() {
    try {
      return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), Calibration.class)) : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  public void write(Calibration calibration) throws IOException {
    Files.createDirectories(file.getParent());
    Path aside = Files.createTempFile(file.getParent(), "calibration", ".aside");
    JSON.writeValue(aside.toFile(), calibration);
    Files.move(aside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
