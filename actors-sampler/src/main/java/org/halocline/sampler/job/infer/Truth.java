package org.halocline.sampler.job.infer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.runtime.config.BoundedFile;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.config.Range;
import org.halocline.sampler.model.Sites;

/**
 * What made mock data: a JSON file with a number a parameter, at the top or under {@code cosmology}, dashed or
 * underscored.
 */
final class Truth {
  private static final int MOST_BYTES = 1 << 20;

  private Truth() {}

  /** What the file holds instead of JSON is not told: a job may name any file. */
  private static JsonNode json(Path file) throws IOException {
    byte[] bytes = BoundedFile.read(file, MOST_BYTES)
        .orElseThrow(() -> new IOException("it has more than " + MOST_BYTES + " bytes"));
    try {
      return Json.MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException("it is not JSON", e);
    }
  }

  /**
   * By the name of the parameter's site; parameters that the file does not name are left out.
   *
   * @throws IOException if it is not JSON, says no parameter, or says one that the parameter cannot have
   */
  static Map<String, Double> read(Path file, ParameterSpace space) throws IOException {
    JsonNode root = json(file);
    JsonNode values = root.path("cosmology").isObject() ? root.get("cosmology") : root;
    Map<String, Double> truth = new TreeMap<>();
    for (Parameter parameter : space.parameters()) {
      String name = Sites.name(parameter);
      JsonNode value = values.has(parameter.name()) ? values.get(parameter.name()) : values.path(name);
      if (value.isMissingNode())
        continue;
      if (!value.isNumber())
        throw new IOException(name + " is not a number");
      Range range = Sites.range(parameter);
      if (!range.contains(value.doubleValue()))
        throw new IOException(name + " is " + value.doubleValue() + ", but " + range.bound());
      truth.put(name, value.doubleValue());
    }
    if (truth.isEmpty())
      throw new IOException("it names no parameter of the model");
    return truth;
  }
}
