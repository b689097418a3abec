package org.halocline.ops.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A request that is passed on, and how it fares: it may take as long as it likes while something of it moves. Its body
 * is read by other threads than the one that waits.
 */
final class Passage {
  private final Duration silence;
  private final Duration digestion;
  private final SharedKillSwitch end = KillSwitches.shared("passage");
  private volatile long movedNs = System.nanoTime();
  private volatile boolean digesting;

  /**
   * @param silence how long nothing may move
   * @param digestion how long the answer may take once all of a body has been passed on: it goes to a disk there
   */
  Passage(Duration silence, Duration digestion) {
    this.silence = silence;
    this.digestion = digestion;
  }

  /** The same body, watched. */
  RequestEntity watched(RequestEntity body) {
    if (body.getContentLengthOption().orElse(1) == 0)
      return body;
    Source<ByteString, Object> bytes = body.getDataBytes().via(end.flow()).map(chunk -> {
      movedNs = System.nanoTime();
      return chunk;
    }).watchTermination((before, done) -> {
      done.whenComplete((_, _) -> {
        movedNs = System.nanoTime();
        digesting = true;
      });
      return before;
    });
    return body.getContentLengthOption().isPresent()
        ? HttpEntities.create(body.getContentType(), body.getContentLengthOption().getAsLong(), bytes)
        : HttpEntities.create(body.getContentType(), bytes);
  }

  /**
   * Waits for the answer.
   *
   * @throws TimeoutException when nothing has moved for too long; no more of the body is read
   */
  <T> T await(CompletableFuture<T> answer) throws ExecutionException, InterruptedException, TimeoutException {
    while (true)
      try {
        return answer.get(Math.max(1, leftNs()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (leftNs() > 0)
          continue;
        end.abort(e);
        throw e;
      }
  }

  private long leftNs() {
    long sinceNs = System.nanoTime() - movedNs;
    return (digesting ? digestion : silence).toNanos() - sinceNs;
  }
}
