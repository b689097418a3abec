package org.halocline.runtime.coordinator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.store.JobKey;
import org.halocline.runtime.store.StoredJob;

/**
 * Orders that come in, until they are on disk and their jobs are queued. An order that is sent again meanwhile gets the
 * same answer. All methods are called on the coordinator's thread.
 */
public final class Submissions {
  private final ActorContext<CoordinatorMessage> context;
  private final ClusterJobs jobs;
  private final ClusterJobs.Means means;
  private final Map<String, List<ClusterRequest.Submit>> submitting = new TreeMap<>();

  Submissions(ActorContext<CoordinatorMessage> context, ClusterJobs jobs, ClusterJobs.Means means) {
    this.context = context;
    this.jobs = jobs;
    this.means = means;
  }

  void submit(ClusterRequest.Submit submit) {
    String id = submit.order().spec().id();
    if (!means.store().isToken(submit.token()))
      submit.replyTo().tell(new SubmitReply.Refused(true, List.of(Problem.of("token", "is not this cluster's",
          "read it from the file token in the cluster's state directory"))));
    else if (jobs.find(id).isEmpty() && jobs.ended().find(id).isPresent())
      jobs.ended().read(submit);
    else
      submit(submit, Optional.empty());
  }

  /** @param ended the same job, if it has ended and could be read */
  void submit(ClusterRequest.Submit submit, Optional<StoredJob> ended) {
    String id = submit.order().spec().id();
    boolean hasEnded = jobs.ended().find(id).isPresent();
    Optional<StoredJob> known = jobs.find(id).filter(job -> !jobs.isForgotten(job))
        .map(job -> new StoredJob(job.order, job.state)).or(() -> ended.filter(_ -> hasEnded));
    List<ClusterRequest.Submit> waiting = submitting.getOrDefault(id, List.of());
    JobSpec same = known.map(job -> job.order().order().spec())
        .orElseGet(() -> (waiting.isEmpty() ? submit : waiting.getFirst()).order().spec());
    Optional<Problem> problem = extendsRun(submit, known)
        ? Optional.empty()
        : problem(submit, same, jobs.isUnread(id) || (hasEnded && known.isEmpty()));
    if (problem.isPresent())
      submit.replyTo().tell(new SubmitReply.Refused(false, List.of(problem.get())));
    else if (known.isPresent() && !goesOn(submit, known.get()))
      submit.replyTo().tell(new SubmitReply.Submitted(status(known.get()), true));
    else if (jobs.isClosing())
      submit.replyTo().tell(new SubmitReply.Refused(false,
          List.of(Problem.of("cluster", "is handing over to another node", "submit it again in a moment"))));
    else {
      submitting.computeIfAbsent(id, _ -> new ArrayList<>()).add(submit);
      if (waiting.isEmpty())
        check(submit);
    }
  }

  private JobStatus status(StoredJob known) {
    return jobs.find(known.order().id()).map(jobs::status).orElseGet(
        () -> StatusReport
            .shortened(new JobEntry(known, means.clock().millis()).status(List.of(), means.clock().millis())));
  }

  private static Optional<Problem> problem(ClusterRequest.Submit submit, JobSpec same, boolean unread) {
    String id = submit.order().spec().id();
    if (!same.isSameJob(submit.order().spec()))
      return Optional.of(new Problem("id", id, "is the id of another job of this cluster",
          "choose another one, or leave it out; --resume goes on with that job in its own run directory"));
    if (unread)
      return Optional.of(Problem.of("state", "holds this job already, and it cannot be read now",
          "see to the disk of the state directory; the job goes on by itself once it can be read"));
    return Optional.empty();
  }

  /** Whether a job that ended is to be taken up again. */
  private boolean goesOn(ClusterRequest.Submit submit, StoredJob known) {
    return extendsRun(submit, Optional.of(known)) || submit.order().resume() && switch (known.state().state()) {
      case FAILED, CANCELLED -> true;
      default -> false;
    };
  }

  /**
   * Whether a job that has ended is to go on, where it ran, with another text: its run directory says what may differ.
   */
  private boolean extendsRun(ClusterRequest.Submit submit, Optional<StoredJob> known) {
    return submit.order().resume() && known
        .filter(job -> job.state().state().isLast() && !job.order().order().spec().isSameJob(submit.order().spec())
            && job.order().runDirectory()
                .equals(means.store().run(submit.order()).toString()))
        .isPresent();
  }

  private void check(ClusterRequest.Submit submit) {
    context.pipeToSelf(CompletableFuture.supplyAsync(
        () -> OrderCheck.of(submit.order(), means.kinds(), means.store()), ClusterJobs.CHECKS),
        (found, problem) -> jobs.of(new CoordinatorNews.OrderChecked(submit, problem == null
            ? found
            : Checked.invalid(Problem.of("job", String.valueOf(problem), "see the coordinator's log")))));
  }

  void checked(ClusterRequest.Submit submit, Checked<CheckedJob> checked) {
    switch (checked) {
      case Checked.Invalid<CheckedJob>(List<Problem> problems) -> refuse(submit, problems);
      case Checked.Valid<CheckedJob>(CheckedJob valid) -> keep(submit, valid.plan());
    }
  }

  void refuse(ClusterRequest.Submit submit, List<Problem> problems) {
    submitting.remove(submit.order().spec().id())
        .forEach(asked -> asked.replyTo().tell(new SubmitReply.Refused(false, problems)));
  }

  private void keep(ClusterRequest.Submit submit, JobPlan plan) {
    StoredJob.Order order = new StoredJob.Order(submit.order(), means.store().run(submit.order()).toString(),
        means.clock().millis());
    Optional<JobEntry> there = jobs.in(order.runDirectory());
    if (there.isPresent()) {
      refuse(submit, List.of(new Problem("output", order.runDirectory(), "is where job " + there.get().id() + " runs",
          "choose another one")));
      return;
    }
    StoredJob stored = new StoredJob(order, StoredJob.State.fresh());
    Optional<JobKey> before = jobs.find(order.id()).map(job -> job.order.key()).or(() -> jobs.ended().find(order.id()));
    jobs.find(order.id()).ifPresent(job -> job.followed = true);
    jobs.onDisk(means.disk().run(() -> {
      if (before.isPresent())
        means.store().unmarkEnded(before.get());
      means.store().keep(order.id(), stored.state());
      means.store().keep(order);
      // A process by itself waits for no other lanes: its supervisor refuses to go on in another arithmetic.
      return means.store().outlives()
          ? RunDirectory.arithmetic(Path.of(order.runDirectory()))
          : Optional.<String>empty();
    }), begun -> new CoordinatorNews.OrderKept(submit, stored, plan, begun),
        problem -> new CoordinatorNews.OrderRefused(submit,
            List.of(Problem.of("state", "the order cannot be kept: " + ClusterJobs.cause(problem),
                "see to the disk of the state directory, then submit it again"))));
  }

  void kept(CoordinatorNews.OrderKept kept) {
    JobEntry job = new JobEntry(kept.stored(), means.clock().millis());
    job.plan = Optional.of(kept.plan());
    job.arithmetic = kept.arithmetic();
    job.why = "waits for lanes";
    jobs.queue(job);
    List<ClusterRequest.Submit> asked = submitting.remove(job.id());
    for (int i = 0; i < asked.size(); i++)
      asked.get(i).replyTo().tell(new SubmitReply.Submitted(jobs.status(job), i > 0));
    jobs.schedule();
  }
}
