package org.halocline.runtime.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of a cluster, batch by batch, none twice and none left out, also while the coordinator moves. Nothing is
 * fetched before it is asked for. Thread-safe; closing it ends what it asked.
 */
public final class Following implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Following.class);
  /** A question may get lost with a coordinator; it is asked again after this. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private final ActorRef<ClusterRequest> coordinator;
  private final Optional<String> jobId;
  private long from;
  private boolean closed;
  private CompletableFuture<EventBatch> asked = new CompletableFuture<>();

  Following(ActorSystem<?> system, ActorRef<ClusterRequest> coordinator, Optional<String> jobId, long from) {
    this.system = system;
    this.coordinator = coordinator;
    this.jobId = jobId;
    this.from = from;
  }

  /**
   * The next events; never an empty batch. Fails when this is closed first. Ask for one batch at a time: an earlier
   * question that is still open fails.
   */
  public CompletionStage<EventBatch> next() {
    CompletableFuture<EventBatch> answer = new CompletableFuture<>();
    fail(replaced(answer));
    ask(answer);
    return answer;
  }

  private synchronized CompletableFuture<EventBatch> replaced(CompletableFuture<EventBatch> answer) {
    CompletableFuture<EventBatch> earlier = asked;
    asked = answer;
    return earlier;
  }

  private static void fail(CompletableFuture<EventBatch> answer) {
    answer.completeExceptionally(new IllegalStateException("the following was closed"));
  }

  /** Until an answer comes: each try has an address of its own, so no answer comes twice. */
  private synchronized void ask(CompletableFuture<EventBatch> answer) {
    if (closed || system.getWhenTerminated().toCompletableFuture().isDone())
      fail(answer);
    if (answer.isDone())
      return;
    AtomicReference<ActorRef<EventBatch>> asker = new AtomicReference<>();
    AskPattern.<ClusterRequest, EventBatch>ask(coordinator, replyTo -> {
      asker.set(replyTo);
      return new ClusterRequest.Follow(jobId, from, replyTo);
    }, ASK_AGAIN.multipliedBy(2), system.scheduler()).toCompletableFuture().copy()
        .orTimeout(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS).applyToEither(answer, batch -> batch)
        .whenComplete((batch, silent) -> {
          if (silent == null)
            came(answer, batch);
          else {
            coordinator.tell(new ClusterRequest.Unfollow(asker.get()));
            ask(answer);
          }
        });
  }

  private void came(CompletableFuture<EventBatch> answer, EventBatch batch) {
    synchronized (this) {
      if (asked != answer)
        return;
      asked = new CompletableFuture<>();
      from = batch.next();
    }
    answer.complete(batch);
  }

  /** Hands every event on, one after another, until this is closed. */
  void tellAll(Consumer<JobEventRecord> listener) {
    next().whenComplete((batch, failed) -> {
      if (failed != null)
        return;
      for (JobEventRecord event : batch.events())
        try {
          listener.accept(event);
        } catch (RuntimeException e) {
          LOG.error("a listener failed at {}", event, e);
        }
      tellAll(listener);
    });
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    fail(replaced(new CompletableFuture<>()));
  }
}
