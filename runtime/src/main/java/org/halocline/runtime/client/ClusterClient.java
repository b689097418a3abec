package org.halocline.runtime.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
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
 * What may be asked of a cluster, from one of its nodes. While the coordinator moves, a question is asked again until
 * an answer comes, for a bounded time; then its stage fails. Immutable and thread-safe.
 *
 * @param token lets the client change things
 * @param questions how long it waits for the answer to a request that only asks
 * @param changes how long it waits for the answer to submit and cancel: longer than the coordinator takes to move
 */
public record ClusterClient(ActorSystem<?> system, ActorRef<ClusterRequest> coordinator, String token,
    Duration questions, Duration changes) {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(2);
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final Duration YEAR = Duration.ofDays(365);

  public ClusterClient(ActorSystem<?> system, ActorRef<ClusterRequest> coordinator, String token) {
    this(system, coordinator, token, MINUTE, MINUTE);
  }

  public ClusterClient withTimeouts(Duration newQuestions, Duration newChanges) {
    return new ClusterClient(system, coordinator, token, newQuestions, newChanges);
  }

  /** Done when the job is on the coordinator's disk, or refused. */
  public CompletionStage<SubmitReply> submit(JobOrder order) {
    return ask(replyTo -> new ClusterRequest.Submit(order, token, replyTo), changes);
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
    ask((ActorRef<SubmitReply> replyTo) -> new ClusterRequest.Submit(order, token, replyTo), YEAR)
        .whenComplete((reply, failure) -> {
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
    return ask(replyTo -> new ClusterRequest.Cancel(jobId, reason, token, replyTo), changes);
  }

  public CompletionStage<ClusterStatus> describe() {
    return ask(ClusterRequest.Describe::new, questions);
  }

  /** The status, for which it waits as long as for a change. */
  public CompletionStage<ClusterStatus> describeInTheEnd() {
    return ask(ClusterRequest.Describe::new, changes);
  }

  public CompletionStage<JobReply> job(String jobId) {
    return ask(replyTo -> new ClusterRequest.DescribeJob(jobId, replyTo), questions);
  }

  public CompletionStage<JobList> jobs(int skip, int most) {
    return ask(replyTo -> new ClusterRequest.ListJobs(skip, most, replyTo), questions);
  }

  /**
   * Tells events as they come, in their order, until closed; also while the coordinator moves.
   *
   * @param jobId of one job; empty for all
   * @param from number of the first one wanted; 0 for the first there is
   * @param listener called by one thread at a time; must be quick
   */
  public Following follow(Optional<String> jobId, long from, Consumer<JobEventRecord> listener) {
    Following following = follow(jobId, from);
    following.tellAll(listener);
    return following;
  }

  /** The same events, fetched batch by batch as the caller asks for them. */
  public Following follow(Optional<String> jobId, long from) {
    return new Following(system, coordinator, jobId, from);
  }

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, ClusterRequest> request, Duration within) {
    CompletableFuture<T> answer = new CompletableFuture<T>().orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
    ask(request, answer);
    return answer;
  }

  /** The first answer to any of the tries counts: the coordinator does nothing twice. */
  private <T> void ask(Function<ActorRef<T>, ClusterRequest> request, CompletableFuture<T> answer) {
    if (answer.isDone())
      return;
    if (system.getWhenTerminated().toCompletableFuture().isDone()) {
      answer.completeExceptionally(new IllegalStateException("this process has left the cluster"));
      return;
    }
    AskPattern.<ClusterRequest, T>ask(coordinator, request::apply, MINUTE, system.scheduler())
        .thenAccept(answer::complete);
    CompletableFuture.delayedExecutor(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS).execute(() -> ask(request, answer));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "client of " + coordinator;
  }
}
