package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.halocline.ops.http.AccessToken;
import org.halocline.ops.http.HttpServer;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.membership.NodeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in: names of hosts, origins, the token, sessions. */
@Timeout(300)
class GateTest {
  private static final String CANCEL = "POST /api/v1/jobs/" + Scene.JOB + "/cancel HTTP/1.1\r\nContent-Length: 0\r\n";
  @TempDir
  private static Path folder;
  private static FakeNode node;

  @BeforeAll
  static void start() throws IOException {
    node = FakeNode.start(folder,
        HttpSettings.defaults().withEndpoint("127.0.0.1", 0).withNames(Set.of("Cluster.Example")),
        new JobKinds(List.of()), 1);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String ask(String head) throws IOException {
    return RawHttp.ask(node.server().address().getPort(), head + "Connection: close\r\n\r\n");
  }

  private static String host() {
    return "Host: 127.0.0.1:" + node.server().address().getPort() + "\r\n";
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 200", "localhost, 200", "LocalHost:9000, 200", "[::1]:8420, 200", "cluster.example, 200",
      "evil.example, 403", "localhost.evil.example, 403", "127.0.0.1.evil.example, 403", "cluster.example.evil, 403",
      "xn--n1aae7f7o.com, 403"})
  void shouldAnswerOnlyUnderItsOwnNames(String host, int status) throws IOException {
    assertEquals(status, RawHttp.status(ask("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\n")));
  }

