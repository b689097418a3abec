package org.halocline.ops.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.SubmitReply;

/**
 * Asks the coordinator and waits for its answers. Thread-safe; every method blocks the calling thread, so call it from a
 * virtual one, and never from an actor.
 *
 * @param system
 *          the actor system to ask from
 * @param coordinator
 *          the way to the coordinator, wherever it is
 * @param patience
 *          how long to wait for what only asks
 * @param longPatience
 *          how long to wait for what changes something: longer than the coordinator takes to move
 */
public record ClusterLine(ActorSystem<?> system, ActorRef<? super ClusterRequest> coordinator, Duration patience,
    Duration longPatience) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG_PATIENCE = Duration.ofSeconds(45);

  public static ClusterLine of(ActorSystem<?> system, ActorRef<? super ClusterRequest> coordinator) {
    return new ClusterLine(system, coordinator, PATIENCE, LONG_PATIENCE);
  }

  public ClusterStatus status() throws ClusterSilentException, InterruptedException {
    return status(patience);
  }

  /** Waits so long. */
  ClusterStatus status(Duration wait) throws ClusterSilentException, InterruptedException {
    return ask(ClusterRequest.Describe::new, wait);
  }

  public JobReply job(String id) throws ClusterSilentException, InterruptedException {
    return ask(replyTo -> new ClusterRequest.DescribeJob(id, replyTo), patience);
  }

  /** Newest first, without the newest {@code skip}. */
  public JobList jobs(int skip, int most) throws ClusterSilentException, InterruptedException {
    return ask(replyTo -> new ClusterRequest.ListJobs(skip, most, replyTo), patience);
  }

  /** Returns when the order is on disk, or refused; asks again while the coordinator moves. */
  public SubmitReply submit(JobOrder order, String token) throws ClusterSilentException, InterruptedException {
    return insist(replyTo -> new ClusterRequest.Submit(order, token, replyTo));
  }

  public CancelReply cancel(String id, String reason, String token)
      throws ClusterSilentException, InterruptedException {
    return insist(replyTo -> new ClusterRequest.Cancel(id, reason, token, replyTo));
  }

  /**
   * Events from a number on, as they come.
   *
   * @param jobId
   *          of one job; empty for all
   */
  public Following follow(Optional<String> jobId, long from) {
    ActorRef<Following.Command> follower = system.systemActorOf(Following.actor(jobId, from, coordinator),
        "event-follower-" + java.util.UUID.randomUUID(), Props.empty());
    return new Following(follower);
  }

  /** What it does it does once, however often it is asked. */
  private <T> T insist(Function<ActorRef<T>, ClusterRequest> request)
      throws ClusterSilentException, InterruptedException {
    long end = System.nanoTime() + longPatience.toNanos();
    while (true) {
      try {
        return ask(request, patience);
      } catch (ClusterSilentException silent) {
        if (System.nanoTime() - end > 0)
          throw silent;
      }
    }
  }

  private <T> T ask(Function<ActorRef<T>, ClusterRequest> request, Duration wait)
      throws ClusterSilentException, InterruptedException {
    try {
      return AskPattern.<ClusterRequest, T>ask(coordinator.unsafeUpcast(), request::apply, wait, system.scheduler())
          .toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new ClusterSilentException(wait, e.getCause());
    }
  }
}
