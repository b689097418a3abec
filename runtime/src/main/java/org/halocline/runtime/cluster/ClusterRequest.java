package org.halocline.runtime.cluster;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.WireMessage;

/**
 * What the coordinator may be asked, from any node. A request that is lost while the coordinator moves is not answered:
 * ask again, nothing happens twice. A request that changes the cluster carries the token.
 */
public sealed interface ClusterRequest extends CoordinatorMessage, WireMessage {
  /** Run this job. Answered when the order is on disk, or refused. */
  record Submit(JobOrder order, String token, ActorRef<SubmitReply> replyTo) implements ClusterRequest {
    /** Without the token and the texts. */
    @Override
    public String toString() {
      return "submission of job " + order.spec().id();
    }
  }

  /** End this job soon, with a checkpoint. */
  record Cancel(String jobId, String reason, String token, ActorRef<CancelReply> replyTo) implements ClusterRequest {
    /** Without the token. */
    @Override
    public String toString() {
      return "cancelling of job " + jobId;
    }
  }

  record Describe(ActorRef<ClusterStatus> replyTo) implements ClusterRequest {}

  record DescribeJob(String jobId, ActorRef<JobReply> replyTo) implements ClusterRequest {}

  /**
   * Which jobs are there, newest first?
   *
   * @param skip how many of the newest to leave out
   * @param most how many to tell, at most
   */
  record ListJobs(int skip, int most, ActorRef<JobList> replyTo) implements ClusterRequest {}

  /**
   * What happened since? Answered when there is something, with as many events as one message holds; ask on from
   * {@link EventBatch#next}. A later question of the same replyTo takes the place of the one before.
   *
   * @param jobId events of one job; empty for all
   * @param from number of the first event wanted; 0 for the first there is
   */
  record Follow(Optional<String> jobId, long from, ActorRef<EventBatch> replyTo) implements ClusterRequest {}

  /** Takes back a {@link Follow} that has not been answered. */
  record Unfollow(ActorRef<EventBatch> replyTo) implements ClusterRequest {}
}
