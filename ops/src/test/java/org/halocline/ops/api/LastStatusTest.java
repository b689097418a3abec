package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.ClusterStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coordinator that answers when the test says so. */
@Timeout(60)
class LastStatusTest {
  private final LinkedBlockingQueue<ClusterRequest.Describe> asked = new LinkedBlockingQueue<>();
  private final AtomicLong clockNs = new AtomicLong();
  private final ActorSystem<ClusterRequest> system = ActorSystem
      .create(Behaviors.receive(ClusterRequest.class).onMessage(ClusterRequest.Describe.class, question -> {
        asked.add(question);
        return Behaviors.same();
      }).build(), "last-status",
          ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.defaultReference())
              .resolve());
  private final LastStatus last = new LastStatus(
      new ClusterClient(system, system, "").withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(50)), clockNs::get);

  @AfterEach
  void stop() {
    system.terminate();
  }

  private static ClusterStatus status(int incarnation, long at) {
    return new ClusterStatus("tea", "a", incarnation, List.of(), List.of(), 0, 0, 0, List.of(), 0, at);
  }

  /** The answer is too late for the first caller, and not for the next one. */
  @Test
  void shouldTellWhatCameLateWithItsAge() throws Exception {
    assertThrows(Refusal.class, () -> last.newest(true));
    asked.poll(30, TimeUnit.SECONDS).replyTo().tell(status(1, 7));
    LastStatus.Heard heard = heard();
    assertEquals(7, heard.status().atEpochMillis());
    clockNs.addAndGet(5_000_000_000L);
    heard = last.newest(true);
    assertEquals(5000, heard.ageMillis());
    assertThrows(Refusal.class, () -> last.newest(false));
  }

  /** Of several late answers the newest counts, in any order of arrival. */
  @Test
  void shouldKeepTheNewest() throws Exception {
    assertThrows(Refusal.class, () -> last.newest(true));
    assertThrows(Refusal.class, () -> last.newest(true));
    ClusterRequest.Describe first = asked.poll(30, TimeUnit.SECONDS);
    asked.poll(30, TimeUnit.SECONDS).replyTo().tell(status(2, 5));
    assertEquals(2, heard().status().incarnation());
    first.replyTo().tell(status(2, 4));
    for (int i = 0; i < 3; i++)
      assertEquals(5, last.newest(true).status().atEpochMillis());
  }

  private LastStatus.Heard heard() throws Exception {
    while (true)
      try {
        return last.newest(true);
      } catch (Refusal late) {
        LockSupport.parkNanos(1_000_000);
      }
  }
}
