package org.halocline.runtime.supervisor;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.log.JobMdc;
import org.halocline.runtime.log.RunLog;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.run.Opening;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunManifest;
import org.halocline.runtime.run.RunRequest;
import org.halocline.runtime.run.Tenancy;

/**
 * Sees one start of a job through, on lanes that it has from its birth:
 *
 * <pre>
 * checking     the job and its inputs are checked again
 * opening      the run directory is opened
 * running      the job's actor runs
 * ending       the job's last event is known; its actor stops
 * releasing    the nodes stop the job's ranks
 * settling     the outcome is written and the lock given back; then the last event is told
 * </pre>
 *
 * <p>
 * What takes long on the disk happens on virtual threads. This actor and the job's own open and close files, so both
 * run where actors may block.
 */
public final class JobSupervisor {
  /** The user is told once of what a job's actor died of; Pekko would also print it on the console. */
  private static final SupervisorStrategy UNLOGGED = SupervisorStrategy.stop().withLoggingEnabled(false);

  public sealed interface Command extends LocalMessage {}

  private sealed interface End extends Command {
    String reason();
  }

  /** Come to an end soon. */
  public record Cancel(String reason) implements End {}

  /**
   * Part of the job is lost: come to an end at once, without waiting for the agents that are gone.
   *
   * @param gone agents that answer no more
   */
  public record Abandon(String reason, Set<ActorRef<NodeAgent.Command>> gone) implements End {}

  private record JobChecked(Checked<CheckedJob> checked) implements Command {}

  private record DirectoryOpened(Opening opening) implements Command {
    void close() {
      if (opening instanceof Opening.Opened(RunDirectory directory, _))
        directory.close();
    }
  }

  /** The first message of a job's actor. */
  private record Begin() implements JobCommand {}

  private record JobTold(JobEvent event) implements Command {}

  /** @param cause what the actor died of, if it did not stop by itself */
  private record JobStopped(Optional<Throwable> cause) implements Command {}

  private record TimedOut(String what) implements Command {}

  private record Released(NodeAgent.JobReleased released) implements Command {}

  private record Settled(JobEvent outcome) implements Command {}

  private record DiskFailed(Throwable cause) implements Command {}

  /** An event of a start of a job, for the coordinator. The last one tells that the lanes are free. */
  public record Told(String jobId, int start, JobEvent event) implements LocalMessage {}

  /**
   * One start of a job.
   *
   * @param order with the run directory settled
   * @param number of the start, from 1
   * @param planned its layout
   * @param slots its lanes, by rank
   */
  public record Start(JobOrder order, int number, PlannedLayout planned, List<RankSlot> slots) {}

  /** What all supervisors of a coordinator work with. */
  public record Means(JobKinds kinds, Clock clock, Timeouts timeouts, Tenancy tenancy, ActorRef<Told> coordinator) {}

  private record Run(RunDirectory directory, RunLog log) {
    void close() {
      log.close();
      directory.close();
    }
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Start start;
  private final Means means;
  private final Set<ActorRef<NodeAgent.Command>> gone = new HashSet<>();
  private boolean told;

  private JobSupervisor(ActorContext<Command> context, TimerScheduler<Command> timers, Start start,
      Means means) {
    this.context = context;
    this.timers = timers;
    this.start = start;
    this.means = means;
  }

  public static Behavior<Command> create(Start start, Means means) {
    return JobMdc.of(start.order().spec().id(), Behaviors.setup(context -> Behaviors
        .withTimers(timers -> new JobSupervisor(context, timers, start, means).begin())));
  }

  private Behavior<Command> begin() {
    onDisk(() -> means.kinds().check(start.order().spec(), _ -> Optional.empty()), JobChecked::new);
    return checking(Optional.empty());
  }

  private Behavior<Command> checking(Optional<String> cancelled) {
    return state(() -> {}, cutOff(), command -> switch (command) {
      case JobChecked(Checked.Valid<CheckedJob>(CheckedJob job)) when cancelled.isEmpty() -> open(job.plan());
      case JobChecked(Checked.Invalid<CheckedJob>(List<Problem> problems)) when cancelled.isEmpty() ->
        tell(badInput(problems));
      case JobChecked _ -> tell(new JobEvent.Cancelled(cancelled.orElseThrow()));
      case End end -> checking(cancelled.or(() -> Optional.of(end.reason())));
      case DiskFailed(Throwable cause) -> tell(failure(cause));
      case DirectoryOpened _,JobTold _,JobStopped _,TimedOut _,Released _,Settled _ -> Behaviors.same();
    });
  }

  private Behavior<Command> open(JobPlan plan) {
    CompletableFuture<DirectoryOpened> underway = onDisk(
        () -> new DirectoryOpened(RunDirectory.open(runRequest(plan), means.clock(), means.tenancy())), done -> done);
    return opening(plan, underway, Optional.empty());
  }

  /** A cluster goes on with what there is: it looked at the directory when the job was handed in. */
  private RunRequest runRequest(JobPlan plan) {
    Path directory = Path.of(start.order().runDirectory());
    boolean resume = start.order().resume() || means.tenancy().inGroup() && RunDirectory.holdsRun(directory);
    return start.order().in(directory, resume).runRequest(plan, start.planned().arithmetic());
  }

