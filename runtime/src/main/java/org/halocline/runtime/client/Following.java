package org.halocline.runtime.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.runtime.LocalMessage;
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

  sealed interface Command extends LocalMessage {}

  private record Next(CompletableFuture<EventBatch> answer) implements Command {}

  private record Came(EventBatch batch) implements Command {}

  private record Silent() implements Command {}

  private record Stop() implements Command {}

  private final ActorRef<Command> actor;

  Following(ActorRef<Command> actor) {
    this.actor = actor;
  }

  static Behavior<Command> actor(Optional<String> jobId, long from, ActorRef<ClusterRequest> coordinator) {
    return Behaviors
        .setup(context -> Behaviors.withTimers(timers -> new Follower(context, timers, jobId, from, coordinator)));
  }

  /**
   * The next events; never an empty batch. Fails when this is closed first. Ask for one batch at a time: an earlier
   * question that is still open fails.
   */
  public CompletionStage<EventBatch> next() {
    CompletableFuture<EventBatch> answer = new CompletableFuture<>();
    actor.tell(new Next(answer));
    return answer;
  }

  /** Hands every event on, one after another, until this is closed. */
  void tellAll(Consumer<JobEventRecord> listener) {
    next().whenComplete((batch, closed) -> {
      if (closed != null)
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
    actor.tell(new Stop());
  }

  private static final class Follower extends AbstractBehavior<Command> {
    /** A question may get lost with a coordinator; it is asked again after this. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

    private final TimerScheduler<Command> timers;
    private final Optional<String> jobId;
    private final ActorRef<ClusterRequest> coordinator;
    private final ActorRef<EventBatch> batches;
    private Optional<CompletableFuture<EventBatch>> asked = Optional.empty();
    private long from;

    Follower(ActorContext<Command> context, TimerScheduler<Command> timers, Optional<String> jobId, long from,
        ActorRef<ClusterRequest> coordinator) {
      super(context);
      this.timers = timers;
      this.jobId = jobId;
      this.from = from;
      this.coordinator = coordinator;
      this.batches = context.messageAdapter(EventBatch.class, Came::new);
    }

    @Override
    public Receive<Command> createReceive() {
      return newReceiveBuilder().onAnyMessage(this::onCommand).onSignal(PostStop.class, _ -> {
        coordinator.tell(new ClusterRequest.Unfollow(batches));
        fail();
        return this;
      }).build();
    }

    private Behavior<Command> onCommand(Command command) {
      switch (command) {
        case Next(CompletableFuture<EventBatch> answer) -> {
          fail();
          asked = Optional.of(answer);
          ask();
        }
        case Silent _ -> ask();
        case Came(EventBatch batch) -> came(batch);
        case Stop _ -> {
          return Behaviors.stopped();
        }
      }
      return this;
    }

    private void ask() {
      coordinator.tell(new ClusterRequest.Follow(jobId, from, batches));
      timers.startSingleTimer(Silent.class, new Silent(), ASK_AGAIN);
    }

    /** An answer to a question that was asked twice may come twice. */
    private void came(EventBatch batch) {
      if (asked.isEmpty())
        return;
      EventBatch fresh = new EventBatch(
          batch.events().stream().filter(event -> event.number() >= from).toList(), batch.next());
      boolean further = batch.next() > from;
      from = Math.max(from, batch.next());
      if (fresh.events().isEmpty()) {
        if (further)
          ask();
        return;
      }
      timers.cancel(Silent.class);
      CompletableFuture<EventBatch> answer = asked.get();
      asked = Optional.empty();
      answer.complete(fresh);
    }

    private void fail() {
      asked.ifPresent(answer -> answer.completeExceptionally(new IllegalStateException("the following was closed")));
      asked = Optional.empty();
    }
  }
}
