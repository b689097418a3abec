package org.halocline.ops.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.runtime.config.Problem;
import org.halocline.sampler.model.cost.Calibration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept comes back; what is broken is told, never silently passed over. */
@Timeout(300)
class CalibrationFileTest {
  private static final Calibration MEASURED = new Calibration("a machine, ½ way", 40.25, 0, 90, 210, 0.4, 300, 15,
      1.25, 0.3, new Calibration.Carrier(120, 5, 2.5), Calibration.UDP);

  @TempDir
  Path folder;
  private CalibrationFile kept;
  private Optional<String> home = Optional.empty();

  @BeforeEach
  void nameFile() {
    kept = new CalibrationFile(folder.resolve("home/calibration.json"));
    home = Optional.ofNullable(System.getProperty(CalibrationFile.HOME));
  }

  @AfterEach
  void restoreHome() {
    home.ifPresentOrElse(old -> System.setProperty(CalibrationFile.HOME, old),
        () -> System.clearProperty(CalibrationFile.HOME));
  }

  private String text() throws IOException {
    kept.write(MEASURED);
    return Files.readString(kept.file());
  }

  private Problem refusal() {
    List<Problem> problems = kept.read().problems();
    assertEquals(1, problems.size(), problems::toString);
    assertEquals(kept.file().toString(), problems.getFirst().key());
    assertTrue(problems.getFirst().remedy().contains("halocline bench --calibrate"), problems::toString);
    assertFalse(problems.getFirst().toString().contains("\n"), problems::toString);
    return problems.getFirst();
  }

  @Test
  void shouldGiveBackWhatWasKept() throws IOException {
    kept.write(MEASURED);
    assertEquals(Optional.of(MEASURED), kept.read().orThrow());
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.file())),
        "other users of the same builds read it, with any umask");
    Calibration next = MEASURED.with(new Calibration.Carrier(1, 2, 3));
    kept.write(next);
    assertEquals(Optional.of(next), kept.read().orThrow());
    try (Stream<Path> files = Files.list(kept.file().getParent())) {
      assertEquals(List.of(kept.file()), files.toList(), "nothing is left aside");
    }
  }

  @Test
  void shouldFindNothingWhereNothingWasKept() {
    assertEquals(Optional.empty(), kept.read().orThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "[1, 2]", "{", "{}", "null", "17"})
  void shouldSayThatAFileIsNoCalibration(String text) throws IOException {
    Files.createDirectories(kept.file().getParent());
    Files.writeString(kept.file(), text);
    assertTrue(refusal().bound().startsWith("is n"), () -> refusal().toString());
  }

  @ParameterizedTest
  @CsvSource({"\"forwardNs\" : 40.25,,forwardNs", "\"forwardNs\",\"forwardHours\",forwardNs",
      "40.25,\"slow\",forwardNs",
      "\"copyNs\",\"stepUs\",copyNs"})
  void shouldNameTheKeyThatAnotherVersionWrote(String old, String changed, String key)
      throws IOException {
    String text = text();
    assertTrue(text.contains(old), text);
    Files.writeString(kept.file(), text.replace(old, changed == null ? "" : changed).replace("{,", "{")
        .replaceAll(",\\s*,", ","));
    assertTrue(refusal().bound().contains(key), () -> refusal().toString());
  }

  @ParameterizedTest
  @CsvSource({"40.25,-1,forwardNs = -1", "40.25,1e300,forwardNs = 1.0E300", "1.25,0,crowding = 0",
      "2.5,0.0,local.bytesANs = 0"})
  void shouldRefuseNumbersThatNoMachineHas(String old, String changed, String words) throws IOException {
    Files.writeString(kept.file(), text().replace(" : " + old, " : " + changed));
    assertTrue(refusal().bound().contains(words), () -> refusal().toString());
  }

  @Test
  void shouldSayThatItIsNoFile() throws IOException {
    Files.createDirectories(kept.file());
    refusal();
  }

  @Test
  void shouldUseTheStoredOneUntilThisMachineWasMeasured() throws IOException {
    System.clearProperty(CalibrationFile.HOME);
    assertEquals(Calibration.stored(), CalibrationFile.current().orThrow());
    System.setProperty(CalibrationFile.HOME, folder.toString());
    assertEquals(Calibration.stored(), CalibrationFile.current().orThrow());
    CalibrationFile.here().orElseThrow().write(MEASURED);
    assertEquals(MEASURED, CalibrationFile.current().orThrow());
    Files.writeString(CalibrationFile.here().orElseThrow().file(), "{");
    assertFalse(CalibrationFile.current().isValid(), "a broken file is passed over");
  }

  @Test
  void shouldKeepTheOldOneWhereTheNewOneCannotBeWritten() throws IOException {
    Files.createDirectories(kept.file().resolve("in the way"));
    assertThrows(IOException.class, () -> kept.write(MEASURED));
    try (Stream<Path> files = Files.list(kept.file().getParent())) {
      assertEquals(List.of(kept.file()), files.toList(), "nothing is left aside");
    }
  }
}
