package org.halocline.ops.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookiePair;
import org.halocline.runtime.config.Problem;

/**
 * Decides which requests come in. Every request must name, as its host, an address, localhost or a name this node was
 * told of: else a page from anywhere could reach it by pointing a name of its own at this machine (DNS rebinding). A
 * request that a browser sends for a page of another origin is refused. What changes state needs the token, or a
 * session that the token opened; reading does too, where others than this machine can connect. Thread-safe.
 *
 * @param names hosts beside addresses and localhost, in lower case
 * @param token empty where nothing can be changed
 * @param readable whether reading needs no token
 */
record Gate(Set<String> names, Optional<AccessToken> token, PageSessions sessions, boolean readable) {
  private static final String API = "/api/";
  private static final String BEARER = "bearer ";
  private static final String COOKIE = "halocline-session";
  private static final String SEAL = "halocline-seal";
  private static final int MOST_TOKEN = 512;

  /** Refuses what must not even be looked at. */
  void admit(HttpRequest request) throws Refusal {
    List<String> hosts = values(request, "host");
    if (hosts.size() != 1 || !isKnown(hosts.getFirst()) || !isKnown(request.getUri().host().address()))
      throw new Refusal(Refusal.FORBIDDEN,
          new Problem("Host", hosts.isEmpty() ? "" : Call.shown(hosts.getFirst()), "is not a name of this node",
              "use its address or localhost, or name it by --http-name when the node starts"));
    for (String origin : values(request, "origin"))
      if (!origin.equalsIgnoreCase("http://" + hosts.getFirst())
          && !origin.equalsIgnoreCase("https://" + hosts.getFirst()))
        throw new Refusal(Refusal.FORBIDDEN,
            new Problem("Origin", Call.shown(origin), "is not this node's own page",
                "open the page of this node itself"));
    for (String site : values(request, "sec-fetch-site"))
      if (isOfAnotherSite(site) && (!request.method().value().equals("GET") || request.getUri().path().startsWith(API)))
        throw new Refusal(Refusal.FORBIDDEN, new Problem("Sec-Fetch-Site", Call.shown(site),
            "may ask nothing here", "open the page of this node itself"));
  }

  /** A page of the same host but another port is another's. */
  private static boolean isOfAnotherSite(String site) {
    return site.equals("cross-site") || site.equals("same-site");
  }

  /** Refuses a caller that may not ask this. */
  void authorize(HttpRequest request, Endpoint.Access access) throws Refusal {
    boolean free = access == Endpoint.Access.OPEN || access == Endpoint.Access.READ && readable;
    boolean bySession = access == Endpoint.Access.READ && hasSession(request)
        || access == Endpoint.Access.CANCEL && hasSealedSession(request);
    if (free || bySession || hasToken(request))
      return;
    if (token.isEmpty())
      throw new Refusal(Refusal.FORBIDDEN,
          Problem.of("token", "this node has none, so nothing can be changed here", "start it with a state directory"));
    throw new Refusal(Refusal.UNAUTHORIZED, Problem.of("token",
        values(request, "authorization").isEmpty() ? "is needed for this" : "is not this cluster's",
        "send Authorization: Bearer with what the file token in the state directory holds"));
  }

  /** Whether the request brings the token itself. */
  boolean hasToken(HttpRequest request) {
    List<String> given = values(request, "authorization");
    if (given.size() != 1 || token.isEmpty() || given.getFirst().length() > MOST_TOKEN)
      return false;
    String value = given.getFirst();
    return value.toLowerCase(Locale.ROOT).startsWith(BEARER)
        && token.get().matches(value.substring(BEARER.length()).strip());
  }

  private boolean hasSession(HttpRequest request) {
    return session(request).filter(sessions::isOpen).isPresent();
  }

  /**
   * Whether the page itself asks. Another server of this host gets the same cookies from browsers, but the seal of a
   * session lies where only pages of this port find it.
   */
  boolean hasSealedSession(HttpRequest request) {
    List<String> seals = values(request, SEAL);
    return seals.size() == 1
        && session(request).filter(session -> sessions.isOpen(session, seals.getFirst())).isPresent();
  }

  /** The session that the browser's cookie names. */
  Optional<String> session(HttpRequest request) {
    String name = cookieName(request);
    for (HttpHeader header : request.getHeaders())
      if (header instanceof Cookie cookie)
        for (HttpCookiePair pair : cookie.getCookies())
          if (pair.name().equals(name))
            return Optional.of(pair.value());
    return Optional.empty();
  }

  /** Cookies do not tell ports apart, so that of each node has its port in its name. */
  static String cookieName(HttpRequest request) {
    return COOKIE + "-" + Math.max(0, request.getUri().port());
  }

  private boolean isKnown(String authority) {
    String host = authority.toLowerCase(Locale.ROOT);
    if (host.startsWith("["))
      return host.matches("\\[[0-9a-f:.]+\\](:\\d{1,5})?");
    String name = host.replaceFirst(":\\d{1,5}$", "");
    return name.equals("localhost") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}") || host.matches("[0-9a-f]*:[0-9a-f:.]+")
        || names.contains(name);
  }

  private static List<String> values(HttpRequest request, String lowerCaseName) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false).filter(header -> header.is(lowerCaseName))
        .map(HttpHeader::value).toList();
  }
}
