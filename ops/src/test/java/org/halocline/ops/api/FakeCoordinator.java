package org.halocline.ops.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobEvent;

/**
 * Answers like a cluster's coordinator, from a scene that tests set. Jobs that are submitted run for ever, until they
 * are cancelled.
 */
final class FakeCoordinator extends AbstractBehavior<CoordinatorMessage> {
  private static final int BATCH = 100;
  /** Few, so that a list takes several. */
  private static final int JOBS_IN_A_MESSAGE = 3;

  /** The scene goes on. */
  record Play(Scene.Frame frame, List<JobEvent> events, String jobId) implements CoordinatorMessage, LocalMessage {}

  /** From now on it answers nothing, or again. */
  record Mute(boolean silent) implements CoordinatorMessage, LocalMessage {}

  private final String token;
  private final Clock clock;
  private final Map<String, JobStatus> submitted = new LinkedHashMap<>();
  private final List<JobEventRecord> events = new ArrayList<>();
  private final Map<ActorRef<EventBatch>, ClusterRequest.Follow> followers = new LinkedHashMap<>();
  private Scene.Frame frame;
  private boolean silent;

  private FakeCoordinator(ActorContext<CoordinatorMessage> context, Scene.Frame first, String token, Clock clock) {
    super(context);
    this.frame = first;
    this.token = token;
    this.clock = clock;
  }

  static Behavior<CoordinatorMessage> create(Scene.Frame first, String token, Clock clock) {
    return Behaviors.setup(context -> new FakeCoordinator(context, first, token, clock));
  }

  @Override
  public Receive<CoordinatorMessage> createReceive() {
    return newReceiveBuilder().onMessage(ClusterRequest.class, request -> {
      if (!silent)
        answer(request);
      return this;
    }).onMessage(Play.class, play -> {
      frame = play.frame();
      play.events().forEach(event -> happened(play.jobId(), event));
      return this;
    }).onMessage(Mute.class, mute -> {
      silent = mute.silent();
      return this;
    }).build();
  }

  private void answer(ClusterRequest request) {
    switch (request) {
      case ClusterRequest.Describe(var replyTo) -> replyTo.tell(frame.status(List.copyOf(submitted.values())));
      case ClusterRequest.DescribeJob(String id, var replyTo) ->
        replyTo.tell(find(id).<JobReply>map(JobReply.Found::new).orElseGet(() -> new JobReply.Unknown(id)));
      case ClusterRequest.ListJobs(int skip, int most, var replyTo) ->
        replyTo.tell(
            new JobList(all().stream().skip(skip).limit(Math.min(most, JOBS_IN_A_MESSAGE)).toList(), all().size()));
      case ClusterRequest.Submit submit -> submit(submit);
      case ClusterRequest.Cancel(String id, String reason, String given, var replyTo) -> {
        Optional<JobStatus> job = find(id);
        if (!given.equals(token))
          replyTo.tell(new CancelReply.Denied(id));
        else if (job.isEmpty())
          replyTo.tell(new CancelReply.Unknown(id));
        else if (job.get().state() == JobState.FINISHED)
          replyTo.tell(new CancelReply.Cancelling(job.get()));
        else {
          submitted.put(id, Scene.in(job.get(), JobState.CANCELLED, reason));
          happened(id, new JobEvent.Cancelled(reason));
          replyTo.tell(new CancelReply.Cancelling(submitted.get(id)));
        }
      }
      case ClusterRequest.Follow follow -> {
        followers.put(follow.replyTo(), follow);
        tellFollowers();
      }
      case ClusterRequest.Unfollow(var replyTo) -> followers.remove(replyTo);
    }
  }

  private void submit(ClusterRequest.Submit submit) {
    String id = submit.order().spec().id();
    if (!submit.token().equals(token)) {
      submit.replyTo().tell(new SubmitReply.Refused(true, List.of(Problem.of("token", "is wrong", "read it"))));
      return;
    }
    boolean known = find(id).isPresent();
    if (!known) {
      submitted.put(id, Scene.submitted(submit.order(), clock.millis()));
      happened(id, new JobEvent.Waiting("a lane is lacking"));
    }
    submit.replyTo().tell(new SubmitReply.Submitted(find(id).orElseThrow(), known));
  }

  private List<JobStatus> all() {
    List<JobStatus> all = new ArrayList<>(submitted.values());
    frame.jobs().stream().filter(job -> !submitted.containsKey(job.id())).forEach(all::add);
    return all;
  }

  private Optional<JobStatus> find(String id) {
    return all().stream().filter(job -> job.id().equals(id)).findFirst();
  }

  private void happened(String id, JobEvent event) {
    events.add(new JobEventRecord(events.size() + 1L, clock.millis(), id, event));
    tellFollowers();
  }

  private void tellFollowers() {
    followers.values().removeIf(follow -> {
      List<JobEventRecord> batch = events.stream().filter(event -> event.number() >= follow.from())
          .filter(event -> follow.jobId().isEmpty() || follow.jobId().get().equals(event.jobId())).limit(BATCH)
          .toList();
      if (!batch.isEmpty())
        follow.replyTo().tell(new EventBatch(batch, batch.getLast().number() + 1));
      return !batch.isEmpty();
    });
  }
}
