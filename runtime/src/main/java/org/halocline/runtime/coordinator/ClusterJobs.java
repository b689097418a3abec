package org.halocline.runtime.coordinator;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.runtime.cluster.CancelReply;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.store.DiskQueue;
import org.halocline.runtime.store.EventJournal;
import org.halocline.runtime.store.JobKey;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.StoredJob;
import org.halocline.runtime.store.Takeover;
import org.halocline.runtime.supervisor.JobSupervisor;
import org.halocline.runtime.supervisor.Timeouts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a cluster, or of a process that runs jobs for itself: queued, started, started again after failures,
 * ended. Every change is on disk before anything follows from it; a change that the disk refuses is tried again. In a
 * process that runs for itself a job that failed has ended, and the process forgets it. All methods are called on the
 * coordinator's thread.
 */
final class ClusterJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterJobs.class);
  /** Of jobs against their inputs, a few at a time: each reads all of them. */
  static final Executor CHECKS = Executors.newFixedThreadPool(4,
      Thread.ofVirtual().name("job-check-", 0).factory());
  private static final Duration CHECK_AGAIN = Duration.ofSeconds(10);
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(3);
  private static final String TOLD_TO_END = "the process was told to end";

  record Means(JobStore store, DiskQueue disk, LaneAllocation lanes, EventJournal journal, JobKinds kinds, Clock clock,
      Timeouts timeouts) {}

  private final ActorContext<CoordinatorMessage> context;
  private final TimerScheduler<CoordinatorMessage> timers;
  private final Means means;
  /** Jobs that go on, and jobs that have ended and whose supervisor has not gone yet. */
  private final Map<String, JobEntry> jobs = new TreeMap<>();
  private final EndedJobs ended;
  private final JobSupervisor.Means supervision;
  private Set<String> unread = Set.of();
  private boolean closing;
  private int started;

  ClusterJobs(ActorContext<CoordinatorMessage> context, TimerScheduler<CoordinatorMessage> timers, Means means) {
    this.context = context;
    this.timers = timers;
    this.means = means;
    this.ended = new EndedJobs(context, means.store(), this::of);
    this.supervision = new JobSupervisor.Means(means.kinds(), means.clock(), means.timeouts(), means.store().tenancy(),
        context.messageAdapter(JobSupervisor.Told.class, told -> of(new CoordinatorNews.SupervisorTold(told))));
  }

  /** News of these jobs, and not of the jobs of the same actor before its restart. */
  CoordinatorMessage of(CoordinatorNews.JobNews news) {
    return new CoordinatorNews.OfJobs(this, news);
  }

  /** Goes on after work on the state directory, unless that has a later owner. */
  <T> void onDisk(CompletionStage<T> work, Function<T, CoordinatorNews.JobNews> done,
      Function<Throwable, CoordinatorNews.JobNews> failed) {
    context.pipeToSelf(work,
        (found, problem) -> of(problem == null
            ? done.apply(found)
            : DiskQueue.superseded(problem).<CoordinatorNews.JobNews>map(CoordinatorNews.Superseded::new)
                .orElseGet(() -> failed.apply(problem))));
  }

  private long now() {
    return means.clock().millis();
  }

  /** Goes on with the jobs of the coordinator before. */
  void adopt(Takeover left) {
    ended.add(left.ended());
    for (StoredJob job : left.lastEnded())
      ended.add(job.order().key(), new JobEntry(job, now()).status(List.of(), now()));
    Map<String, CompletionStage<Boolean>> telling = new HashMap<>();
    left.untold().forEach((id, event) -> telling.put(id, means.journal().add(id, event)));
    for (StoredJob job : left.jobs()) {
      JobEntry entry = new JobEntry(job, now());
      jobs.put(entry.id(), entry);
      if (entry.state.state().isLast()) {
        told(entry, telling.getOrDefault(entry.id(), CompletableFuture.completedFuture(true)));
        continue;
      }
      entry.arithmetic = Optional.ofNullable(left.arithmetics().get(entry.id()));
      if (entry.isAt(JobState.RUNNING))
        orphaned(entry, left.checkpoints().getOrDefault(entry.id(), 0L));
      if (entry.state.state().isLast())
        continue;
      if (entry.state.cancelled().isPresent())
        end(entry, JobState.CANCELLED, new JobEvent.Cancelled(entry.state.cancelled().get()));
      else
        check(entry);
    }
    unread = left.unread();
    if (!unread.isEmpty())
      timers.startSingleTimer("unread", of(new CoordinatorNews.ReadAgain()), CHECK_AGAIN);
  }

  /** Jobs that the disk would not give when the coordinator took over. */
  void readAgain() {
    context.getLog().warn("jobs {} cannot be read yet", unread);
    Set<String> wanted = unread;
    context.pipeToSelf(
        means.disk().run(() -> Takeover.of(means.store(), means.store().load(wanted), StatusReport.MOST_JOBS)),
        (left, problem) -> of(new CoordinatorNews.ReadNow(problem == null ? Optional.of(left) : Optional.empty())));
  }

  void readNow(Optional<Takeover> left) {
    if (left.isPresent())
      adopt(left.get());
    else
      timers.startSingleTimer("unread", of(new CoordinatorNews.ReadAgain()), CHECK_AGAIN);
  }

  /** It ran under a coordinator that is gone, and no longer than that lived. */
  private void orphaned(JobEntry job, long checkpoint) {
    long started = job.state.lastStartEpochMillis();
    long alive = Math.max(means.store().predecessorAliveEpochMillis(), started);
    job.loss = Optional.of(new JobEntry.Loss("the coordinator is gone", Math.max(0, now() - alive), now(),
        Math.max(0, alive - Math.max(checkpoint, started))));
    job.set(job.state.queued("", job.state.fruitless(), job.state.ranMillis() + alive - started));
    interrupted(job, "the coordinator is gone", checkpoint > started);
  }

  /** The job was found good when it was handed in. A fault that it has now may pass: a disk that is not there, say. */
  void check(JobEntry job) {
    context.pipeToSelf(CompletableFuture.supplyAsync(
        () -> means.kinds().check(job.order.order().spec(), _ -> Optional.empty()), CHECKS),
        (found, problem) -> of(new CoordinatorNews.JobChecked(job, problem == null
            ? found
            : Checked.invalid(Problem.of("job", problem.toString(), "")))));
  }

  void checked(JobEntry job, Checked<CheckedJob> checked) {
    if (!job.isAt(JobState.QUEUED) || job.plan.isPresent())
      return;
    switch (checked) {
      case Checked.Valid<CheckedJob>(CheckedJob valid) -> {
        job.plan = Optional.of(valid.plan());
        schedule();
      }
      case Checked.Invalid<CheckedJob>(List<Problem> problems) -> {
        String why = "cannot go on yet: " + Problem.lines(problems);
        if (!why.equals(job.why))
          means.journal().add(job.id(), new JobEvent.Waiting(why));
        job.why = why;
        timers.startSingleTimer("check " + job.id(), of(new CoordinatorNews.Check(job)), CHECK_AGAIN);
      }
    }
  }

  /** Empty if there is no such job, if it has {@link #ended}, or could not be read. */
  Optional<JobEntry> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  Stream<JobEntry> entries() {
    return jobs.values().stream();
  }

  EndedJobs ended() {
    return ended;
  }

  /** How many of those that have not ended are there. */
  int at(JobState state) {
    return (int) jobs.values().stream().filter(job -> job.isAt(state)).count();
  }

  int all() {
    return jobs.size() + ended.size();
  }

  boolean isToken(String token) {
    return means.store().isToken(token);
  }

  /** Whether there is such a job, but the disk does not give it now. */
  boolean isUnread(String id) {
    return unread.contains(id);
  }

  boolean isClosing() {
    return closing;
  }

  /** Whether a job has ended in a process that runs for itself: it may be run again at once. */
  boolean isForgotten(JobEntry job) {
    return !means.store().outlives() && job.state.state().isLast();
  }

  /** A job that goes on and runs there, or is to run there. */
  Optional<JobEntry> in(String runDirectory) {
    return jobs.values().stream().filter(job -> !job.state.state().isLast())
        .filter(job -> job.order.runDirectory().equals(runDirectory)).findFirst();
  }

  /** Takes a job that is on disk. */
  void queue(JobEntry job) {
    ended.remove(job.id());
    jobs.put(job.id(), job);
    context.getLog().info("job {} is queued, to run in {}", job.id(), job.order.runDirectory());
    if (means.store().outlives())
      means.journal().add(job.id(), new JobEvent.Waiting(job.why));
    else
      means.journal().forget(job.id());
    if (closing && !means.store().outlives())
      cancel(job, TOLD_TO_END, Optional.empty());
  }

  /** Ends a job soon, if it has not ended; answers once that is on the disk. */
  void cancel(JobEntry job, ClusterRequest.Cancel asked) {
    if (job.state.state().isLast())
      asked.replyTo().tell(new CancelReply.Cancelling(status(job)));
    else
      cancel(job, asked.reason(), Optional.of(asked.replyTo()));
  }

  private void cancel(JobEntry job, String reason, Optional<ActorRef<CancelReply>> asker) {
    save(job, job.state.cancelled().isPresent() ? job.state : job.state.cancelled(reason),
        new CoordinatorNews.Cancel(reason, asker));
  }

  private void cancelKept(JobEntry job, String reason, Optional<ActorRef<CancelReply>> asker) {
    asker.ifPresent(replyTo -> replyTo.tell(new CancelReply.Cancelling(status(job))));
    if (job.supervisor.isPresent())
      job.supervisor.get().tell(new JobSupervisor.Cancel(reason));
    else if (!job.starting && !job.state.state().isLast())
      end(job, JobState.CANCELLED, new JobEvent.Cancelled(reason));
  }

  void schedule() {
    if (!means.store().outlives() && means.lanes().nodes() == 0)
      return;
    while (!closing) {
      List<JobEntry> ready = jobs.values().stream().filter(job -> job.isReady(now())).toList();
      Map<String, String> before = new TreeMap<>();
      ready.forEach(job -> before.put(job.id(), job.why));
      Optional<Scheduler.Choice> choice = Scheduler.next(ready, means.lanes().free(now()), means.lanes().all(now()),
          means.lanes().unused(now()), now());
      ready.stream().filter(job -> !job.why.equals(before.get(job.id())))
          .filter(job -> choice.map(Scheduler.Choice::job).orElse(null) != job)
          .forEach(job -> means.journal().add(job.id(), new JobEvent.Waiting(job.why)));
      if (choice.isEmpty()) {
        if (!means.store().outlives())
          ready.forEach(this::endIfItNeverFits);
        return;
      }
      start(choice.get());
    }
  }

  /** No other node will come. */
  private void endIfItNeverFits(JobEntry job) {
    if (Planner.plan(job.plan.orElseThrow(),
        means.lanes().all(now())) instanceof Checked.Invalid<PlannedLayout>(List<Problem> problems))
      end(job, JobState.FAILED, new JobEvent.Failed(true, Problem.lines(problems)));
  }

  private void start(Scheduler.Choice choice) {
    JobEntry job = choice.job();
    job.starting = true;
    job.begins();
    job.startedNanos = OptionalLong.of(System.nanoTime());
    job.dealt = Optional.of(new JobEntry.Dealt(choice.planned(), means.lanes().deal(job.id(), choice.planned())));
    save(job, job.state.started(choice.planned().layout(), now()), new CoordinatorNews.Start());
  }

  private void startKept(JobEntry job) {
    job.starting = false;
    if (job.state.cancelled().isEmpty() && !closing
        && means.lanes().hasAll(job.dealt.orElseThrow().slots())) {
      supervise(job);
      return;
    }
    means.lanes().takeBack(job.id());
    if (job.state.cancelled().isPresent())
      end(job, JobState.CANCELLED, new JobEvent.Cancelled(job.state.cancelled().get()));
    else
      requeue(job, "its lanes went away before it started", job.state.fruitless(), 0);
  }

  private void supervise(JobEntry job) {
    int number = job.state.starts();
    JobEntry.Dealt dealt = job.dealt.orElseThrow();
    JobOrder order = job.order.order().in(Path.of(job.order.runDirectory()),
        job.order.order().resume() || job.state.incarnation() > 0);
    ActorRef<JobSupervisor.Command> supervisor = context.spawn(
        JobSupervisor.create(new JobSupervisor.Start(order, number, dealt.planned(), dealt.slots()), supervision),
        "job-" + job.id() + "-" + ++started, DispatcherSelector.blocking());
    job.supervisor = Optional.of(supervisor);
    context.watchWith(supervisor, of(new CoordinatorNews.SupervisorTold(new JobSupervisor.Told(job.id(), number,
        new JobEvent.Failed(false, "the supervisor of job " + job.id() + " died; see the log")))));
  }

  void hear(JobSupervisor.Told told) {
    JobEntry job = jobs.get(told.jobId());
    if (job == null || job.state.starts() != told.start())
      return;
    if (told.event().isLast() && job.supervisor.isPresent())
      release(job);
    hear(job, told.event());
  }

  private void release(JobEntry job) {
    job.supervisor = Optional.empty();
    job.dealt = Optional.empty();
    means.lanes().takeBack(job.id());
    letGo(job);
    schedule();
  }

  private void hear(JobEntry job, JobEvent event) {
    if (!job.isAt(JobState.RUNNING))
      return;
    job.hear(event, now());
    if (event.isLast()) {
      ended(job, event);
      return;
    }
    if (job.cameFurther()) {
      job.noting = true;
      save(job, job.state, new CoordinatorNews.NoteAgain());
    }
    means.journal().add(job.id(), event);
    if (event instanceof JobEvent.Accepted accepted) {
      job.arithmetic = job.dealt.map(dealt -> dealt.planned().arithmetic()).filter(begun -> !begun.isEmpty());
      Optional<Recovery> recovery = job.recovered(now());
      save(job, job.state.accepted(accepted.incarnation(), recovery), new CoordinatorNews.Nothing());
      recovery.ifPresent(figures -> {
        context.getLog().info("job {} runs again: {}", job.id(), figures);
        means.journal().add(job.id(), new JobEvent.Recovered(figures));
      });
    }
  }

  private void ended(JobEntry job, JobEvent last) {
    if (!means.store().outlives()) {
      end(job, switch (last) {
        case JobEvent.Finished _,JobEvent.AlreadyFinished _ -> JobState.FINISHED;
        case JobEvent.Cancelled _ -> JobState.CANCELLED;
        default -> JobState.FAILED;
      }, last);
      return;
    }
    boolean cameFurther = job.hasCheckpoint();
    switch (last) {
      case JobEvent.Finished _,JobEvent.AlreadyFinished _ -> end(job, JobState.FINISHED, last);
      case JobEvent.Failed(_, String message) when StorageException.tellsOfFullDisk(message)
          && job.state.cancelled().isEmpty() ->
        waitForSpace(job, message);
      case JobEvent.Failed(boolean badInput, String message) when badInput && job.loss.isEmpty()
          && job.parking.isEmpty() ->
        end(job, JobState.FAILED, last);
      default -> {
        if (job.state.cancelled().isPresent())
          end(job, JobState.CANCELLED, new JobEvent.Cancelled(job.state.cancelled().get()));
        else if (job.parking.isPresent())
          requeue(job, job.parking.get(), 0, 0);
        else if (job.loss.isPresent())
          interrupted(job, job.loss.get().cause(), cameFurther);
        else if (last instanceof JobEvent.Failed(_, String message)) {
          job.loss = Optional.of(new JobEntry.Loss(message, 0, now(), now() - job.lastGoodEpochMillis()));
          interrupted(job, message, cameFurther);
        } else
          end(job, JobState.CANCELLED, last);
      }
    }
  }

  private void interrupted(JobEntry job, String cause, boolean cameFurther) {
    int fruitless = cameFurther ? 0 : job.state.fruitless() + 1;
    job.failedOf(cause);
    if (fruitless > job.order.order().terms().mostRestarts()) {
      end(job, JobState.FAILED, new JobEvent.Failed(false, "started " + fruitless
          + " times in a row without coming further; the last causes: " + String.join("; ", job.causes())));
      return;
    }
    means.journal().add(job.id(), new JobEvent.Interrupted(cause, fruitless));
    requeue(job, "is to go on: " + cause, fruitless, RestartPause.after(fruitless));
  }

  /** For as long as it takes: a start without space is not the job's fault. */
  private void waitForSpace(JobEntry job, String message) {
    means.journal().add(job.id(), new JobEvent.Interrupted(message, job.state.fruitless()));
    requeue(job, "waits for space: " + message, job.state.fruitless(), RestartPause.forSpace(job.fullDisks++));
  }

  private void requeue(JobEntry job, String why, int fruitless, long pauseMillis) {
    job.notBeforeEpochMillis = now() + pauseMillis;
    job.waitingSinceEpochMillis = now();
    save(job, job.state.queued(why, fruitless, job.ranMillis(System.nanoTime())),
        new CoordinatorNews.Queue());
    if (pauseMillis > 0)
      timers.startSingleTimer("pause " + job.id(), of(new CoordinatorNews.Schedule()),
          Duration.ofMillis(pauseMillis + 1));
  }

  /** For good: first on disk, then told. */
  private void end(JobEntry job, JobState last, JobEvent event) {
    String why = switch (event) {
      case JobEvent.Failed(_, String message) -> message;
      case JobEvent.Cancelled(String reason) -> reason;
      default -> "";
    };
    context.getLog().info("job {} is {}: {}", job.id(), last, why);
    save(job, job.state.ended(last, why, job.ranMillis(System.nanoTime()), now()),
        new CoordinatorNews.TellEnd(event));
  }

  /** After its last event: once that is kept no later coordinator need look at it again, nor this one keep it. */
  private void told(JobEntry job, CompletionStage<Boolean> kept) {
    job.told = true;
    JobKey key = job.order.key();
    if (!job.followed)
      onDisk(kept.thenCompose(_ -> means.disk().run(() -> {
        means.store().markEnded(key);
        return true;
      })), _ -> new CoordinatorNews.Done(), problem -> {
        LOG.warn("that job {} has ended is not marked: {}", key.id(), cause(problem));
        return new CoordinatorNews.Done();
      });
    letGo(job);
  }

  /** Its plan and its texts leave the memory with the entry. */
  private void letGo(JobEntry job) {
    if (job.told && job.supervisor.isEmpty() && jobs.remove(job.id(), job) && means.store().outlives())
      ended.add(job.order.key(), whole(job));
  }

  private void save(JobEntry job, StoredJob.State next, CoordinatorNews.Next then) {
    job.set(next.progressed(job.progress()));
    write(job, then);
  }

  void write(JobEntry job, CoordinatorNews.Next then) {
    StoredJob.State state = job.state;
    onDisk(means.disk().run(() -> {
      means.store().keep(job.id(), state);
      return true;
    }), _ -> new CoordinatorNews.Kept(job, then), problem -> new CoordinatorNews.NotKept(job, then, problem));
  }

  void notKept(JobEntry job, CoordinatorNews.Next then, Throwable problem) {
    context.getLog().error("the state of job {} cannot be kept, and is tried again: {}", job.id(), cause(problem));
    timers.startSingleTimer(new Object(), of(new CoordinatorNews.KeepAgain(job, then)), WRITE_AGAIN);
  }

  void kept(JobEntry job, CoordinatorNews.Next next) {
    switch (next) {
      case CoordinatorNews.Nothing _ -> {
      }
      case CoordinatorNews.NoteAgain _ -> job.noting = false;
      case CoordinatorNews.Start _ -> startKept(job);
      case CoordinatorNews.Queue _ -> schedule();
      case CoordinatorNews.Cancel(String reason, Optional<ActorRef<CancelReply>> asker) ->
        cancelKept(job, reason, asker);
      case CoordinatorNews.TellEnd(JobEvent event) -> {
        told(job, means.journal().add(job.id(), event));
        schedule();
      }
    }
  }

  static String cause(Throwable problem) {
    return problem.getCause() == null ? problem.toString() : String.valueOf(problem.getCause().getMessage());
  }

  /** A node is gone, and with it what ran there. */
  void lost(ActorRef<NodeAgent.Command> agent, String node, long lastSeenEpochMillis) {
    for (String id : means.lanes().jobsOn(node)) {
      JobEntry job = jobs.get(id);
      String cause = "node " + node + " is gone";
      context.getLog().warn("{}, and job {} ran there", cause, id);
      if (job.loss.isEmpty())
        job.loss = Optional.of(new JobEntry.Loss(cause, now() - lastSeenEpochMillis, now(),
            Math.max(0, lastSeenEpochMillis - job.lastGoodEpochMillis())));
      job.supervisor.ifPresent(supervisor -> supervisor.tell(new JobSupervisor.Abandon(cause, Set.of(agent))));
    }
  }

  /** Jobs on a node end with a checkpoint and go on elsewhere; all of them, when the coordinator itself goes. */
  void park(String node, boolean all) {
    closing |= all;
    if (!means.store().outlives()) {
      jobs.values().stream().filter(job -> !job.state.state().isLast())
          .forEach(job -> cancel(job, TOLD_TO_END, Optional.empty()));
      return;
    }
    Collection<String> ids = all ? List.copyOf(jobs.keySet()) : means.lanes().jobsOn(node);
    for (String id : ids)
      jobs.get(id).supervisor.ifPresent(supervisor -> {
        jobs.get(id).parking = Optional.of("goes on elsewhere: node " + node + " leaves");
        supervisor.tell(new JobSupervisor.Cancel("node " + node + " leaves"));
      });
  }

  /** Whether every job has been given away or has ended. */
  boolean nothingRuns() {
    return !means.store().outlives()
        ? jobs.isEmpty()
        : jobs.values().stream()
            .noneMatch(job -> job.supervisor.isPresent() || job.starting || job.isAt(JobState.RUNNING));
  }

  /** Ends what has run for longer than it may. */
  void tick() {
    if (!means.store().outlives() && means.lanes().nodes() == 0)
      jobs.values().stream().filter(job -> job.isReady(now()))
          .filter(job -> now() - job.waitingSinceEpochMillis > means.timeouts().lanes().toMillis())
          .forEach(job -> end(job, JobState.FAILED, new JobEvent.Failed(false, Problem.of("lanes",
              "no node has offered any for " + means.timeouts().lanes().toSeconds() + " s", "look at the node's log")
              .toString())));
    for (JobEntry job : jobs.values())
      if (job.isAt(JobState.RUNNING) && job.state.cancelled().isEmpty()
          && job.order.order().terms().mostSeconds().isPresent()) {
        long most = job.order.order().terms().mostSeconds().getAsLong();
        if (job.ranMillis(System.nanoTime()) > 1000 * most)
          cancel(job, "it has run for " + most + " s, as long as it may", Optional.empty());
      }
    schedule();
  }

  void stopAll() {
    closing = true;
    jobs.values().forEach(job -> job.supervisor.ifPresent(context::stop));
  }

  @Override
  public void close() {
    ended.close();
  }

  /** Short. */
  JobStatus status(JobEntry job) {
    return StatusReport.shortened(whole(job));
  }

  /** With all its sources, which may be more than a message holds. */
  JobStatus whole(JobEntry job) {
    return job.status(means.lanes().ranks(job.id()), now());
  }
}
