package org.halocline.ops.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.cluster.ClusterStatus;

/**
 * The cluster's status as this node heard it last. A coordinator that moves, or whose machine does too much, is silent
 * for some seconds: what was known before is told meanwhile, with its age, to a client that wants that. What comes late
 * is kept for the next one. Thread-safe.
 */
final class LastStatus {
  /** A status, and how long ago the coordinator told it; 0 for one that it told now. */
  record Heard(ClusterStatus status, long ageMillis) {}

  private record Known(ClusterStatus status, long atNs) {}

  private final ClusterClient cluster;
  private final LongSupplier clockNs;
  private Optional<Known> known = Optional.empty();

  LastStatus(ClusterClient cluster, LongSupplier clockNs) {
    this.cluster = cluster;
    this.clockNs = clockNs;
  }

  /**
   * Asks, and waits for as long as it may.
   *
   * @param old whether one that was told before will do where the coordinator is silent
   * @throws Refusal when it is silent and no older status will do or is known
   */
  Heard newest(boolean old) throws Refusal, InterruptedException {
    Duration wait = cluster.questions();
    try {
      return new Heard(asked().get(wait.toNanos(), TimeUnit.NANOSECONDS), 0);
    } catch (ExecutionException | TimeoutException _) {
      Optional<Known> before = old ? known() : Optional.empty();
      return before.map(last -> new Heard(last.status, Math.max(1, (clockNs.getAsLong() - last.atNs) / 1_000_000)))
          .orElseThrow(() -> NodeApi.silent(wait));
    }
  }

  private CompletableFuture<ClusterStatus> asked() {
    return cluster.describeInTheEnd().thenApply(status -> {
      remember(new Known(status, clockNs.getAsLong()));
      return status;
    }).toCompletableFuture();
  }

  private synchronized Optional<Known> known() {
    return known;
  }

  /** Of two the one that was told later. */
  private synchronized void remember(Known told) {
    if (known.isEmpty() || known.get().status.incarnation() < told.status.incarnation()
        || known.get().status.incarnation() == told.status.incarnation()
            && known.get().status.atEpochMillis() <= told.status.atEpochMillis())
      known = Optional.of(told);
  }
}
