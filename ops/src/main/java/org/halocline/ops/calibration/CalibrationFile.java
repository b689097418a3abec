package org.halocline.ops.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.sampler.model.cost.Calibration;

/** The file that keeps a machine's calibration, beside the builds. */
public record CalibrationFile(Path file) {
  /** The property by which the launcher names the folder of its builds. */
  public static final String HOME = "halocline.home";
  private static final String REMEDY = "delete it, or measure it anew with halocline bench --calibrate";
  private static final double MOST = 1e9;
  private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /** The file in the launcher's folder; empty where the launcher has not started this process. */
  public static Optional<CalibrationFile> here() {
    return Optional.ofNullable(System.getProperty(HOME))
        .map(home -> new CalibrationFile(Path.of(home).resolve("calibration.json")));
  }

  /** The calibration of this machine, or else the stored one; a problem where this machine's cannot be read. */
  public static Checked<Calibration> current() {
    return here().map(CalibrationFile::read).orElseGet(() -> Checked.valid(Optional.empty()))
        .map(found -> found.orElseGet(Calibration::stored));
  }

  /** Reads the file: empty where there is none, a problem where it holds something else. */
  public Checked<Optional<Calibration>> read() {
    if (!Files.exists(file))
      return Checked.valid(Optional.empty());
    try {
      Optional<Calibration> read = Optional.ofNullable(JSON.readValue(file.toFile(), Calibration.class));
      Optional<String> wrong = read.isEmpty() ? Optional.of("is null") : wrong(read.get());
      return wrong.isEmpty() ? Checked.valid(read) : Checked.invalid(problem(wrong.get()));
    } catch (JsonMappingException other) {
      String key = other.getPath().stream().map(JsonMappingException.Reference::getFieldName)
          .collect(Collectors.joining("."));
      return Checked.invalid(problem("is no calibration of this version: "
          + (key.isEmpty() ? "" : key + ": ") + firstLine(other)));
    } catch (JsonProcessingException broken) {
      return Checked.invalid(problem("is not JSON: line " + broken.getLocation().getLineNr() + ": "
          + firstLine(broken)));
    } catch (IOException unreadable) {
      return Checked.invalid(problem("cannot be read: " + unreadable));
    }
  }

  private Problem problem(String what) {
    return Problem.of(file.toString(), what, REMEDY);
  }

  private static String firstLine(JsonProcessingException failed) {
    return failed.getOriginalMessage().lines().findFirst().orElse("").replaceAll(" \\(.*", "");
  }

  /** Says which constants no machine can have. */
  private static Optional<String> wrong(Calibration c) {
    List<String> wrong = new ArrayList<>();
    wrong("", JSON.valueToTree(c), wrong);
    return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", wrong));
  }

  private static void wrong(String path, JsonNode block, List<String> wrong) {
    block.properties().forEach(entry -> {
      String name = path + entry.getKey();
      if (entry.getValue().isObject())
        wrong(name + ".", entry.getValue(), wrong);
      double number = entry.getValue().asDouble();
      boolean divides = name.equals("crowding") || name.endsWith("bytesANs");
      if (entry.getValue().isNumber() && (!(number <= MOST) || (divides ? !(number > 0) : !(number >= 0))))
        wrong.add(name + " = " + number + " must be " + (divides ? "above" : "at least") + " 0 and at most 1e9");
    });
  }

  /** Replaces what was there, in one step. */
  public void write(Calibration calibration) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path aside = file.toAbsolutePath().resolveSibling("calibration-" + ProcessHandle.current().pid() + ".aside");
    try {
      JSON.writeValue(aside.toFile(), calibration);
      // others may use the same builds, whose files the umask of a run hides
      Files.setPosixFilePermissions(aside, READABLE);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
