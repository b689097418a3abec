package org.halocline.runtime.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobEvent;

/**
 * What may be asked of a cluster, from one of its nodes. While the coordinator moves, questions are asked again until they are
 * answered, for at most a minute. Immutable and thread-safe.
 */
public final class ClusterClient {
  private static final Duration ONE_ANSWER = Duration.ofSeconds(2);
  private static final Duration ALL_TRIES = Duration.ofSeconds(60);

  private final ActorSystem<?> system;
  private final ActorRef<ClusterRequest> coordinator;
  private final String token;

  public ClusterClient(ActorSystem<?> system, ActorRef<ClusterRequest> coordinator, String token) {
    this.system = system;
    this.coordinator = coordinator;
    this.token = token;
  }

  /** The way to the coordinator, wherever it is. */
  public ActorRef<ClusterRequest> coordinator() {
    return coordinator;
  }

  /** The same, with a token that a user gave. */
  public ClusterClient withToken(String given) {
    return new ClusterClient(system, coordinator, given);
  }

  /** Done when the job is on the coordinator's disk, or refused. */
  public CompletionStage<SubmitReply> submit(JobOrder order) {
    return ask(replyTo -> new ClusterRequest.Submit(order, token, replyTo));
  }

  /**
   * Submits a job and tells its events until it has ended.
   *
   * @param listener called by one thread at a time, in order, up to the last event; must be quick
   * @return the last event; it always comes, also when this process ends first
   */
  public CompletionStage<JobEvent> run(JobOrder order, Consumer<JobEvent> listener) {
    CompletableFuture<JobEvent> last = new CompletableFuture<>();
    system.getWhenTerminated().thenRun(() -> last.complete(
        new JobEvent.Failed(false, "the node stopped before the job ended; run it again with --resume")));
    Consumer<JobEvent> tell = event -> {
      listener.accept(event);
      if (event.isLast())
        last.complete(event);
    };
    ask((ActorRef<SubmitReply> replyTo) -> new ClusterRequest.Submit(order, token, replyTo),
        System.nanoTime() + Long.MAX_VALUE / 2).whenComplete((reply, failure) -> {
          switch (reply) {
            case SubmitReply.Submitted(JobStatus job, _) -> {
              Following following = follow(Optional.of(job.id()), 0, record -> tell.accept(record.event()));
              last.whenComplete((_, _) -> following.close());
            }
            case SubmitReply.Refused(_, List<Problem> problems) ->
              tell.accept(new JobEvent.Failed(true, Problem.lines(problems)));
            case null -> tell.accept(new JobEvent.Failed(false, String.valueOf(failure)));
          }
        });
    return last;
  }

  public CompletionStage<CancelReply> cancel(String jobId, String reason) {
    return ask(replyTo -> new ClusterRequest.Cancel(jobId, reason, token, replyTo));
  }

  public CompletionStage<ClusterStatus> describe() {
    return ask(ClusterRequest.Describe::new);
  }

  public CompletionStage<JobReply> job(String jobId) {
    return ask(replyTo -> new ClusterRequest.DescribeJob(jobId, replyTo));
  }

  public CompletionStage<JobList> jobs(int skip, int most) {
    return ask(replyTo -> new ClusterRequest.ListJobs(skip, most, replyTo));
  }

  /**
   * Tells events as they come, in their order, until closed; also while the coordinator moves.
   *
   * @param jobId
   *          of one job; empty for all
   * @param from
   *          number of the first one wanted; 0 for the first there is
   * @param listener
   *          called by one thread at a time; must be quick
   */
  public Following follow(Optional<String> jobId, long from, Consumer<JobEventRecord> listener) {
    ActorRef<EventFollower.Command> follower = system.systemActorOf(
        EventFollower.create(coordinator, jobId, from, listener), "events-" + System.nanoTime(), Props.empty());
    return () -> follower.tell(new EventFollower.Stop());
  }

  /** Ends when closed. */
  public interface Following extends AutoCloseable {
    @Override
    void close();
  }

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, ClusterRequest> request) {
    return ask(request, System.nanoTime() + ALL_TRIES.toNanos());
  }

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, ClusterRequest> request, long untilNs) {
    CompletionStage<T> once = AskPattern.ask(coordinator, request::apply, ONE_ANSWER, system.scheduler());
    return once.exceptionallyCompose(failure -> {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      boolean late = cause instanceof TimeoutException || failure instanceof TimeoutException;
      return late && System.nanoTime() < untilNs && !system.getWhenTerminated().toCompletableFuture().isDone()
          ? ask(request, untilNs)
          : CompletableFuture.failedStage(cause);
    });
  }
}
