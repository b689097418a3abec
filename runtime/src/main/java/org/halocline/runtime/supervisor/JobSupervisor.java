package org.halocline.runtime.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.coordinator.OrderCheck;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.DomainTokens;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.log.JobMdc;
import org.halocline.runtime.log.RunLog;
import org.halocline.runtime.node.JobCoordinator;
import org.halocline.runtime.node.Submission;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.run.Opening;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunManifest;
import org.halocline.runtime.run.RunRequest;
import org.halocline.runtime.run.Tenancy;

/**
 * Sees one job through: check again, lanes, run directory, the job's actor; then, however that ended, ranks released,
 * manifest written, lock given back, and last of all the last event told. What takes long on the disk happens on virtual
 * threads; this actor and the job's own, which open and close files, are spawned where actors may block.
 */
public final class JobSupervisor extends AbstractBehavior<JobSupervisor.Command> {
  private static final Executor DISK = JobMdc.carried(task -> Thread.ofVirtual().name("job-disk").start(task));

  public sealed interface Command extends LocalMessage {}

  public record Cancel(String reason) implements Command {}

  /**
   * Part of the job is lost: come to an end at once, without waiting for those that are gone.
   *
   * @param gone
   *          agents that answer no more
   */
  public record Abandon(String reason, Set<ActorRef<NodeAgent.Command>> gone) implements Command {}

  private record JobChecked(Checked<CheckedJob> checked) implements Command {}

  private record LanesAnswered(JobCoordinator.Reservation reservation) implements Command {}

  private record DirectoryOpened(Opening opening, RunLog log) implements Command {
    void close() {
      log.close();
      if (opening instanceof Opening.Opened(RunDirectory directory, _))
        directory.close();
    }
  }

  private record Told(JobEvent event) implements Command {}

  private record GraceEnded(String what) implements Command {}

  private record Released(NodeAgent.JobReleased released) implements Command {}

  private record Settled(JobEvent outcome) implements Command {}

  private record DiskFailed(Throwable cause) implements Command {}

  private final Submission submission;
  private final JobKinds kinds;
  private final Clock clock;
  private final Timeouts patience;
  private final Tenancy tenancy;
  private final Set<ActorRef<NodeAgent.Command>> gone = new HashSet<>();
  private final FailureInterceptor deathNote = new FailureInterceptor();
  private final ActorRef<JobEvent> replyTo;
  private final ActorRef<JobCoordinator.Command> coordinator;
  private final TimerScheduler<Command> timers;

  private Optional<JobPlan> plan = Optional.empty();
  private Optional<JobCoordinator.Reserved> lanes = Optional.empty();
  /** Of the run directory, until that is here. */
  private Optional<CompletableFuture<DirectoryOpened>> underway = Optional.empty();
  private Optional<RunDirectory> run = Optional.empty();
  private Optional<RunLog> log = Optional.empty();
  private Optional<ActorRef<JobCommand>> job = Optional.empty();
  private Optional<JobEvent> outcome = Optional.empty();
  private Optional<String> cancelled = Optional.empty();
  private final Map<ActorRef<NodeAgent.Command>, String> unreleased = new HashMap<>();
  private boolean settling;
  private boolean told;

  private JobSupervisor(ActorContext<Command> context, TimerScheduler<Command> timers, Submission submission,
      JobKinds kinds, Clock clock, Timeouts patience, Tenancy tenancy,
      ActorRef<JobEvent> replyTo, ActorRef<JobCoordinator.Command> coordinator) {
    super(context);
    this.tenancy = tenancy;
    this.timers = timers;
    this.submission = submission;
    this.kinds = kinds;
    this.clock = clock;
    this.patience = patience;
    this.replyTo = replyTo;
    this.coordinator = coordinator;
    onDisk(this::check, JobChecked::new);
  }

  public static Behavior<Command> create(Submission submission, JobKinds kinds, Clock clock, Timeouts patience,
      ActorRef<JobEvent> replyTo,
      ActorRef<JobCoordinator.Command> coordinator) {
    return create(submission, kinds, clock, patience, Tenancy.alone(), replyTo, coordinator);
  }

