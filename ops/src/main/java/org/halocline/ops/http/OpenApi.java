package org.halocline.ops.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The OpenAPI document of a table of endpoints. Paths come from the endpoints, schemas from the records as Jackson
 * writes them. For one thread.
 */
final class OpenApi {
  private static final ObjectMapper JSON = Answers.mapper();
  private static final String ABOUT = """
      The interface of a node of a Halocline cluster. Every node answers for the whole cluster. On loopback reading needs no \
      token. From other machines, and to change anything, send Authorization: Bearer with the text of the file token in the \
      state directory. The header Host must be an address, localhost or a name that the node was told of. The header Origin, \
      where there is one, must be the node's own. HEAD is answered as GET is, without the body. OPTIONS lists the methods of \
      a path in Allow, and so does the answer 405 to another method. The head of a request must arrive within 10 s.""";
  private static final Map<Integer, String> STATUSES = Map.ofEntries(Map.entry(200, "Done."),
      Map.entry(201, "Made."), Map.entry(202, "Accepted; it is done soon."), Map.entry(204, "Done; there is no body."),
      Map.entry(400, "The path, the query, a header or the body is malformed or out of its bounds."),
      Map.entry(401, "The token is needed, or it is wrong."),
      Map.entry(403, "The Host, the Origin or the token does not allow this."),
      Map.entry(404, "It is not there."),
      Map.entry(405, "The path does not take this method; Allow lists its methods."),
      Map.entry(408, "The body did not go on."), Map.entry(409, "The job has ended before."),
      Map.entry(413, "The body is too large."), Map.entry(422, "The job or the blob is at fault."),
      Map.entry(500, "The node failed; its log tells more."),
      Map.entry(503, "The coordinator does not answer, or too many requests run; ask again after Retry-After."),
      Map.entry(507, "The disk is full."));
  private static final Set<Class<?>> WHOLE = Set.of(int.class, long.class, Integer.class, Long.class, OptionalInt.class,
      OptionalLong.class);
  private static final Set<Class<?>> REAL = Set.of(double.class, float.class, Double.class, OptionalDouble.class);

  private final Map<String, ObjectNode> schemas = new TreeMap<>();

  private OpenApi() {}

  /** Tells of every endpoint below {@code root}. */
  static ObjectNode of(List<Endpoint> endpoints, String root) {
    ObjectNode document = JSON.createObjectNode().put("openapi", "3.1.0");
    document.putObject("info").put("title", "Halocline").put("version", "1").put("description", ABOUT)
        .putObject("license").put("name", "Apache-2.0").put("identifier", "Apache-2.0");
    OpenApi all = new OpenApi();
    ObjectNode paths = document.putObject("paths");
    for (Endpoint endpoint : endpoints)
      if (endpoint.path().startsWith(root))
        paths.withObjectProperty(endpoint.path().replace("…}", "}"))
            .set(endpoint.method().toLowerCase(Locale.ROOT), all.operation(endpoint));
    ObjectNode components = document.putObject("components");
    components.set("schemas", JSON.valueToTree(all.schemas));
    ObjectNode security = components.putObject("securitySchemes");
    security.putObject("token").put("type", "http").put("scheme", "bearer");
    security.putObject("session").put("type", "apiKey").put("in", "cookie").put("name", "halocline-session-PORT")
        .put("description", "With the header halocline-seal it may cancel jobs, and read. It changes nothing else.");
    return document;
  }

  private ObjectNode operation(Endpoint endpoint) {
    ObjectNode operation = JSON.createObjectNode().put("summary", endpoint.summary());
    if (endpoint.access() == Endpoint.Access.CHANGE || endpoint.access() == Endpoint.Access.CANCEL)
      operation.putArray("security").addObject().putArray("token");
    if (endpoint.access() == Endpoint.Access.CANCEL)
      operation.withArrayProperty("security").addObject().putArray("session");
    ArrayNode parameters = operation.putArray("parameters");
    ObjectNode body = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
    body.putObject("properties");
    for (Parameter parameter : endpoint.parameters())
      if (parameter.in().equals("body"))
        property(body, parameter.name(), bounded(parameter), parameter.required(), parameter.meaning());
      else
        parameter(parameters.addObject(), parameter);
    endpoint.body().ifPresent(type -> operation.putObject("requestBody").put("required", true).putObject("content")
        .putObject(type).set("schema", type.equals(Endpoint.JSON) ? body : schema(byte[].class)));
    ObjectNode responses = operation.putObject("responses");
    endpoint.answers().forEach((status, contents) -> {
      ObjectNode response = responses.putObject(status.toString()).put("description", STATUSES.get(status));
      contents.forEach((type, holds) -> response.withObjectProperty("content").putObject(type)
          .set("schema", schema(holds)));
    });
    return operation;
  }

