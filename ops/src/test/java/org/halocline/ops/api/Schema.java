package org.halocline.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** As much of JSON Schema as the description uses. */
final class Schema {
  private Schema() {}

  /** What of a value is not as its schema says; a property that the schema does not know is one. */
  static List<String> differences(JsonNode value, JsonNode schema, JsonNode document, String at) {
    List<String> found = new ArrayList<>();
    compare(value, schema, document, at, found);
    return found;
  }

  private static void compare(JsonNode value, JsonNode schema, JsonNode document, String at, List<String> found) {
    if (schema.has("$ref")) {
      compare(value, document.at(schema.get("$ref").asText().substring(1)), document, at, found);
      return;
    }
    if (schema.has("oneOf")) {
      for (JsonNode one : schema.get("oneOf"))
        if (differences(value, one, document, at).isEmpty())
          return;
      found.add(at + " = " + value + " is none of " + schema.get("oneOf"));
      return;
    }
    JsonNode type = schema.path("type");
    if (type.isArray() ? type.valueStream().noneMatch(one -> fits(value, one.asText())) : !fits(value, type.asText())) {
      found.add(at + " = " + value + " is no " + type);
      return;
    }
    if (schema.has("enum") && schema.get("enum").valueStream().noneMatch(value::equals))
      found.add(at + " = " + value + " is none of " + schema.get("enum"));
    if (value.isArray())
      for (int i = 0; i < value.size(); i++)
        compare(value.get(i), schema.path("items"), document, at + "[" + i + "]", found);
    if (value.isObject())
      compareObject(value, schema, document, at, found);
  }

  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      case "null" -> value.isNull();
      default -> false;
    };
  }

  private static void compareObject(JsonNode value, JsonNode schema, JsonNode document, String at, List<String> found) {
    schema.path("required").forEach(name -> {
      if (!value.has(name.asText()))
        found.add(at + " lacks " + name.asText());
    });
    JsonNode others = schema.path("additionalProperties");
    value.properties().forEach(entry -> {
      JsonNode known = schema.path("properties").path(entry.getKey());
      if (!known.isMissingNode())
        compare(entry.getValue(), known, document, at + "." + entry.getKey(), found);
      else if (others.isObject())
        compare(entry.getValue(), others, document, at + "." + entry.getKey(), found);
      else if (!others.asBoolean())
        found.add(at + " has an unknown " + entry.getKey());
    });
  }
}
