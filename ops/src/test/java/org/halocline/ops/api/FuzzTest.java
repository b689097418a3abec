package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.job.JobKinds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand malformed requests: the node answers or closes, keeps nothing open, and changes nothing. */
@Timeout(600)
class FuzzTest {
  private static final long SEED = 4711;
  private static final int REQUESTS = 10_000;
  private static final int CALLERS = 8;
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS",
      "TRACE",
      "get", "BREW");
  private static final List<String> PATHS = List.of("/", "/index.html", "/api/v1/status", "/api/v1/nodes",
      "/api/v1/jobs",
      "/api/v1/jobs/" + Scene.JOB, "/api/v1/jobs/" + Scene.JOB + "/files",
      "/api/v1/jobs/" + Scene.JOB + "/files/table.txt",
      "/api/v1/jobs/" + Scene.JOB + "/events", "/api/v1/jobs/" + Scene.JOB + "/draws", "/api/v1/events", "/api/v1/logs",
      "/api/v1/session", "/api/v1/session-keys", "/api/v1/blobs/" + "0".repeat(64), "/api/v1/jobs/x/cancel");
  private static final List<String> PARTS = List.of("..", "%2e%2e", "%2f", "%00", "//", "%ff", "%", "a".repeat(300),
      "{id}",
      "\u0001", "é", ";x", "%c0%ae", "\\", "%5c", "token");
  private static final List<String> QUERIES = List.of("?most=-1", "?from=99999999999999999999", "?lines=1e9", "?a&a",
      "?=",
      "?%zz", "?points=1", "?status=1&from=0", "?job=../..", "?from=NaN");
  private static final List<String> HEADERS = List.of("Origin: http://evil.example", "Accept: text/event-stream",
      "Last-Event-ID: x", "Last-Event-ID: 5", "Authorization: Bearer x", "Cookie: halocline-session-1=a; =; ;;",
      "Content-Type: text/html", "Transfer-Encoding: chunked", "Content-Length: 5", "Content-Length: -1",
      "Content-Length: 999999999999", "Expect: 100-continue", "X: " + "y".repeat(3000), "Bad Header: 1", ": empty",
      "Host: again", "Upgrade: websocket", "Range: bytes=0-", "Accept-Encoding: gzip");
  private static final List<String> BODIES = List.of("", "{}", "[]", "{\"text\": 1}", "{\"key\": \"\"}", "null", "{",
      "5\r\nhello\r\n0\r\n\r\n",
      "zz\r\n", "\u0000\u0001", "[".repeat(2000), "{\"inputs\": {\"a\": \"../../token\"}, \"text\": \"kind = x\"}");

  @TempDir
  Path folder;

  @Test
  void shouldSurviveTenThousandStrangeRequests() throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    try (FakeNode node = FakeNode.start(folder, HttpSettings.defaults().withEndpoint("127.0.0.1", 0),
        new JobKinds(List.of()), SEED, FakeNode.HASTE)) {
      Files.writeString(node.run().resolve("table.txt"), "a table\n");
      node.happen(new org.halocline.runtime.job.JobEvent.Waiting("a lane is lacking"));
      int port = node.server().address().getPort();
      Map<String, Integer> statuses = new TreeMap<>();
      for (int i = 0; i < 200; i++)
        statuses.merge(once(port, request(random, port), node.token()), 1, Integer::sum);
      long threads = Thread.getAllStackTraces().size();
      long files = openFiles();
      try (var threadPool = java.util.concurrent.Executors.newFixedThreadPool(CALLERS)) {
        List<java.util.concurrent.Future<Map<String, Integer>>> callers = new java.util.ArrayList<>();
        for (int caller = 1; caller <= CALLERS; caller++) {
          Random own = new Random(SEED + caller);
          callers.add(threadPool.submit(() -> {
            Map<String, Integer> seen = new TreeMap<>();
            for (int i = 0; i < (REQUESTS - 200) / CALLERS; i++)
              seen.merge(once(port, request(own, port), node.token()), 1, Integer::sum);
            return seen;
          }));
        }
        for (java.util.concurrent.Future<Map<String, Integer>> caller : callers)
          caller.get().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
      }
      System.out.println(statuses);
      assertFalse(statuses.containsKey("500"), statuses::toString);
      assertTrue(statuses.getOrDefault("200", 0) > 100, "some requests are good: " + statuses);
      assertTrue(statuses.getOrDefault("400", 0) > 100, statuses::toString);
      Waiting.until("connections and files are closed", () -> openFiles() <= files + 40);
      Waiting.until("threads that idle have ended", () -> Thread.getAllStackTraces().size() <= threads + 20);
      String status = RawHttp.ask(port, "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertEquals(200, RawHttp.status(status));
      assertTrue(status.contains("\"more-jobs\":3"), "nothing has changed");
      try (var blobs = Files.list(folder.resolve("blobs"))) {
        assertEquals(List.of(), blobs.toList());
      }
    }
  }

  private static byte[] request(Random random, int port) {
    StringBuilder path = new StringBuilder(pick(random, PATHS));
    while (random.nextInt(3) == 0)
      path.insert(random.nextInt(path.length() + 1), "/" + pick(random, PARTS));
    if (random.nextInt(4) == 0)
      path.append(pick(random, QUERIES));
    StringBuilder head = new StringBuilder(random.nextInt(3) > 0 ? "GET" : pick(random, METHODS)).append(' ')
        .append(path)
        .append(random.nextInt(20) == 0 ? " HTTP/9.9\r\n" : " HTTP/1.1\r\n");
    if (random.nextInt(20) > 0)
      head.append("Host: ").append(random.nextInt(12) == 0 ? "evil.example" : "127.0.0.1:" + port).append("\r\n");
    while (random.nextInt(3) == 0)
      head.append(pick(random, HEADERS)).append("\r\n");
    String body = random.nextInt(3) == 0 ? pick(random, BODIES) : "";
    if (!body.isEmpty() && random.nextInt(3) > 0)
      head.append("Content-Length: ").append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
    byte[] bytes = head.append("Connection: close\r\n\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8);
    for (int flips = random.nextInt(12) == 0 ? 1 + random.nextInt(6) : 0; flips > 0; flips--)
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    return random.nextInt(25) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static String pick(Random random, List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The status of the answer, or that there was none; the start of a stream is enough. */
  private static String once(int port, byte[] bytes, String token) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(120_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      socket.shutdownOutput();
      byte[] answer = socket.getInputStream().readNBytes(12);
      if (answer.length < 12)
        return "closed";
      byte[] rest = new byte[4096];
      int read = Math.max(0, socket.getInputStream().read(rest));
      assertFalse(new String(rest, 0, read, StandardCharsets.ISO_8859_1).contains(token), "the token is told");
      return new String(answer, 9, 3, StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer to " + new String(bytes, StandardCharsets.ISO_8859_1), e);
    } catch (IOException reset) {
      return "reset";
    }
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