  @Test
  void shouldRefuseAnotherNameInTheTarget() throws IOException {
    int status = RawHttp.status(ask("GET http://evil.example/api/v1/status HTTP/1.1\r\n" + host()));
    assertTrue(status == 403 || status == 400, "status " + status);
    assertEquals(400, RawHttp.status(ask("GET /api/v1/status HTTP/1.1\r\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "https://evil.example:443", "file://"})
  void shouldRefuseAnotherOriginEvenWithTheToken(String origin) throws IOException {
    String answer = ask(CANCEL + host() + "Origin: " + origin + "\r\nAuthorization: Bearer " + node.token() + "\r\n");
    assertEquals(403, RawHttp.status(answer), answer);
    assertFalse(answer.contains("Access-Control-Allow"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Bearer \r\n", "Authorization: Bearer wrong\r\n",
      "Authorization: Basic %s\r\n",
      "Authorization: %s\r\n", "Cookie: token=%s\r\n", "X-Token: %s\r\n", "Authorization: Bearer %s%s\r\n",
      "Authorization: Bearer %s\r\nAuthorization: Bearer wrong\r\n"})
  void shouldChangeNothingWithoutTheToken(String header) throws IOException {
    String answer = ask(CANCEL + host() + header.replace("%s", node.token()));
    assertTrue(RawHttp.status(answer) == 401 || RawHttp.status(answer) == 400, answer);
    assertFalse(answer.contains(node.token()), "the token is told");
    for (String change : List.of("POST /api/v1/jobs", "PUT /api/v1/blobs/" + "a".repeat(64),
        "DELETE /api/v1/jobs/" + Scene.JOB, "POST /api/v1/session-keys"))
      assertEquals(401, RawHttp.status(ask(change + " HTTP/1.1\r\nContent-Length: 0\r\n" + host())), change);
  }

  @Test
  void shouldAcceptTheToken() throws IOException {
    String answer = ask(
        "DELETE /api/v1/jobs/nope HTTP/1.1\r\n" + host() + "Authorization: bearer " + node.token() + "\r\n");
    assertEquals(404, RawHttp.status(answer), answer);
  }

  @Test
  void shouldOpenASessionOnceByAKey() throws IOException {
    String link = node.server().pageLink();
    String key = link.substring(link.indexOf("key=") + 4);
    String opened = post("{\"key\": \"" + key + "\"}", "");
    assertEquals(200, RawHttp.status(opened), opened);
    Matcher cookie = Pattern.compile("Set-Cookie: ([^;]+); Path=/api/; HttpOnly; SameSite=Strict; Max-Age=\\d+")
        .matcher(opened);
    assertTrue(cookie.find(), opened);
    assertFalse(cookie.group(1).contains(node.token()), "the cookie holds the token");
    assertEquals(401, RawHttp.status(post("{\"key\": \"" + key + "\"}", "")), "a key opens one session");
    Matcher seal = Pattern.compile("\"seal\":\"([^\"]+)\"").matcher(opened);
    assertTrue(seal.find(), opened);
    String session = host() + "Cookie: " + cookie.group(1) + "\r\n";
    assertEquals(401, RawHttp.status(ask("DELETE /api/v1/jobs/nope HTTP/1.1\r\n" + session)),
        "a cookie goes to every port of a host, and is not enough");
    assertEquals(401, RawHttp.status(ask("DELETE /api/v1/jobs/nope HTTP/1.1\r\n" + session + "halocline-seal: x\r\n")));
    String sealed = session + "halocline-seal: " + seal.group(1) + "\r\n";
    String cancel = "DELETE /api/v1/jobs/nope HTTP/1.1\r\n" + sealed;
    assertEquals(404, RawHttp.status(ask(cancel)));
    for (String change : List.of("POST /api/v1/jobs", "PUT /api/v1/blobs/" + "a".repeat(64),
        "POST /api/v1/session-keys"))
      assertEquals(401, RawHttp.status(ask(change + " HTTP/1.1\r\nContent-Length: 0\r\n" + sealed)), change);
    assertEquals(403, RawHttp.status(ask(cancel + "Origin: http://evil.example\r\n")));
    assertEquals(204,
        RawHttp.status(ask("DELETE /api/v1/session HTTP/1.1\r\n" + host() + "Cookie: " + cookie.group(1) + "\r\n")));
    assertEquals(401, RawHttp.status(ask(cancel)), "a closed session is closed");
    assertEquals(200, RawHttp.status(post("{\"token\": \"" + node.token() + "\"}", "")));
    assertEquals(401, RawHttp.status(post("{\"token\": \"\"}", "")));
    assertEquals(401, RawHttp.status(post("{}", "")));
  }

  @ParameterizedTest
  @CsvSource({"cross-site, /api/v1/status, 403", "same-site, /api/v1/events, 403", "same-origin, /api/v1/status, 200",
      "none, /api/v1/status, 200", "cross-site, /, 200"})
  void shouldAnswerOtherPagesNothing(String site, String path, int status) throws IOException {
    assertEquals(status, RawHttp.status(ask("GET " + path + " HTTP/1.1\r\n" + host() + "Sec-Fetch-Site: " + site
        + "\r\n")));
  }

  @Test
  void shouldProveThatItKnowsTheTokenForItsOwnPort() throws IOException {
    String nonce = "0123456789abcdef".repeat(4);
    int port = node.server().address().getPort();
    String answer = ask("GET /api/v1/proof/" + nonce + " HTTP/1.1\r\n" + host());
    assertTrue(answer.contains(AccessToken.of(node.token()).proof(port, nonce)), answer);
    assertFalse(answer.contains(AccessToken.of("another").proof(port, nonce)), answer);
    assertEquals(400, RawHttp.status(ask("GET /api/v1/proof/short HTTP/1.1\r\n" + host())));
  }

  private static String post(String body, String headers) throws IOException {
    return RawHttp.ask(node.server().address().getPort(), "POST /api/v1/session HTTP/1.1\r\n" + host() + headers
        + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
        + body);
  }

  @Test
  void shouldNotListenBeyondThisMachineWithoutAToken() {
    ActorSystem<Void> system = ActorSystem.create(org.apache.pekko.actor.typed.javadsl.Behaviors.empty(), "bare",
        com.typesafe.config.ConfigFactory.parseString("pekko.actor.provider = local")
            .withFallback(com.typesafe.config.ConfigFactory.defaultReference()).resolve());
    try {
      NodeException refused = assertThrows(NodeException.class,
          () -> HttpServer.start(system, HttpSettings.defaults().withEndpoint("0.0.0.0", 0), Optional.empty(),
              List.of(),
              Clock.systemUTC()));
      assertEquals("http-host", refused.problem().key());
    } finally {
      system.terminate();
    }
  }

  @Test
  void shouldListenElsewhereWhereTheUsualPortIsTaken(@TempDir Path state) throws IOException {
    int taken = node.server().address().getPort();
    HttpSettings open = HttpSettings.defaults().preferring(taken);
    try (FakeNode other = FakeNode.start(state, open, new JobKinds(List.of()), 1)) {
      assertTrue(other.server().address().getPort() != taken);
    }
    NodeException refused = assertThrows(NodeException.class,
        () -> FakeNode.start(state, HttpSettings.defaults().withEndpoint("127.0.0.1", taken), new JobKinds(List.of()),
            1));
    assertTrue(refused.isBadInput() && refused.problem().value().endsWith(":" + taken), refused.getMessage());
  }

  @Test
  void shouldReadNothingFromBeyondWithoutTheToken(@TempDir Path state) throws Exception {
    try (FakeNode open = FakeNode.start(state, HttpSettings.defaults().withEndpoint("0.0.0.0", 0),
        new JobKinds(List.of()), 1)) {
      int port = open.server().address().getPort();
      String head = "GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
      assertEquals(401, RawHttp.status(RawHttp.ask(port, head + "\r\n")));
      assertEquals(200, RawHttp.status(RawHttp.ask(port, head + "Authorization: Bearer " + open.token() + "\r\n\r\n")));
      assertEquals(200,
          RawHttp.status(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")));
    }
  }
}