  private Behavior<Command> opening(JobPlan plan, CompletableFuture<DirectoryOpened> underway,
      Optional<String> cancelled) {
    return state(() -> underway.thenAccept(DirectoryOpened::close), cutOff(), command -> switch (command) {
      case DirectoryOpened(Opening opening) -> switch (opening) {
        case Opening.Refused(List<Problem> problems) -> tell(badInput(problems));
        case Opening.Finished(String table, String summary) -> tell(new JobEvent.AlreadyFinished(table, summary));
        case Opening.Opened(RunDirectory directory, boolean resumed) -> {
          Run run = new Run(directory, RunLog.attach(directory.logFile(), jobId(), !means.tenancy().inGroup()));
          yield cancelled.isPresent()
              ? release(run, new JobEvent.Cancelled(cancelled.get()))
              : start(plan, run, resumed);
        }
      };
      case End end -> opening(plan, underway, cancelled.or(() -> Optional.of(end.reason())));
      case DiskFailed(Throwable cause) -> tell(failure(cause));
      case JobChecked _,JobTold _,JobStopped _,TimedOut _,Released _,Settled _ -> Behaviors.same();
    });
  }

  private Behavior<Command> start(JobPlan plan, Run run, boolean resumed) {
    relay(new JobEvent.Accepted(jobId(), run.directory().path().toString(), run.directory().incarnation()));
    relay(new JobEvent.Planned(start.planned().layout(), start.planned().explanation()));
    try {
      ActorRef<JobEvent> events = context.messageAdapter(JobEvent.class, JobTold::new);
      Behavior<JobCommand> behavior = JobMdc.carried(plan.start(new JobContext(start.order().spec(), run.directory(),
          start.planned().layout(), start.slots(), events, resumed, means.tenancy().inGroup(),
          JobContext.freshTokens(start.planned().layout()))));
      // It begins with a message: of an actor that fails before its first message Pekko tells no cause.
      ActorRef<JobCommand> job = context.spawn(
          Behaviors.supervise(Behaviors.<JobCommand>receiveMessage(_ -> behavior)).onFailure(UNLOGGED),
          start.order().spec().kind(), DispatcherSelector.blocking());
      job.tell(new Begin());
      context.watch(job);
      return running(run, job, Optional.empty());
    } catch (RuntimeException e) {
      return release(run, failure(e));
    }
  }

  private Behavior<Command> running(Run run, ActorRef<JobCommand> job, Optional<String> cancelled) {
    return state(run::close, cutOff(), command -> switch (command) {
      case JobTold(JobEvent event) when event.isLast() -> {
        context.getLog().info("{}", event);
        timers.cancel("cancel");
        timers.startSingleTimer("stop",
            new TimedOut("did not stop within " + means.timeouts().stop().toSeconds() + " s of its last event"),
            means.timeouts().stop());
        yield ending(run, job, event);
      }
      case JobTold(JobEvent event) -> {
        relay(event);
        yield Behaviors.same();
      }
      case Cancel(String reason) when cancelled.isEmpty() ->
        cancel(run, job, reason, means.timeouts().cancel(), " s of being cancelled");
      case Abandon(String reason, _) -> cancel(run, job, cancelled.orElse(reason), means.timeouts().abandon(), " s");
      case TimedOut(String what) -> {
        stop(job, what);
        yield ending(run, job, new JobEvent.Cancelled(cancelled.orElse("") + " (it " + what + ")"));
      }
      case JobStopped(Optional<Throwable> death) -> {
        JobEvent last = death.map(JobSupervisor::failure)
            .orElseGet(() -> cancelled.<JobEvent>map(JobEvent.Cancelled::new).orElse(
                new JobEvent.Failed(false, "job " + jobId() + " stopped without saying how it ended")));
        context.getLog().info("{}", last);
        yield release(run, last);
      }
      case Cancel _,JobChecked _,DirectoryOpened _,Released _,Settled _,DiskFailed _ -> Behaviors.same();
    });
  }

  private Behavior<Command> cancel(Run run, ActorRef<JobCommand> job, String reason, Duration within, String of) {
    job.tell(new JobCommand.Cancel(reason));
    timers.startSingleTimer("cancel", new TimedOut("did not end within " + within.toSeconds() + of), within);
    return running(run, job, Optional.of(reason));
  }

  private void stop(ActorRef<JobCommand> job, String what) {
    context.getLog().warn("the actor of job {} {}; it is stopped", jobId(), what);
    context.stop(job);
  }

  private Behavior<Command> ending(Run run, ActorRef<JobCommand> job, JobEvent outcome) {
    return state(run::close, outcome, command -> switch (command) {
      case TimedOut(String what) -> {
        stop(job, what);
        yield Behaviors.same();
      }
      case JobStopped _ -> release(run, outcome);
      case End _,JobTold _,JobChecked _,DirectoryOpened _,Released _,Settled _,DiskFailed _ -> Behaviors.same();
    });
  }

