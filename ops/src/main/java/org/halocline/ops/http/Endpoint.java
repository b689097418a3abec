package org.halocline.ops.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One thing that can be asked, and what the OpenAPI document tells of it.
 *
 * @param method GET, HEAD, POST, PUT or DELETE
 * @param path such as /api/v1/jobs/{id}: a segment in braces stands for any one, and {name…} at the end for all that
 * follow
 * @param access who may ask it
 * @param summary what it does, in one sentence
 * @param parameters that a request may bring
 * @param body media type of the request's body; empty where there is none
 * @param answers by status: what the answer holds, by media type
 * @param handler what answers
 */
public record Endpoint(String method, String path, Access access, String summary, List<Parameter> parameters,
    Optional<String> body, SequencedMap<Integer, Map<String, Class<?>>> answers, Handler handler) {
  public static final String JSON = "application/json";
  public static final String TEXT = "text/plain";
  public static final String BYTES = "application/octet-stream";
  private static final String REST = "…}";

  /**
   * Parameters, body and answers are added by the methods below. Every status that the server itself gives is there
   * already.
   */
  public static Endpoint of(String method, String path, Access access, String summary, Handler handler) {
    List<Parameter> segments = new ArrayList<>();
    for (String part : path.split("/"))
      if (part.startsWith("{"))
        segments.add(Parameter.path(part.replaceAll("[{}…]", ""), ""));
    Endpoint bare = new Endpoint(method, path, access, summary, segments, Optional.empty(), new TreeMap<>(), handler)
        .refuses(Refusal.BAD_REQUEST, Refusal.FORBIDDEN, Refusal.NOT_ALLOWED, Refusal.FAILED);
    return access == Access.OPEN ? bare : bare.refuses(Refusal.UNAUTHORIZED);
  }

  /** Takes these parameters; one of a name that is known replaces it. */
  public Endpoint takes(Parameter... more) {
    SequencedMap<String, Parameter> all = new LinkedHashMap<>();
    parameters.forEach(known -> all.put(known.name(), known));
    for (Parameter one : more)
      all.put(one.name(), one);
    return new Endpoint(method, path, access, summary, List.copyOf(all.values()), body, answers, handler);
  }

  /** Takes a body. */
  public Endpoint reads(String mediaType) {
    return new Endpoint(method, path, access, summary, parameters, Optional.of(mediaType), answers, handler)
        .refuses(Refusal.TOO_LARGE);
  }

  /** Answers with a record in JSON. */
  public Endpoint answers(int status, Class<?> holds) {
    return answers(status, JSON, holds);
  }

  /** Answers with such a body: a record, String for text, or byte[]. */
  public Endpoint answers(int status, String mediaType, Class<?> holds) {
    Map<String, Class<?>> contents = new LinkedHashMap<>(answers.getOrDefault(status, Map.of()));
    contents.put(mediaType, holds);
    return answers(status, contents);
  }

  private Endpoint answers(int status, Map<String, Class<?>> contents) {
    SequencedMap<Integer, Map<String, Class<?>>> all = new TreeMap<>(answers);
    all.put(status, contents);
    return new Endpoint(method, path, access, summary, parameters, body, all, handler);
  }

  /** Answers without a body. */
  public Endpoint answersBare(int status) {
    return answers(status, Map.of());
  }

  /** Answers with problems, beside the statuses that every endpoint of its access has. */
  public Endpoint refuses(int... statuses) {
    Endpoint endpoint = this;
    for (int status : statuses)
      endpoint = endpoint.answers(status, Answers.Problems.class);
    return endpoint;
  }

  /** The same, answered otherwise. */
  public Endpoint by(Handler other) {
    return new Endpoint(method, path, access, summary, parameters, body, answers, other);
  }

  /** Who may ask. */
  public enum Access {
    /** Every caller that can connect. */
    OPEN,
    /** Every caller on this machine; from elsewhere, a caller with the token. */
    READ,
    /** A caller with the token, or a browser with a session. */
    CANCEL,
    /** A caller with the token. */
    CHANGE
  }

  /** Answers a call. It runs on a virtual thread and may wait, but not for long. */
  public interface Handler {
    /** @throws Refusal what the caller is told instead */
    HttpResponse answer(Call call) throws Refusal, java.io.IOException, InterruptedException;
  }

  /** The values of the segments in braces, where the path fits. */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> template = List.of(path.substring(1).split("/", -1));
    boolean takesRest = template.getLast().endsWith(REST);
    if (takesRest ? segments.size() < template.size() : segments.size() != template.size())
      return Optional.empty();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String part = template.get(i);
      if (part.endsWith(REST))
        values.put(part.substring(1, part.length() - REST.length()),
            String.join("/", segments.subList(i, segments.size())));
      else if (part.startsWith("{"))
        values.put(part.substring(1, part.length() - 1), segments.get(i));
      else if (!part.equals(segments.get(i)))
        return Optional.empty();
    }
    boolean holes = segments.size() > 1 && segments.contains("");
    return holes || values.containsValue("") ? Optional.empty() : Optional.of(values);
  }
}
