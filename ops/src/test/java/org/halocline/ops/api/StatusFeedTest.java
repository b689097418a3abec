package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class StatusFeedTest {
  @Test
  void shouldAskOnceASecondForAllStreamsTogether() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicLong now = new AtomicLong();
    CountDownLatch answers = new CountDownLatch(1);
    StatusFeed feed = new StatusFeed(() -> {
      int number = asked.incrementAndGet();
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ByteString.fromString(Integer.toString(number));
    }, now::get);
    List<CompletionStage<ByteString>> streams = new ArrayList<>();
    for (int stream = 0; stream < 64; stream++)
      streams.add(feed.newest());
    now.addAndGet(5_000_000_000L);
    streams.add(feed.newest());
    answers.countDown();
    for (CompletionStage<ByteString> stream : streams)
      assertEquals("1", stream.toCompletableFuture().get().utf8String());
    assertEquals("2", feed.newest().toCompletableFuture().get().utf8String());
    now.addAndGet(500_000_000L);
    assertEquals("2", feed.newest().toCompletableFuture().get().utf8String());
    now.addAndGet(500_000_000L);
    assertEquals("3", feed.newest().toCompletableFuture().get().utf8String());
  }
}
