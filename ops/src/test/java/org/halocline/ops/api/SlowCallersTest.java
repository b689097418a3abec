package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.net.ConnectionLimits;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers that send half a request, or read nothing of the answer, do not stand in the way of others. */
@Timeout(300)
class SlowCallersTest {
  private static final String GET = "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n";
  private static final String LAST = "Connection: close\r\n\r\n";
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final Duration SHORT = Duration.ofSeconds(4);

  @TempDir
  Path folder;
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets)
      socket.close();
  }

  private FakeNode node(ConnectionLimits limits) throws IOException {
    return FakeNode.start(folder, HttpSettings.defaults().withEndpoint("127.0.0.1", 0).withLimits(limits),
        new JobKinds(List.of()), 3);
  }

  private Socket sends(FakeNode node, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.server().address().getPort());
    sockets.add(socket);
    socket.setSoTimeout((int) LONG.toMillis());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  /** The status of the answer; 0 where the connection was cut. */
  private int asked(FakeNode node) throws IOException {
    String answer = rest(sends(node, GET + LAST));
    return answer.startsWith("HTTP/1.1 ") ? RawHttp.status(answer) : 0;
  }

  /** By a word, or without one where the node had not looked yet, or the caller was still sending. */
  private static void assertCut(String end) {
    assertTrue(end.startsWith("HTTP/1.1 408 ") || end.equals("reset") || end.isEmpty(), end);
  }

  /** All until the node closes, or resets what it cuts. */
  private static String rest(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read())
        text.append((char) next);
    } catch (java.net.SocketTimeoutException e) {
      throw e;
    } catch (IOException reset) {
      text.append("reset");
    }
    return text.toString();
  }

  @Test
  void shouldAnswerAtOnceBesideHundredsOfHalfSentRequests() throws Exception {
    ConnectionLimits usual = ConnectionLimits.usual();
    try (FakeNode node = node(new ConnectionLimits(usual.all(), usual.ofPeer(), LONG, LONG, LONG))) {
      Socket stream = sends(node,
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
      BufferedReader lines = new BufferedReader(
          new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8));
      assertTrue(lines.readLine().contains("200"));
      for (int i = 0; i < usual.ofPeer() + 60; i++)
        sends(node, i % 3 == 0 ? "" : i % 3 == 1 ? GET + "X-Half" : GET + "\r\n");
      for (int i = 0; i < 5; i++)
        assertEquals(200, asked(node));
      node.happen(new JobEvent.Waiting("a lane is lacking"));
      String line = lines.readLine();
      while (!line.contains("a lane is lacking"))
        line = lines.readLine();
    }
  }

  @Test
  void shouldCloseWhatOwesARequest() throws Exception {
    try (FakeNode node = node(new ConnectionLimits(20, 20, SHORT, LONG, LONG))) {
      Socket half = sends(node, GET + "X-Ha");
      Socket silent = sends(node, "");
      Socket rests = sends(node, GET + "\r\n");
      Socket owesItsBody = sends(node, GET + "Content-Length: 1000\r\n\r\nhalf of it");
      Socket trickles = sends(node, GET + "X-Half: ");
      Thread drops = Thread.ofVirtual().start(() -> {
        try {
          while (true) {
            trickles.getOutputStream().write('x');
            Thread.sleep(50);
          }
        } catch (IOException | InterruptedException _) {
          // it was closed
        }
      });
      assertCut(rest(half));
      assertEquals("", rest(silent));
      assertEquals(200, RawHttp.status(rest(rests)));
      assertEquals(200, RawHttp.status(rest(owesItsBody)));
      assertCut(rest(trickles));
      drops.join();
    }
  }

  @Test
  void shouldAnswerBesideBodiesThatTrickle() throws Exception {
    try (FakeNode node = node(new ConnectionLimits(8, 8, LONG, LONG, LONG))) {
      for (int i = 0; i < 8; i++)
        sends(node, "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{");
      Waiting.until("room", () -> asked(node) == 200);
      for (int i = 0; i < 8; i++)
        sends(node, "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
      Waiting.until("room", () -> asked(node) == 200);
    }
  }

  @Test
  void shouldCutWhoReadsNothingForTheSakeOfOthers() throws Exception {
    try (FakeNode node = node(new ConnectionLimits(3, 3, LONG, LONG, LONG))) {
      try (RandomAccessFile large = new RandomAccessFile(node.run().resolve("large.npy").toFile(), "rw")) {
        large.setLength(256L << 20);
      }
      for (int i = 0; i < 3; i++)
        sends(node, "GET /api/v1/jobs/" + Scene.JOB + "/files/large.npy HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Waiting.until("room", () -> asked(node) == 200);
    }
  }

  @Test
  void shouldCutWhoReadsNothingForLong() throws Exception {
    try (FakeNode node = node(new ConnectionLimits(3, 3, LONG, SHORT, LONG))) {
      try (RandomAccessFile large = new RandomAccessFile(node.run().resolve("large.npy").toFile(), "rw")) {
        large.setLength(256L << 20);
      }
      Socket reads = sends(node,
          "GET /api/v1/jobs/" + Scene.JOB + "/files/large.npy HTTP/1.1\r\nHost: localhost\r\n" + LAST);
      Waiting.until("its end", () -> isCut(node, reads));
    }
  }

  /** Once the node has cut it, what was sent before is all there is. */
  private static boolean isCut(FakeNode node, Socket socket) throws IOException {
    String port = String.format("%04X", socket.getLocalPort());
    String server = String.format("%04X", node.server().address().getPort());
    // The server's end: its own port first, and 01 says that it is established.
    return java.nio.file.Files.readAllLines(Path.of("/proc/net/tcp")).stream().map(String::strip)
        .noneMatch(line -> line.matches("\\d+: [0-9A-F]+:" + server + " [0-9A-F]+:" + port + " 01 .*"))
        && java.nio.file.Files.readAllLines(Path.of("/proc/net/tcp6")).stream().map(String::strip)
            .noneMatch(line -> line.matches("\\d+: [0-9A-F]+:" + server + " [0-9A-F]+:" + port + " 01 .*"));
  }
}
