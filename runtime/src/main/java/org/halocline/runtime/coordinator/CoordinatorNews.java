package org.halocline.runtime.coordinator;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.SupersededException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.store.EventJournal;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.StoredJob;
import org.halocline.runtime.store.Takeover;
import org.halocline.runtime.supervisor.JobSupervisor;

/** What the coordinator tells itself, or hears from its node agents and supervisors. */
sealed interface CoordinatorNews extends CoordinatorMessage, LocalMessage {

  /** @param taken the store, if only its jobs could not be read before */
  record TakeOver(Optional<JobStore> taken) implements CoordinatorNews {}

  record TookOver(JobStore store, Takeover left) implements CoordinatorNews {}

  record NotTakenOver(Optional<JobStore> taken, Throwable problem) implements CoordinatorNews {}

  record AgentsChanged(Set<ActorRef<NodeAgent.Command>> agents) implements CoordinatorNews {}

  record Reported(NodeAgent.NodeReport report) implements CoordinatorNews {}

  record ReachabilityChanged(ClusterEvent.ReachabilityEvent event) implements CoordinatorNews {}

  record Tick() implements CoordinatorNews {}

  /**
   * About the jobs of this coordinator.
   *
   * @param of whose; a coordinator that was restarted has other ones, and ignores this
   */
  record OfJobs(ClusterJobs of, JobNews news) implements CoordinatorNews {}

  sealed interface JobNews {}

  /** A write has failed for good: there is a later coordinator. */
  record Superseded(SupersededException why) implements JobNews {}

  /** A piece of work on the disk that nothing follows from is done. */
  record Done() implements JobNews {}

  record EventsRead(EventJournal.Read read) implements JobNews {}

  record Schedule() implements JobNews {}

  record SupervisorTold(JobSupervisor.Told told) implements JobNews {}

  /** Check a job again whose inputs could not be read. */
  record Check(JobEntry job) implements JobNews {}

  record JobChecked(JobEntry job, Checked<CheckedJob> checked) implements JobNews {}

  /** Read the jobs again that the disk would not give. */
  record ReadAgain() implements JobNews {}

  /** @param left empty where the disk still refuses */
  record ReadNow(Optional<Takeover> left) implements JobNews {}

  /** A job's state is on the disk. */
  record Kept(JobEntry job, Next next) implements JobNews {}

  record NotKept(JobEntry job, Next next, Throwable problem) implements JobNews {}

  record KeepAgain(JobEntry job, Next next) implements JobNews {}

  /**
   * Jobs that have ended were read, as far as the disk gives them.
   *
   * @param asked the request that they were read for; empty for a later status of the cluster
   * @param ids of the jobs that the request is about
   */
  record EndedRead(Optional<ClusterRequest> asked, List<String> ids, List<StoredJob> jobs) implements JobNews {}

  record OrderChecked(ClusterRequest.Submit submit, Checked<CheckedJob> checked) implements JobNews {}

  /** @param arithmetic of the run, if it has begun */
  record OrderKept(ClusterRequest.Submit submit, StoredJob stored, JobPlan plan,
      Optional<String> arithmetic) implements JobNews {}

  record OrderRefused(ClusterRequest.Submit submit, List<Problem> problems) implements JobNews {}

  /** What follows once a job's state is on the disk. */
  sealed interface Next {}

  record Nothing() implements Next {}

  /** Progress may be kept again. */
  record NoteAgain() implements Next {}

  /** The supervisor is started. */
  record Start() implements Next {}

  /** The job starts again when its turn comes. */
  record Queue() implements Next {}

  record Cancel(String reason, Optional<ActorRef<CancelReply>> asker) implements Next {}

  record TellEnd(JobEvent event) implements Next {}
}
