package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.ops.http.AccessToken;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.HttpServer;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.rank.NodeStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that sees no files passes uploads on to one that does, which the test plays. */
@Timeout(120)
class ProxyTest {
  private static final String TOKEN = "b".repeat(64);
  private static final Duration SILENCE = Duration.ofSeconds(4);
  private static final int CHUNK = 1 << 16;

  private final CountDownLatch stuck = new CountDownLatch(1);
  private final AtomicLong taken = new AtomicLong();
  private ActorSystem<ClusterRequest> system;
  private com.sun.net.httpserver.HttpServer seeing;
  private HttpServer blind;

  @BeforeEach
  void start() throws IOException {
    seeing = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    seeing.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    seeing.createContext("/whole", exchange -> {
      try (InputStream body = exchange.getRequestBody()) {
        taken.set(body.transferTo(java.io.OutputStream.nullOutputStream()));
      }
      exchange.sendResponseHeaders(201, -1);
      exchange.close();
    });
    seeing.createContext("/stuck", exchange -> {
      try {
        stuck.await(100, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        exchange.close();
      }
    });
    seeing.start();
    system = ActorSystem.create(coordinator(), "relay", ConfigFactory.parseString("pekko.actor.provider = local")
        .withFallback(ConfigFactory.parseResources("halocline-node.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve());
    ClusterClient line = new ClusterClient(system, system, TOKEN).withTimeouts(Duration.ofSeconds(20),
        Duration.ofSeconds(20));
    Proxy proxy = new Proxy(system, line, "blind", TOKEN, SILENCE, SILENCE);
    blind = HttpServer.start(system, HttpSettings.defaults().withEndpoint("127.0.0.1", 0),
        Optional.of(AccessToken.of(TOKEN)), List.of("/whole", "/stuck").stream()
            .map(path -> proxy.endpoint("PUT", path, Endpoint.Access.CHANGE, "", call -> {
              throw new Refusal(Refusal.FAILED, Problem.of("node", "sees no files", ""));
            })).toList(),
        Clock.systemUTC());
  }

  private org.apache.pekko.actor.typed.Behavior<ClusterRequest> coordinator() {
    return Behaviors.receive(ClusterRequest.class).onMessage(ClusterRequest.Describe.class, asked -> {
      asked.replyTo().tell(new ClusterStatus("tea", "seeing", 1,
          List.of(node("blind", "", NodeStatus.BLIND),
              node("seeing", "http://127.0.0.1:" + seeing.getAddress().getPort(), "")),
          List.of(), 0, 0, 0, List.of(), 0, 0));
      return Behaviors.same();
    }).build();
  }

  private static NodeStatus node(String name, String address, String why) {
    return new NodeStatus(name, NodeStatus.State.UP, "test", 0, List.of(), "", address, 0, List.of(), why, 0);
  }

  @AfterEach
  void stop() throws Exception {
    stuck.countDown();
    blind.close();
    seeing.stop(0);
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private HttpResponse<String> put(String path, InputStream body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(blind.url() + path)).header("Authorization", "Bearer " + TOKEN)
              .PUT(BodyPublishers.ofInputStream(() -> body)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Comes in chunks, with a pause after each. */
  private static InputStream slowly(int chunks, Duration pause) {
    return new InputStream() {
      private int left = chunks;

      @Override
      public int read() {
        throw new UnsupportedOperationException("it is read in chunks");
      }

      @Override
      public int read(byte[] into, int at, int most) throws IOException {
        if (left == 0)
          return -1;
        left--;
        try {
          Thread.sleep(pause);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return Math.min(most, CHUNK);
      }
    };
  }

  /** It takes three times as long as nothing may move. */
  @Test
  void shouldPassOnALargeUploadHoweverLongItTakes() throws Exception {
    long began = System.nanoTime();
    HttpResponse<String> answer = put("/whole", slowly(48, SILENCE.dividedBy(16)));
    assertTrue(System.nanoTime() - began > 2 * SILENCE.toNanos(), "it was slow");
    assertEquals(201, answer.statusCode(), answer::body);
    assertTrue(taken.get() > 0 && taken.get() % 1024 == 0, taken + " bytes");
  }

  @Test
  void shouldGiveUpWhereNothingMoves() throws Exception {
    long began = System.nanoTime();
    HttpResponse<String> answer = put("/stuck", slowly(1000, Duration.ZERO));
    assertEquals(Refusal.UNAVAILABLE, answer.statusCode(), answer::body);
    assertTrue(System.nanoTime() - began >= SILENCE.toNanos(), "not before it has been silent for long");
  }
}
