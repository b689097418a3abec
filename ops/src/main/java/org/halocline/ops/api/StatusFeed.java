package org.halocline.ops.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/**
 * The cluster's status for streams. It is asked for about once a second, however many streams want it, and not while an
 * answer is still awaited. Thread-safe.
 */
final class StatusFeed {
  private static final long FRESH_NS = Duration.ofMillis(900).toNanos();

  private final Supplier<ByteString> question;
  private final LongSupplier clockNs;
  private Optional<CompletableFuture<ByteString>> latest = Optional.empty();
  private long askedNs;

  /** @param question asks; it may wait */
  StatusFeed(Supplier<ByteString> question, LongSupplier clockNs) {
    this.question = question;
    this.clockNs = clockNs;
  }

  /** The newest, or the one that is awaited. */
  synchronized CompletionStage<ByteString> newest() {
    long now = clockNs.getAsLong();
    boolean good = latest.filter(one -> !one.isDone() || now - askedNs < FRESH_NS).isPresent();
    if (!good) {
      askedNs = now;
      latest = Optional.of(CompletableFuture.supplyAsync(question,
          task -> Thread.ofVirtual().name("http-status").start(task)));
    }
    return latest.orElseThrow();
  }
}
