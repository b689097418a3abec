package org.halocline.cosmology.cuda.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread of a device: order, wake-ups, watches, end. */
@Timeout(300)
class CommandThreadTest {
  private static final int ROUNDS = 20_000;

  private final CommandThread thread = new CommandThread("cuda-test");

  @Test
  void shouldRunCommandsOfEachThreadInOrder() throws InterruptedException {
    thread.start();
    List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>());
    List<Thread> callers = seen.stream().map(own -> Thread.ofVirtual().start(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        int number = i;
        thread.enqueue(() -> own.add(number));
      }
    })).toList();
    for (Thread caller : callers)
      caller.join();
    thread.close();
    for (List<Integer> own : seen) {
      assertEquals(ROUNDS, own.size());
      for (int i = 0; i < ROUNDS; i++)
        assertEquals(i, own.get(i));
    }
  }

  /** Each round waits for an answer, so the thread often falls asleep just when the next command comes. */
  @Test
  void shouldNeverMissACommand() {
    thread.start();
    for (int i = 0; i < ROUNDS; i++) {
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      int number = i;
      for (int delay = 0; delay < i % 700; delay++)
        Thread.onSpinWait();
      thread.enqueue(() -> answer.complete(number));
      assertEquals(i, answer.join());
    }
    thread.close();
  }

  @Test
  void shouldAskWatchesUntilTheySayYesAndCommandsMeanwhile() {
    thread.start();
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Boolean> yes = new CompletableFuture<>();
    AtomicInteger allowed = new AtomicInteger();
    thread
        .enqueue(() -> thread.watch(() -> asked.incrementAndGet() > 2000 && allowed.get() == 1 && yes.complete(true)));
    thread.enqueue(() -> allowed.set(1));
    assertTrue(yes.join());
    thread.close();
    assertTrue(asked.get() > 2000);
  }

  @Test
  void shouldRunCommandsThatComeAfterTheEnd() {
    thread.start();
    thread.close();
    AtomicInteger ran = new AtomicInteger();
    thread.enqueue(ran::incrementAndGet);
    assertEquals(1, ran.get());
  }
}