  private void parameter(ObjectNode into, Parameter parameter) {
    into.put("name", parameter.name()).put("in", parameter.in()).put("required", parameter.required());
    parameter.meaning().ifPresent(text -> into.put("description", text));
    into.set("schema", bounded(parameter));
  }

  private ObjectNode bounded(Parameter parameter) {
    ObjectNode schema = schema(parameter.type());
    if (parameter.low() != Long.MIN_VALUE)
      schema.put("minimum", parameter.low());
    if (parameter.high() != Long.MAX_VALUE)
      schema.put("maximum", parameter.high());
    if (!parameter.pattern().isEmpty())
      schema.put("pattern", "^" + parameter.pattern() + "$");
    return schema;
  }

  private static void property(ObjectNode owner, String name, ObjectNode schema, boolean required,
      Optional<String> about) {
    about.ifPresent(text -> schema.put("description", text));
    owner.withObjectProperty("properties").set(name, schema);
    if (required)
      owner.withArrayProperty("required").add(name);
  }

  private ObjectNode schema(Class<?> type) {
    return schema(JSON.constructType(type));
  }

  private ObjectNode schema(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (type.isReferenceType())
      return schema(type.getContentType());
    if (WHOLE.contains(raw))
      return typed("integer");
    if (REAL.contains(raw)) { // a number that is not finite is null
      ObjectNode real = JSON.createObjectNode();
      real.putArray("type").add("number").add("null");
      return real;
    }
    if (raw == boolean.class || raw == Boolean.class)
      return typed("boolean");
    if (raw == byte[].class)
      return typed("string").put("format", "binary");
    if (raw.isEnum()) {
      ArrayNode values = JSON.createArrayNode();
      for (Object constant : raw.getEnumConstants())
        values.add(JSON.<JsonNode>valueToTree(constant));
      return typed("string").set("enum", values);
    }
    if (type.isArrayType() || type.isCollectionLikeType())
      return typed("array").set("items", schema(type.getContentType()));
    if (type.isMapLikeType())
      return typed("object").set("additionalProperties", schema(type.getContentType()));
    if (JsonNode.class.isAssignableFrom(raw))
      return typed("object").put("additionalProperties", true);
    return raw.isRecord() || raw.isSealed() ? reference(type) : typed("string");
  }

  private static ObjectNode typed(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private ObjectNode reference(JavaType type) {
    String name = type.getRawClass().getSimpleName();
    if (!schemas.containsKey(name)) {
      schemas.put(name, JSON.createObjectNode());
      schemas.put(name, type.getRawClass().isSealed() ? oneOf(type) : object(type));
    }
    return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  private ObjectNode object(JavaType type) {
    ObjectNode schema = typed("object").put("additionalProperties", false);
    schema.putObject("properties");
    for (BeanPropertyDefinition property : JSON.getSerializationConfig().introspect(type).findProperties()) {
      JavaType holds = property.getPrimaryType();
      if (property.getAccessor().hasAnnotation(JsonAnyGetter.class))
        schema.set("additionalProperties", schema(holds.getContentType()));
      else if (property.getAccessor().hasAnnotation(JsonUnwrapped.class)) {
        ObjectNode inner = object(holds);
        schema.withObjectProperty("properties").setAll(inner.withObjectProperty("properties"));
        schema.withArrayProperty("required").addAll(inner.withArrayProperty("required"));
      } else
        property(schema, property.getName(), schema(holds), !isOptional(holds),
            Optional.ofNullable(property.getMetadata().getDescription()));
    }
    return schema;
  }

  private static boolean isOptional(JavaType type) {
    return type.isReferenceType() || type.getRawClass().getSimpleName().startsWith("Optional");
  }

  /** Of the kinds of a sealed type, which a property {@code type} tells apart. */
  private ObjectNode oneOf(JavaType type) {
    ObjectNode schema = JSON.createObjectNode();
    ArrayNode kinds = schema.putArray("oneOf");
    for (Class<?> kind : type.getRawClass().getPermittedSubclasses()) {
      ObjectNode one = object(JSON.constructType(kind));
      ObjectNode name = typed("string");
      name.putArray("enum").add(Answers.dashed(kind));
      property(one, "type", name, true, Optional.empty());
      kinds.add(one);
    }
    return schema;
  }
}
