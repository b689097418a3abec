package org.halocline.ops.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.runtime.config.Problem;

/**
 * How a browser comes to its session: the command line asks for a link with a key; the page takes the key from the link's
 * fragment, which no server and no log sees, and posts it, once. Or someone types the token into the page.
 */
final class SessionEndpoints {
  private static final String SESSION = "/api/v1/session";
  private static final int MOST_BODY = 1024;

  private final Gate gate;
  private final IntSupplier port;

  /** @param port that this node listens on */
  SessionEndpoints(Gate gate, IntSupplier port) {
    this.gate = gate;
    this.port = port;
  }

  List<Endpoint> all() {
    return List.of(new Endpoint("POST", "/api/v1/session-keys", Endpoint.Access.CHANGE, this::newKey),
        new Endpoint("GET", "/api/v1/proof/{nonce}", Endpoint.Access.OPEN, this::prove),
        new Endpoint("GET", SESSION, Endpoint.Access.OPEN, this::state),
        new Endpoint("POST", SESSION, Endpoint.Access.OPEN, this::open),
        new Endpoint("DELETE", SESSION, Endpoint.Access.OPEN, this::close));
  }

  private HttpResponse newKey(Call call) {
    return Answers.of(201, Map.of("key", gate.sessions().newKey(), "seconds", PageSessions.KEY_LIVES.toSeconds()));
  }

  /**
   * Shows a client that is about to send the token that this node knows it: not more than that, and not for another
   * port.
   */
  private HttpResponse prove(Call call) throws Refusal {
    String nonce = call.segment("nonce");
    if (!nonce.matches("[0-9a-f]{32,128}"))
      throw new Refusal(Refusal.BAD_REQUEST, new Problem("nonce", Call.shown(nonce),
          "must be 32 to 128 hexadecimal digits in lower case", "choose random ones"));
    AccessToken token = gate.token()
        .orElseThrow(() -> new Refusal(Refusal.NOT_FOUND, Problem.of("token", "this node has none", "ask another")));
    return Answers.ok(Map.of("port", port.getAsInt(), "proof", token.proof(port.getAsInt(), nonce)));
  }

  private HttpResponse state(Call call) {
    boolean open = gate.hasToken(call.request()) || gate.hasSealedSession(call.request());
    return Answers.ok(Map.of("open", open, "needed", !gate.readable()));
  }

  private HttpResponse open(Call call) throws Refusal, InterruptedException {
    JsonNode body = call.json(MOST_BODY);
    Optional<PageSessions.Session> session = body.hasNonNull("key")
        ? gate.sessions().open(body.get("key").asText())
        : gate.token().filter(token -> token.matches(body.path("token").asText()))
            .map(_ -> gate.sessions().newSession());
    if (session.isEmpty())
      throw new Refusal(Refusal.UNAUTHORIZED, Problem.of(body.hasNonNull("key") ? "key" : "token",
          "is not good, or no longer", "print a new link: halocline page"));
    return Answers.ok(Map.of("open", true, "seal", session.get().seal())).addHeader(RawHeader.create("Set-Cookie",
        cookie(call, session.get().id(), PageSessions.SESSION_LIVES.toSeconds())));
  }

  private HttpResponse close(Call call) {
    gate.session(call.request()).ifPresent(gate.sessions()::close);
    return Answers.done().addHeader(RawHeader.create("Set-Cookie", cookie(call, "", 0)));
  }

  private static String cookie(Call call, String value, long seconds) {
    return Gate.cookieName(call.request()) + "=" + value + "; Path=/api/; HttpOnly; SameSite=Strict; Max-Age="
        + seconds;
  }
}