  public static Behavior<Command> create(Submission submission, JobKinds kinds, Clock clock, Timeouts patience,
      Tenancy tenancy, ActorRef<JobEvent> replyTo, ActorRef<JobCoordinator.Command> coordinator) {
    return JobMdc.of(submission.spec().id(), Behaviors
        .setup(context -> Behaviors
            .withTimers(timers -> new JobSupervisor(context, timers, submission, kinds, clock, patience, tenancy,
                replyTo, coordinator))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).onSignal(Terminated.class, this::jobEnded)
        .onSignal(PostStop.class, this::stopped).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case JobChecked(Checked<CheckedJob> checked) -> checked(checked);
      case LanesAnswered(JobCoordinator.Reservation reservation) -> lanesAnswered(reservation);
      case DirectoryOpened(Opening opening, RunLog attached) -> opened(opening, attached);
      case Told(JobEvent event) -> relay(event);
      case Cancel(String reason) -> cancel(reason);
      case Abandon(String reason, Set<ActorRef<NodeAgent.Command>> agents) -> abandon(reason, agents);
      case GraceEnded(String what) -> graceEnded(what);
      case Released(NodeAgent.JobReleased released) -> {
        unreleased.values().removeIf(released.node()::equals);
        settleIfReleased();
      }
      case DiskFailed(Throwable cause) -> {
        if (settling)
          return tell(failure(cause));
        end(failure(cause));
      }
      case Settled(JobEvent last) -> {
        return tell(last);
      }
    }
    return this;
  }

  private Checked<CheckedJob> check() {
    return OrderCheck.job(submission.spec(), kinds);
  }

  private void checked(Checked<CheckedJob> checked) {
    if (endIfCancelled())
      return;
    switch (checked) {
      case Checked.Invalid<CheckedJob>(List<Problem> problems) -> end(badInput(problems));
      case Checked.Valid<CheckedJob>(CheckedJob valid) -> {
        plan = Optional.of(valid.plan());
        coordinator.tell(new JobCoordinator.Reserve(submission.spec().id(), valid.plan(),
            getContext().messageAdapter(JobCoordinator.Reservation.class, LanesAnswered::new)));
      }
    }
  }

  private void lanesAnswered(JobCoordinator.Reservation reservation) {
    if (endIfCancelled())
      return;
    switch (reservation) {
      case JobCoordinator.Denied(boolean badInput, List<Problem> problems) -> end(
          badInput ? badInput(problems) : new JobEvent.Failed(false, Problem.lines(problems)));
      case JobCoordinator.Reserved reserved -> {
        lanes = Optional.of(reserved);
        underway = Optional.of(onDisk(() -> {
          Opening opening = RunDirectory.open(runRequest(), clock, tenancy);
          RunLog attached = opening instanceof Opening.Opened(RunDirectory directory, _)
              ? RunLog.attach(directory.logFile(), submission.spec().id(), !tenancy.inGroup())
              : RunLog.none();
          return new DirectoryOpened(opening, attached);
        }, done -> done));
      }
    }
  }

  /** A cluster goes on with what there is: it looked at the directory when the job was handed in. */
  private RunRequest runRequest() {
    Submission now = tenancy.inGroup()
        ? submission.resuming(submission.resume() || RunDirectory.holdsRun(Path.of(submission.runDirectory())))
        : submission;
    return now.runRequest(plan.orElseThrow(), lanes.orElseThrow().planned().arithmetic());
  }

  private void opened(Opening opening, RunLog attached) {
    log = Optional.of(attached);
    underway = Optional.empty();
    switch (opening) {
      case Opening.Refused(List<Problem> problems) -> end(badInput(problems));
      case Opening.Finished(String table, String summary) -> end(new JobEvent.AlreadyFinished(table, summary));
      case Opening.Opened(RunDirectory directory, boolean resumed) -> {
        run = Optional.of(directory);
        if (!endIfCancelled())
          start(directory, resumed);
      }
    }
  }

