package org.halocline.runtime.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.job.JobEvent;

/**
 * The most memory that this process was to take, beside what it did take.
 *
 * @param plannedBytes as the plan reckoned
 * @param measuredBytes the largest resident memory so far, as the kernel tells; empty where it does not
 */
public record MemoryAccount(long plannedBytes, OptionalLong measuredBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  public static MemoryAccount now(long plannedBytes) {
    try {
      return new MemoryAccount(plannedBytes,
          Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(PEAK))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst());
    } catch (IOException notLinux) {
      return new MemoryAccount(plannedBytes, OptionalLong.empty());
    }
  }

  /** The table with one more line, the summary with one more block. */
  public JobEvent.Finished addedTo(JobEvent.Finished finished) {
    return new JobEvent.Finished(table(finished.table()), summary(finished.summary()));
  }

  private String table(String table) {
    String measured = measuredBytes.isPresent() ? Bytes.text(measuredBytes.getAsLong()) + " at the peak, " : "";
    return (table.isEmpty() || table.endsWith("\n") ? table : table + "\n")
        + String.format(Locale.ROOT, "%-12s %s%s planned%n", "process", measured, Bytes.text(plannedBytes));
  }

  private String summary(String summary) {
    try {
      JsonNode read = Json.INDENTED.readTree(summary.isBlank() ? "{}" : summary);
      if (!(read instanceof ObjectNode object))
        return summary;
      ObjectNode process = object.putObject("process").put("planned-peak-bytes", plannedBytes);
      measuredBytes.ifPresent(bytes -> process.put("peak-bytes", bytes));
      return Json.INDENTED.writeValueAsString(object);
    } catch (JsonProcessingException notJson) {
      return summary;
    }
  }
}
