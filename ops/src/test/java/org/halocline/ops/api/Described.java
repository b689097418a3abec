package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;

/** Holds an answer to what the OpenAPI document of the node that gave it tells of its route. */
final class Described {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Described() {}

  /** Its status and content type must be told; an answer of no route of the API is let pass. */
  static void check(HttpResponse<?> answer) throws IOException, InterruptedException {
    URI asked = answer.uri();
    HttpRequest question = HttpRequest.newBuilder(asked.resolve(NodeApi.ROOT + "/openapi.json")).build();
    JsonNode paths = JSON.readTree(CLIENT.send(question, HttpResponse.BodyHandlers.ofString()).body()).path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties())
      if (asked.getRawPath()
          .matches(path.getKey().replace("/files/{name}", "/files/.+").replaceAll("\\{\\w+}", "[^/]+")))
        check(answer, path.getKey(), path.getValue());
  }

  private static void check(HttpResponse<?> answer, String path, JsonNode operations) {
    String method = answer.request().method().toLowerCase(Locale.ROOT);
    if (method.equals("options"))
      return;
    boolean ofGet = method.equals("head") && !operations.has("head");
    boolean unknown = !ofGet && !operations.has(method);
    JsonNode operation = operations.path(ofGet ? "get" : unknown ? operations.fieldNames().next() : method);
    String status = Integer.toString(answer.statusCode());
    JsonNode told = operation.path("responses").path(status);
    String at = method + " " + path + " " + status;
    assertTrue(told.isObject(), at + " is not in the document");
    String type = answer.headers().firstValue("Content-Type").orElse("none").replaceAll(";.*", "");
    boolean typed = type.equals("none") || told.path("content").has(type) || method.equals("head");
    assertTrue(typed, at + " " + type + " is not in the document");
  }
}
