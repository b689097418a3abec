package org.halocline.sampler.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.halocline.cosmology.background.Parameter;
import org.halocline.sampler.survey.Parameters;

/** What made mock data: a JSON file with a number a parameter, at the top or under {@code cosmology}, dashed or underscored. */
final class Truth {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Truth() {}

  /**
   * By the name of the parameter's site; parameters that the file does not name are left out.
   *
   * @throws IOException if it is not JSON, says no parameter, or says one that is not a number
   */
  static Map<String, Double> read(Path file) throws IOException {
    JsonNode root = JSON.readTree(Files.readAllBytes(file));
    JsonNode values = root.path("cosmology").isObject() ? root.get("cosmology") : root;
    Map<String, Double> truth = new TreeMap<>();
    for (Parameter parameter : Parameter.values()) {
      String name = Parameters.siteName(parameter);
      JsonNode value = values.has(parameter.key()) ? values.get(parameter.key()) : values.path(name);
      if (value.isMissingNode())
        continue;
      if (!value.isNumber())
        throw new IOException(name + " is " + value + ", not a number");
      truth.put(name, value.doubleValue());
    }
    if (truth.isEmpty())
      throw new IOException("it names no cosmological parameter");
    return truth;
  }
}
