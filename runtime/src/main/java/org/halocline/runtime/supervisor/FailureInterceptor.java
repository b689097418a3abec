package org.halocline.runtime.supervisor;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.job.JobCommand;
import org.slf4j.LoggerFactory;

/**
 * Turns what a job's actor throws into an orderly stop and keeps the cause for its supervisor, which tells the user
 * once; Pekko would also print it on the console. The stack trace goes to the log.
 */
final class FailureInterceptor extends BehaviorInterceptor<JobCommand, JobCommand> {
  private final AtomicReference<Throwable> cause = new AtomicReference<>();

  FailureInterceptor() {
    super(JobCommand.class);
  }

  /** Why the actor died; to be asked once it has stopped. */
  Optional<Throwable> cause() {
    return Optional.ofNullable(cause.get());
  }

  @Override
  public Behavior<JobCommand> aroundStart(TypedActorContext<JobCommand> context, PreStartTarget<JobCommand> target) {
    try {
      return target.start(context);
    } catch (Exception e) {
      return died(e);
    }
  }

  @Override
  public Behavior<JobCommand> aroundReceive(TypedActorContext<JobCommand> context, JobCommand message,
      ReceiveTarget<JobCommand> target) {
    try {
      return target.apply(context, message);
    } catch (Exception e) {
      return died(e);
    }
  }

  @Override
  public Behavior<JobCommand> aroundSignal(TypedActorContext<JobCommand> context, Signal signal,
      SignalTarget<JobCommand> target) {
    try {
      return target.apply(context, signal);
    } catch (Exception e) {
      return died(e);
    }
  }

  private Behavior<JobCommand> died(Throwable failure) {
    cause.compareAndSet(null, failure);
    LoggerFactory.getLogger(FailureInterceptor.class).info("the actor of a job died", failure);
    return Behaviors.stopped();
  }
}