  private void start(RunDirectory directory, boolean resumed) {
    JobSpec spec = submission.spec();
    PlannedLayout planned = lanes.orElseThrow().planned();
    relay(new JobEvent.Accepted(spec.id(), directory.path().toString(), directory.incarnation()));
    relay(new JobEvent.Planned(planned.layout(), planned.explanation()));
    try {
      ActorRef<JobEvent> events = getContext().messageAdapter(JobEvent.class, Told::new);
      Behavior<JobCommand> behavior = plan.orElseThrow()
          .start(new JobContext(spec, directory, planned.layout(), lanes.orElseThrow().slots(), events, resumed,
              tenancy.inGroup(), DomainTokens.fresh()));
      ActorRef<JobCommand> actor = getContext().spawn(JobMdc.carried(Behaviors.intercept(() -> deathNote, behavior)),
          spec.kind(),
          DispatcherSelector.blocking());
      getContext().watch(actor);
      job = Optional.of(actor);
    } catch (RuntimeException e) {
      end(failure(e));
    }
  }

  private void relay(JobEvent event) {
    if (outcome.isPresent())
      return;
    getContext().getLog().info("{}", event);
    if (event.isLast())
      end(event);
    else
      replyTo.tell(event);
  }

  private void cancel(String reason) {
    if (cancelled.isPresent() || outcome.isPresent())
      return;
    cancelled = Optional.of(reason);
    job.ifPresent(actor -> {
      actor.tell(new JobCommand.Cancel(reason));
      timers.startSingleTimer("cancel",
          new GraceEnded("did not end within " + patience.cancel().toSeconds() + " s of being cancelled"),
          patience.cancel());
    });
  }

  private boolean endIfCancelled() {
    cancelled.ifPresent(reason -> end(new JobEvent.Cancelled(reason)));
    return cancelled.isPresent();
  }

  /** The outcome is known; once the job's actor is gone too, all is wound up. */
  private void end(JobEvent last) {
    if (outcome.isPresent())
      return;
    outcome = Optional.of(last);
    timers.cancel("cancel");
    if (job.isEmpty())
      releaseRanks();
    else
      timers.startSingleTimer("stop",
          new GraceEnded("did not stop within " + patience.stop().toSeconds() + " s of its last event"),
          patience.stop());
  }

  private void abandon(String reason, Set<ActorRef<NodeAgent.Command>> agents) {
    gone.addAll(agents);
    if (outcome.isPresent()) {
      if (unreleased.keySet().removeAll(agents))
        settleIfReleased();
      return;
    }
    cancelled = cancelled.or(() -> Optional.of(reason));
    job.ifPresent(actor -> {
      actor.tell(new JobCommand.Cancel(reason));
      timers.startSingleTimer("cancel",
          new GraceEnded("did not end within " + patience.abandon().toSeconds() + " s"), patience.abandon());
    });
  }

  private void graceEnded(String what) {
    if (what.isEmpty()) {
      getContext().getLog().warn("{} have not released the ranks of job {}", unreleased.values(),
          submission.spec().id());
      settle();
      return;
    }
    getContext().getLog().warn("the actor of job {} {}; it is stopped", submission.spec().id(), what);
    if (outcome.isEmpty())
      outcome = Optional.of(new JobEvent.Cancelled(cancelled.orElse("") + " (it " + what + ")"));
    job.ifPresent(getContext()::stop);
  }

  private Behavior<Command> jobEnded(Terminated signal) {
    job = Optional.empty();
    timers.cancel("stop");
    timers.cancel("cancel");
    if (outcome.isEmpty()) {
      Optional<Throwable> death = signal instanceof ChildFailed failed
          ? Optional.of(failed.getCause())
          : deathNote.cause();
      JobEvent last = death.map(JobSupervisor::failure).orElseGet(() -> cancelled.<JobEvent>map(JobEvent.Cancelled::new)
          .orElse(
              new JobEvent.Failed(false, "job " + submission.spec().id() + " stopped without saying how it ended")));
      getContext().getLog().info("{}", last);
      outcome = Optional.of(last);
    }
    releaseRanks();
    return this;
  }

