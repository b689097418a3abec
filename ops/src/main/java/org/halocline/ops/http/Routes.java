package org.halocline.ops.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.runtime.config.Problem;

/**
 * Which endpoint a request is for. What GET answers HEAD answers too, without the body; OPTIONS tells what a path
 * takes, and so does the refusal of another method. Immutable.
 */
record Routes(List<Endpoint> endpoints) {
  static final String ALLOW = "Allow";
  static final String API = "/api/v1";
  static final String DOCUMENT = API + "/openapi.json";
  private static final String GET = "GET";
  private static final String HEAD = "HEAD";
  private static final String OPTIONS = "OPTIONS";
  private static final int MOST_SEGMENTS = 32;

  Routes {
    endpoints = List.copyOf(endpoints);
  }

  /** @param segments of the path, decoded */
  Endpoint find(String method, List<String> segments) throws Refusal {
    List<Endpoint> there = endpoints.stream().filter(endpoint -> endpoint.match(segments).isPresent()).toList();
    if (there.isEmpty())
      throw new Refusal(Refusal.NOT_FOUND,
          new Problem("path", Call.shown("/" + String.join("/", segments)), "leads nowhere",
              "see " + DOCUMENT));
    Optional<Endpoint> found = of(method, there);
    if (found.isEmpty() && method.equals(HEAD))
      found = of(GET, there);
    String allowed = String.join(", ", methods(there));
    if (found.isEmpty() && method.equals(OPTIONS))
      found = Optional.of(Endpoint.of(OPTIONS, there.getFirst().path(), Endpoint.Access.OPEN, "",
          _ -> Answers.done().addHeader(RawHeader.create(ALLOW, allowed))));
    return found.orElseThrow(() -> Refusal.notAllowed(new Problem("method", Call.shown(method),
        "is not for this path", "use " + allowed.replace(", ", " or ")), allowed));
  }

  private static Optional<Endpoint> of(String method, List<Endpoint> there) {
    return there.stream().filter(endpoint -> endpoint.method().equals(method)).findFirst();
  }

  private static Set<String> methods(List<Endpoint> there) {
    Set<String> methods = new TreeSet<>(Set.of(OPTIONS));
    for (Endpoint endpoint : there) {
      methods.add(endpoint.method());
      if (endpoint.method().equals(GET))
        methods.add(HEAD);
    }
    return methods;
  }

  /** The path's segments, decoded; none of them can lead out of where it is looked up. */
  static List<String> segments(String path) throws Refusal {
    List<String> segments = new ArrayList<>();
    for (String segment : path.isEmpty() ? new String[]{""} : path.substring(1).split("/", -1))
      segments.add(decoded(segment));
    if (segments.size() > MOST_SEGMENTS)
      throw badPath(path);
    return segments;
  }

  private static String decoded(String segment) throws Refusal {
    String text;
    try {
      text = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw badPath(segment);
    }
    boolean escapes = text.equals(".") || text.equals("..")
        || text.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c) || c == 0xFFFD);
    if (escapes)
      throw badPath(segment);
    return text;
  }

  private static Refusal badPath(String part) {
    return new Refusal(Refusal.BAD_REQUEST, new Problem("path", Call.shown(part),
        "is no path of plain names", "leave out dots, slashes within names and control characters"));
  }
}
