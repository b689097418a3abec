package org.halocline.ops.http;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.halocline.runtime.config.Problem;

/**
 * How a browser comes to its session: the command line asks for a link with a key; the page takes the key from the
 * link's fragment, which no server and no log sees, and posts it, once. Or a user types the token into the page.
 *
 * @param port that this node listens on
 */
record SessionEndpoints(Gate gate, IntSupplier port) {
  private static final String SESSION = "/api/v1/session";
  private static final int MOST_BODY = 1024;
  private static final Parameter NONCE = Parameter.path("nonce", "[0-9a-f]{32,128}");

  List<Endpoint> all() {
    return List.of(
        Endpoint.of("POST", "/api/v1/session-keys", Endpoint.Access.CHANGE,
            "Makes a key that opens one session, within ten minutes.", this::newKey).answers(201, NewKey.class),
        Endpoint.of("GET", "/api/v1/proof/{nonce}", Endpoint.Access.OPEN,
            "Shows that this node knows the token, before it is sent the token: HMAC-SHA-256, by the token, of"
                + " \"halocline proof PORT NONCE\".",
            this::prove).takes(NONCE).answers(200, Proof.class).refuses(Refusal.NOT_FOUND),
        Endpoint.of("GET", SESSION, Endpoint.Access.OPEN, "Tells whether this browser may change state.", this::state)
            .answers(200, State.class),
        Endpoint.of("POST", SESSION, Endpoint.Access.OPEN, "Opens a session by a key or the token; a cookie keeps it.",
            this::open).reads(Endpoint.JSON)
            .takes(Parameter.body("key", String.class, ""), Parameter.body("token", String.class, ""))
            .answers(200, Opened.class).refuses(Refusal.UNAUTHORIZED),
        Endpoint.of("DELETE", SESSION, Endpoint.Access.OPEN, "Closes the session.", this::close).answersBare(204));
  }

  private record NewKey(String key, long seconds) {}

  private record Proof(int port, String proof) {}

  private record State(boolean open, boolean needed) {}

  private record Opened(boolean open,
      @JsonPropertyDescription("Shown in the header halocline-seal beside the cookie, it lets the page cancel "
          + "jobs.") String seal) {}

  private HttpResponse newKey(Call call) {
    return Answers.of(201, new NewKey(gate.sessions().newKey(), PageSessions.KEY_LIVES.toSeconds()));
  }

  /**
   * Shows a client that is about to send the token that this node knows it. It shows no more, and nothing for another
   * port.
   */
  private HttpResponse prove(Call call) throws Refusal {
    String nonce = call.segment("nonce");
    if (!nonce.matches(NONCE.pattern()))
      throw new Refusal(Refusal.BAD_REQUEST, new Problem("nonce", Call.shown(nonce),
          "must be 32 to 128 hexadecimal digits in lower case", "choose random ones"));
    AccessToken token = gate.token()
        .orElseThrow(() -> new Refusal(Refusal.NOT_FOUND, Problem.of("token", "this node has none", "ask another")));
    return Answers.ok(new Proof(port.getAsInt(), token.proof(port.getAsInt(), nonce)));
  }

  private HttpResponse state(Call call) {
    boolean open = gate.hasToken(call.request()) || gate.hasSealedSession(call.request());
    return Answers.ok(new State(open, !gate.readable()));
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
    return Answers.ok(new Opened(true, session.get().seal())).addHeader(RawHeader.create("Set-Cookie",
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
