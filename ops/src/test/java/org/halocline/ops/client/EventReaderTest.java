package org.halocline.ops.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.halocline.ops.api.FakeNode;
import org.halocline.ops.api.Waiting;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EventReaderTest {
  @TempDir
  Path folder;

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void shouldSayThatNoNodeAnswersAndEndAfterAWhile() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    try (ApiClient client = new ApiClient("http://127.0.0.1:" + free(), Optional.empty(), true)) {
      ApiException end = assertThrows(ApiException.class,
          () -> new EventReader(client, "/events", Duration.ofSeconds(3)).read(_ -> false, told::add));
      assertEquals(ExitCode.NO_ANSWER, end.exitCode());
      assertTrue(end.problems().getFirst().bound().startsWith("has not answered for "), end::getMessage);
      assertFalse(told.isEmpty());
      assertTrue(told.getFirst().contains(client.address()) && told.getFirst().contains("until 3 s"), told::toString);
    }
  }

  @Test
  void shouldGoOnWhenANodeAnswersAgain() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    int port = free();
    try (ApiClient client = new ApiClient("http://127.0.0.1:" + port, Optional.empty(), true)) {
      FutureTask<Void> reading = new FutureTask<>(() -> {
        new EventReader(client, "/events", Duration.ofMinutes(4))
            .read(record -> record.path("event").path("why").asText().equals("a lane is lacking"), told::add);
        return null;
      });
      Thread.ofVirtual().start(reading);
      Waiting.until("a word", () -> !told.isEmpty());
      try (FakeNode node = FakeNode.start(folder, HttpSettings.defaults().withEndpoint("127.0.0.1", port),
          new JobKinds(List.of()), 1)) {
        Waiting.until("an answer", () -> told.getLast().startsWith("a node answers again"));
        node.happen(new JobEvent.Waiting("a lane is lacking"));
        reading.get();
      }
    }
  }
}
