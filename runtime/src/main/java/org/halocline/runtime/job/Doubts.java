package org.halocline.runtime.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.halocline.runtime.config.Json;

/**
 * Why the results of a finished run are not to be believed: a chain never moved, for example. The summary of the run
 * holds them, {@code "doubts": ["…"]}, so every reader of the summary has the verdict.
 */
public final class Doubts {
  public static final String KEY = "doubts";

  private Doubts() {}

  /** In the order of the summary; none where it names none. */
  public static List<String> of(String summary) {
    List<String> doubts = new ArrayList<>();
    try {
      for (JsonNode doubt : Json.MAPPER.readTree(summary.isBlank() ? "{}" : summary).path(KEY))
        doubts.add(doubt.asText());
    } catch (JsonProcessingException notJson) {
      return List.of();
    }
    return doubts;
  }

  /** A summary that says nothing else. */
  public static String summary(List<String> doubts) {
    return doubts.isEmpty() ? "{}" : Json.MAPPER.valueToTree(Map.of(KEY, doubts)).toString();
  }
}