  private Behavior<Command> release(Run run, JobEvent outcome) {
    timers.cancelAll();
    Map<ActorRef<NodeAgent.Command>, String> unreleased = new HashMap<>();
    start.slots().forEach(slot -> unreleased.put(slot.agent(), slot.node()));
    unreleased.keySet().removeAll(gone);
    ActorRef<NodeAgent.JobReleased> answers = context.messageAdapter(NodeAgent.JobReleased.class, Released::new);
    unreleased.keySet().forEach(agent -> agent.tell(new NodeAgent.ReleaseJob(jobId(), answers)));
    timers.startSingleTimer("release", new TimedOut(""), means.timeouts().release());
    return releasing(run, unreleased, outcome);
  }

  private Behavior<Command> releasing(Run run, Map<ActorRef<NodeAgent.Command>, String> unreleased, JobEvent outcome) {
    if (unreleased.isEmpty())
      return settle(run, outcome);
    return state(run::close, outcome, command -> switch (command) {
      case Released(NodeAgent.JobReleased released) -> {
        unreleased.values().removeIf(released.node()::equals);
        yield releasing(run, unreleased, outcome);
      }
      case Abandon(_, var agents) -> {
        unreleased.keySet().removeAll(agents);
        yield releasing(run, unreleased, outcome);
      }
      case TimedOut _ -> {
        context.getLog().warn("{} have not released the ranks of job {}", unreleased.values(), jobId());
        yield settle(run, outcome);
      }
      case Cancel _,JobTold _,JobStopped _,JobChecked _,DirectoryOpened _,Settled _,DiskFailed _ -> Behaviors.same();
    });
  }

  private Behavior<Command> settle(Run run, JobEvent outcome) {
    timers.cancelAll();
    onDisk(() -> write(run.directory(), accounted(outcome)), Settled::new);
    return state(run::close, outcome, command -> switch (command) {
      case Settled(JobEvent last) -> {
        run.close();
        yield tell(last);
      }
      case DiskFailed(Throwable cause) -> {
        run.close();
        yield tell(failure(cause));
      }
      case End _,JobTold _,JobStopped _,TimedOut _,Released _,JobChecked _,DirectoryOpened _ ->
        Behaviors.same();
    });
  }

  private JobEvent accounted(JobEvent last) {
    return last instanceof JobEvent.Finished finished && start.order().plannedPeakBytes() > 0
        ? MemoryAccount.now(start.order().plannedPeakBytes()).addedTo(finished)
        : last;
  }

  private static JobEvent write(RunDirectory directory, JobEvent last) {
    try {
      switch (last) {
        case JobEvent.Finished(String table, String summary) -> directory.finish(table, summary);
        case JobEvent.Failed(_, String message) -> directory.become(RunManifest.State.FAILED, message);
        case JobEvent.Cancelled(String reason) -> directory.become(RunManifest.State.CANCELLED, reason);
        // The others leave the directory as it is.
        default -> {
        }
      }
      return last;
    } catch (StorageException e) {
      return last instanceof JobEvent.Failed(boolean bad, String message)
          ? new JobEvent.Failed(bad, message + "\n" + e.getMessage())
          : failure(e);
    }
  }

  private void relay(JobEvent event) {
    context.getLog().info("{}", event);
    means.coordinator().tell(new Told(jobId(), start.number(), event));
  }

  private Behavior<Command> tell(JobEvent last) {
    context.getLog().info("job {} ended: {}", jobId(), last.getClass().getSimpleName());
    told = true;
    means.coordinator().tell(new Told(jobId(), start.number(), last));
    return Behaviors.stopped();
  }

  private String jobId() {
    return start.order().spec().id();
  }

  private JobEvent cutOff() {
    return new JobEvent.Failed(false, "job " + jobId() + " was cut off; run it again with --resume");
  }

  /**
   * A state of this actor.
   *
   * @param giveBack gives back what the state holds, when the coordinator or the node ends first
   * @param last what is told then
   */
  private Behavior<Command> state(Runnable giveBack, JobEvent last, Function<Command, Behavior<Command>> on) {
    return Behaviors.receive(Command.class).onMessage(Abandon.class, abandon -> {
      gone.addAll(abandon.gone());
      return on.apply(abandon);
    }).onAnyMessage(on::apply)
        .onSignal(ChildFailed.class, failed -> {
          context.getLog().info("the actor of job {} died", jobId(), failed.getCause());
          return on.apply(new JobStopped(Optional.of(failed.getCause())));
        })
        .onSignal(Terminated.class, _ -> on.apply(new JobStopped(Optional.empty()))).onSignal(PostStop.class, _ -> {
          if (!told) {
            giveBack.run();
            means.coordinator().tell(new Told(jobId(), start.number(), last));
          }
          return Behaviors.same();
        }).build();
  }

  private <T> CompletableFuture<T> onDisk(Callable<T> work, Function<T, Command> done) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> {
      try {
        return work.call();
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    }, JobMdc.BLOCKING);
    context.pipeToSelf(result, (value, cause) -> cause == null ? done.apply(value) : new DiskFailed(cause));
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
