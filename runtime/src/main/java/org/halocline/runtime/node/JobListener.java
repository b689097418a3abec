package org.halocline.runtime.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.job.JobEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a job's events to code that is no actor; stops with the last. */
final class JobListener {
  private static final Logger LOG = LoggerFactory.getLogger(JobListener.class);

  private JobListener() {}

  static Behavior<JobEvent> create(Consumer<JobEvent> listener, CompletableFuture<JobEvent> outcome) {
    return Behaviors.receive(JobEvent.class).onAnyMessage(event -> {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.error("the listener of a job failed at {}", event, e);
      }
      if (!event.isLast())
        return Behaviors.same();
      outcome.complete(event);
      return Behaviors.stopped();
    }).onSignal(PostStop.class, _ -> {
      outcome.complete(new JobEvent.Failed(false, "the node stopped before the job ended; run it again with --resume"));
      return Behaviors.same();
    }).build();
  }
}
