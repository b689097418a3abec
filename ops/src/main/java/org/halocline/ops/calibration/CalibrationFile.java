package org.halocline.ops.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.sampler.model.cost.Calibration;

/** Where a machine's calibration is kept: beside the builds. */
public record CalibrationFile(Path file) {
  /** The property by which the launcher names the folder of its builds. */
  public static final String HOME = "halocline.home";
  private static final String REMEDY = "delete it, or measure it anew with halocline bench --calibrate";
  private static final double MOST = 1e9;
  private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /** In the launcher's folder; empty where this was not started by the launcher. */
  public static Optional<CalibrationFile> here() {
    return Optional.ofNullable(System.getProperty(HOME))
        .map(home -> new CalibrationFile(Path.of(home).resolve("calibration.json")));
  }

  /** This machine's, or else the stored one; a problem where this machine's cannot be read. */
  public static Checked<Calibration> current() {
    return here().map(CalibrationFile::read).orElseGet(() -> Checked.valid(Optional.empty()))
        .map(found -> found.orElseGet(Calibration::stored));
  }

  /** Empty where there is none; one problem where there is something else. */
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

  /** What no machine takes. */
  private static Optional<String> wrong(Calibration c) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("forwardNs", c.forwardNs());
    numbers.put("reverseNs", c.reverseNs());
    numbers.put("initialNs", c.initialNs());
    numbers.put("initialReverseNs", c.initialReverseNs());
    numbers.put("fourierNs", c.fourierNs());
    numbers.put("passUs", c.passUs());
    numbers.put("stepUs", c.stepUs());
    numbers.put("crowding", c.crowding());
    numbers.put("copyNs", c.copyNs());
    carrier(numbers, "local", c.local());
    carrier(numbers, "network", c.network());
    List<String> wrong = new ArrayList<>();
    numbers.forEach((name, number) -> {
      boolean divides = name.equals("crowding") || name.endsWith("bytesANs");
      if (!(number <= MOST) || (divides ? !(number > 0) : !(number >= 0)))
        wrong.add(name + " = " + number + " must be " + (divides ? "above" : "at least") + " 0 and at most 1e9");
    });
    return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", wrong));
  }

  private static void carrier(Map<String, Double> numbers, String name, Calibration.Carrier carrier) {
    numbers.put(name + ".roundUs", carrier.roundUs());
    numbers.put(name + ".messageUs", carrier.messageUs());
    numbers.put(name + ".bytesANs", carrier.bytesANs());
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