  private void releaseRanks() {
    if (run.isPresent())
      lanes.ifPresent(reserved -> reserved.slots().forEach(slot -> unreleased.put(slot.agent(), slot.node())));
    unreleased.keySet().removeAll(gone);
    if (unreleased.isEmpty()) {
      settle();
      return;
    }
    ActorRef<NodeAgent.JobReleased> answers = getContext().messageAdapter(NodeAgent.JobReleased.class, Released::new);
    unreleased.keySet().forEach(agent -> agent.tell(new NodeAgent.ReleaseJob(submission.spec().id(), answers)));
    timers.startSingleTimer("release", new GraceEnded(""), patience.release());
  }

  private void settleIfReleased() {
    if (unreleased.isEmpty())
      settle();
  }

  private void settle() {
    if (settling)
      return;
    settling = true;
    timers.cancel("release");
    JobEvent last = outcome.orElseThrow();
    Optional<RunDirectory> directory = run;
    onDisk(() -> directory.isPresent() ? write(directory.get(), accounted(last)) : last, Settled::new);
  }

  private JobEvent accounted(JobEvent last) {
    return last instanceof JobEvent.Finished finished && submission.plannedPeakBytes() > 0
        ? MemoryAccount.now(submission.plannedPeakBytes()).addedTo(finished)
        : last;
  }

  private static JobEvent write(RunDirectory directory, JobEvent last) {
    try {
      switch (last) {
        case JobEvent.Finished(String table, String summary) -> directory.finish(table, summary);
        case JobEvent.Failed(_, String message) -> directory.become(RunManifest.State.FAILED, message);
        case JobEvent.Cancelled(String reason) -> directory.become(RunManifest.State.CANCELLED, reason);
        case JobEvent.AlreadyFinished _,JobEvent.Accepted _,JobEvent.Planned _,JobEvent.Progress _,JobEvent.Checkpointed _,JobEvent.Waiting _,JobEvent.Interrupted _,JobEvent.Recovered _,JobEvent.ClusterChanged _ ->
          {
          }
      }
      return last;
    } catch (StorageException e) {
      return last instanceof JobEvent.Failed(boolean bad, String message)
          ? new JobEvent.Failed(bad, message + "\n" + e.getMessage())
          : failure(e);
    }
  }

  private Behavior<Command> tell(JobEvent last) {
    getContext().getLog().info("job {} ended: {}", submission.spec().id(), last.getClass().getSimpleName());
    closeRun();
    told = true;
    coordinator.tell(new JobCoordinator.Ended(submission.spec().id(), getContext().getSelf()));
    replyTo.tell(last);
    return Behaviors.stopped();
  }

  private void closeRun() {
    log.ifPresent(RunLog::close);
    run.ifPresent(RunDirectory::close);
  }

  /** Also when the coordinator or the node ends first: no client waits for an event that never comes. */
  private Behavior<Command> stopped(PostStop signal) {
    if (!told) {
      underway.ifPresent(late -> late.thenAccept(DirectoryOpened::close));
      closeRun();
      replyTo.tell(outcome.orElse(
          new JobEvent.Failed(false, "job " + submission.spec().id() + " was cut off; run it again with --resume")));
    }
    return this;
  }

  private interface DiskWork<T> {
    T run() throws IOException;
  }

  private <T> CompletableFuture<T> onDisk(DiskWork<T> work, java.util.function.Function<T, Command> done) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> {
      try {
        return work.run();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }, DISK);
    BiFunction<T, Throwable, Command> answer = (value,
        cause) -> cause == null ? done.apply(value) : new DiskFailed(cause);
    getContext().pipeToSelf(result, answer::apply);
    return result;
  }

  private static JobEvent badInput(List<Problem> problems) {
    return new JobEvent.Failed(true, Problem.lines(problems));
  }

  private static JobEvent failure(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof BadInputException bad)
        return badInput(bad.problems());
      if (t instanceof StorageException storage)
        return new JobEvent.Failed(false, storage.getMessage());
    }
    return new JobEvent.Failed(false, String.valueOf(cause));
  }
}
