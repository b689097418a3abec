package org.halocline.runtime.client;

import java.time.Duration;
import java.util.Optional;
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

/** Asks for events, batch by batch, and hands each on once. Asks again when no answer comes: the coordinator may have moved. */
final class EventFollower extends AbstractBehavior<EventFollower.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

  sealed interface Command extends LocalMessage {}

  record Stop() implements Command {}

  private record Told(EventBatch batch) implements Command {}

  private record AskAgain() implements Command {}

  private final ActorRef<ClusterRequest> coordinator;
  private final Optional<String> jobId;
  private final Consumer<JobEventRecord> listener;
  private final ActorRef<EventBatch> batches;
  private long next;

  static Behavior<Command> create(ActorRef<ClusterRequest> coordinator, Optional<String> jobId, long from,
      Consumer<JobEventRecord> listener) {
    return Behaviors.setup(context -> Behaviors
        .withTimers(timers -> new EventFollower(context, timers, coordinator, jobId, from, listener)));
  }

  private EventFollower(ActorContext<Command> context, TimerScheduler<Command> timers,
      ActorRef<ClusterRequest> coordinator, Optional<String> jobId, long from, Consumer<JobEventRecord> listener) {
    super(context);
    this.coordinator = coordinator;
    this.jobId = jobId;
    this.listener = listener;
    this.next = from;
    this.batches = context.messageAdapter(EventBatch.class, Told::new);
    timers.startTimerWithFixedDelay(new AskAgain(), ASK_AGAIN);
    ask();
  }

  private void ask() {
    coordinator.tell(new ClusterRequest.Follow(jobId, next, batches));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).onSignal(PostStop.class, _ -> {
      coordinator.tell(new ClusterRequest.Unfollow(batches));
      return this;
    }).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Told(EventBatch batch) -> {
        for (JobEventRecord event : batch.events())
          if (event.number() >= next)
            hand(event);
        next = Math.max(next, batch.next());
        ask();
      }
      case AskAgain _ -> ask();
      case Stop _ -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void hand(JobEventRecord event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.error("a listener failed at {}", event, e);
    }
  }
}
