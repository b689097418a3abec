package org.halocline.runtime.log;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.MDC;

/**
 * Which job a thread works for, so that what it logs goes to that job's {@link RunLog} and to no other's. Threads do
 * not hand it on by themselves: actors of a job are marked where they are spawned, and their threads by
 * {@link #carried}.
 */
public final class JobMdc {
  /** Virtual threads for tasks that block. Each task works for the job of the thread that hands it over. */
  public static final Executor BLOCKING = carried(task -> Thread.ofVirtual().name("blocking").start(task));
  private static final String KEY = "job";

  private JobMdc() {}

  /** The job that the present thread works for, if it works for one. */
  static Optional<String> present() {
    return Optional.ofNullable(MDC.get(KEY));
  }

  public static void run(String jobId, Runnable task) {
    try (MDC.MDCCloseable _ = MDC.putCloseable(KEY, jobId)) {
      task.run();
    }
  }

  public static <T> Behavior<T> of(String jobId, Behavior<T> behavior) {
    return Behaviors.intercept(() -> new Marked<T>(jobId), behavior);
  }

  /** An actor of the job that the present thread works for, if it works for one. */
  public static <T> Behavior<T> carried(Behavior<T> behavior) {
    return present().map(jobId -> of(jobId, behavior)).orElse(behavior);
  }

  /** Threads that work for the job of the thread that hands them a task. */
  public static Executor carried(Executor threads) {
    return task -> threads.execute(carried(task));
  }

  /** A task for the job that the present thread works for, if it works for one. */
  public static Runnable carried(Runnable task) {
    return present().<Runnable>map(jobId -> () -> run(jobId, task)).orElse(task);
  }

  private static final class Marked<T> extends BehaviorInterceptor<T, T> {
    private final String jobId;

    @SuppressWarnings("unchecked")
    Marked(String jobId) {
      super((Class<T>) Object.class); // every kind of message passes
      this.jobId = jobId;
    }

    @Override
    public Behavior<T> aroundStart(TypedActorContext<T> context, PreStartTarget<T> target) {
      try (MDC.MDCCloseable _ = MDC.putCloseable(KEY, jobId)) {
        return target.start(context);
      }
    }

    @Override
    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
      try (MDC.MDCCloseable _ = MDC.putCloseable(KEY, jobId)) {
        return target.apply(context, message);
      }
    }

    @Override
    public Behavior<T> aroundSignal(TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
      try (MDC.MDCCloseable _ = MDC.putCloseable(KEY, jobId)) {
        return target.apply(context, signal);
      }
    }
  }
}
