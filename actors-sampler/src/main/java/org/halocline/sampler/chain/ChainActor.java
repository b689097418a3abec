package org.halocline.sampler.chain;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.domain.SimulationActor;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.run.Checkpoint;
import org.halocline.runtime.run.CheckpointStore;
import org.halocline.runtime.run.JobMark;
import org.halocline.runtime.run.PartDigest;
import org.halocline.runtime.run.StorageException;
import org.halocline.sampler.adapt.Adaptation;
import org.halocline.sampler.draws.DrawFile;
import org.halocline.sampler.hmc.Hamiltonian;
import org.halocline.sampler.hmc.TrajectoryPlan;
import org.halocline.sampler.hmc.Transition;

/**
 * Drives one chain through its domain: a start or a checkpoint, the warm-up, the draws. One command at a time is out. After
 * each draw it learns, appends a row and, when it is time, has all ranks write a checkpoint, which it commits; checkpoints
 * change no number. Ends with the last of its {@link ChainEvent}s and stops. Checkpoints are read and written on threads of
 * their own; the rest, opening files and appending rows, on the actor's: spawn it where actors may block.
 */
public final class ChainActor extends AbstractBehavior<ChainActor.Command> {
  private static final Executor DISK = JobMark.carried(task -> Thread.ofVirtual().name("chain-disk").start(task));

  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /**
   * Come to an end: after the present trajectory, with a checkpoint, where that takes no longer than {@code within}; otherwise the
   * trajectory is cut off and the last checkpoint stays. What is there before the first draw is cut off at once.
   */
  public record Stop(String reason, Duration within) implements Command {}

  private record Hurry() implements Command {}

  private record Loaded(Optional<Resumption> resumption) implements Command {}

  private record Answered(SimulationActor.Reply reply) implements Command {}

  private record Committed(Checkpoint checkpoint) implements Command {}

  private record DiskFailed(String message) implements Command {}

  private record Resumption(Checkpoint checkpoint, ChainState state) {}

  private final TimerScheduler<Command> timers;
  private final ChainSettings settings;
  private final CheckpointStore store;
  private final ActorRef<SimulationActor.Command> domain;
  private final ActorRef<ChainEvent> events;
  private final ActorRef<SimulationActor.Reply> replies;
  private final LongSupplier clockNs;
  private final ChainProgress progress;
  private Optional<Adaptation> adaptation = Optional.empty();
  private Optional<DrawFile> file = Optional.empty();
  private Optional<Resumption> resumption = Optional.empty();
  private Optional<CheckpointStore.Draft> draft = Optional.empty();
  private Optional<Checkpoint> last = Optional.empty();
  private Optional<TrajectoryPlan> out = Optional.empty();
  /** What the ranks are at. */
  private Optional<ChainCommand> underway = Optional.empty();
  private Optional<String> stopping = Optional.empty();
  private double[] unconstrained = {};
  private List<LaneUse> lanes = List.of();
  private int attempt;
  private int next;
  private int counted;
  private int drawsSinceCheckpoint;
  private long checkpointNs;
  private long saveNs;
  private boolean dirty;

  /** @param clockNs for progress and for the times of checkpoints */
  public static Behavior<Command> create(ChainSettings settings, CheckpointStore store,
      ActorRef<SimulationActor.Command> domain, ActorRef<ChainEvent> events, LongSupplier clockNs) {
    return Behaviors.setup(context -> Behaviors
        .withTimers(timers -> new ChainActor(context, timers, settings, store, domain, events, clockNs)));
  }

  private ChainActor(ActorContext<Command> context, TimerScheduler<Command> timers, ChainSettings settings,
      CheckpointStore store,
      ActorRef<SimulationActor.Command> domain, ActorRef<ChainEvent> events, LongSupplier clockNs) {
    super(context);
    this.timers = timers;
    this.settings = settings;
    this.store = store;
    this.domain = domain;
    this.events = events;
    this.clockNs = clockNs;
    this.replies = context.messageAdapter(SimulationActor.Reply.class, Answered::new);
    this.progress = new ChainProgress(settings, clockNs);
    this.checkpointNs = clockNs.getAsLong();
    context.watch(domain);
    onDisk(this::load, Loaded::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).onSignal(Terminated.class, _ -> domainGone())
        .onSignal(PostStop.class, _ -> closeFile()).build();
  }

  private Behavior<Command> on(Command command) {
    if (command instanceof Answered)
      underway = Optional.empty();
    try {
      return switch (command) {
        case Loaded(Optional<Resumption> found) -> begin(found);
        case Answered(SimulationActor.Done(int chain, ChainReply.Started started, List<LaneUse> _)) -> started(started);
        case Answered(SimulationActor.Done(int chain, ChainReply.Outside(String why), List<LaneUse> _)) -> outside(why);
        case Answered(SimulationActor.Done(int chain, ChainReply.Moved(Transition transition, Collected collected), List<LaneUse> used)) -> {
          lanes = used;
          progress.collected(collected);
          yield moved(transition);
        }
        case Answered(SimulationActor.Done(int chain, ChainReply.Saved saved, List<LaneUse> _)) -> commit(saved);
        case Answered(SimulationActor.Done done) -> fail("unexpected reply " + done.reply(), false);
        case Answered(SimulationActor.Cancelled(int chain, String why)) -> end(
            new ChainEvent.Cancelled(settings.chain(), why));
        case Answered(SimulationActor.Failed(int chain, String why, boolean badInput)) -> fail(why, badInput);
        case Committed(Checkpoint checkpoint) -> committed(checkpoint);
        case DiskFailed(String message) -> fail(message, false);
        case Stop(String reason, Duration within) -> stop(reason, within);
        case Hurry() -> hurry();
      };
    } catch (StorageException failed) {
      return fail(failed.getMessage(), false);
    }
  }

  private Behavior<Command> stop(String reason, Duration within) {
    stopping = stopping.or(() -> Optional.of(reason));
    if (out.isEmpty())
      return hurry();
    timers.startSingleTimer(new Hurry(), within);
    return this;
  }

  /** Cuts off what the ranks are at, but for a checkpoint that they write. */
  private Behavior<Command> hurry() {
    underway.filter(command -> !(command instanceof ChainCommand.Save))
        .ifPresent(_ -> domain.tell(new SimulationActor.Cancel(settings.chain(), stopping.orElseThrow())));
    return this;
  }

  private Optional<Resumption> load() throws IOException {
    ChainProgram.prepare(settings.fieldDirectory());
    Optional<Checkpoint> found = store.latest();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Resumption(found.get(), ChainState.parse(found.get().read(ChainState.PART))));
  }

  private Behavior<Command> begin(Optional<Resumption> found) throws StorageException {
    if (stopping.isPresent())
      return end(new ChainEvent.Cancelled(settings.chain(), stopping.get()));
    resumption = found;
    last = found.map(Resumption::checkpoint);
    if (found.isEmpty())
      return settings.from().isPresent()
          ? execute(new ChainCommand.StartFrom(settings.from().get().parts(), settings.from().get().unconstrained()))
          : seek("");
    ChainState state = found.get().state();
    file = Optional.of(DrawFile.resume(settings.drawFile(), settings.comments(), state.rowBytes()));
    next = state.next();
    counted = state.counted();
    unconstrained = state.unconstrained();
    adaptation = Optional.of(new Adaptation(settings.adaptation(), settings.seed(), settings.chain(),
        unconstrained.length));
    adaptation.get().restore(state.adaptation());
    progress.restore(state);
    if (next >= settings.total())
      return finish();
    Checkpoint checkpoint = found.get().checkpoint();
    return execute(new ChainCommand.Restore(checkpoint.directory().toString(), List.copyOf(checkpoint.names()),
        unconstrained, counted));
  }

  /** Tries the next draw from the prior as a start. */
  private Behavior<Command> seek(String lastOutside) {
    if (stopping.isPresent())
      return end(new ChainEvent.Cancelled(settings.chain(), stopping.get()));
    progress.seeking(attempt, lastOutside).ifPresent(events::tell);
    return execute(new ChainCommand.Start(attempt));
  }

  private Behavior<Command> outside(String why) {
    if (settings.from().isPresent())
      return fail("the state that infer.start-from names has no density in this job: " + why
          + "; start from a run of a job more like this one, or leave infer.start-from out", true);
    attempt++;
    return attempt < Hamiltonian.ATTEMPTS
        ? seek(why)
        : fail("no start was found in " + attempt + " draws from the prior; at the last one, " + why
            + ": narrow the priors or raise the limit", true);
  }

  private Behavior<Command> started(ChainReply.Started started) throws StorageException {
    progress.began();
    progress.named(started.names());
    if (resumption.isEmpty()) {
      unconstrained = started.at().unconstrained();
      adaptation = Optional.of(new Adaptation(settings.adaptation(), settings.seed(), settings.chain(),
          unconstrained.length));
      settings.from().ifPresent(start -> adaptation.get().begin(start.stepSize(), start.inverseMetric()));
      file = Optional.of(DrawFile.begin(settings.drawFile(), settings.comments(), started.names(),
          List.copyOf(started.at().derived().keySet())));
      if (settings.adaptation().warmUp() == 0)
        writeAdapted();
      dirty = true;
    }
    return proceed(); // a start that took long is kept at once
  }

  private Behavior<Command> moved(Transition transition) throws StorageException {
    TrajectoryPlan plan = out.orElseThrow();
    Adaptation learned = adaptation.orElseThrow();
    double usedStep = plan.stepSize();
    learned.learn(plan, transition.acceptance(), transition.unconstrained());
    progress.gradients(transition.gradients());
    drawn(plan.draw(), transition, usedStep);
    return proceed();
  }

  private void drawn(int draw, Transition transition, double usedStep) throws StorageException {
    unconstrained = transition.unconstrained();
    boolean sampling = draw >= settings.adaptation().warmUp();
    if (sampling)
      counted++;
    if (sampling || settings.saveWarmUp())
      file.orElseThrow().draw(transition, usedStep);
    if (draw == settings.adaptation().warmUp() - 1)
      writeAdapted();
    Adaptation learned = adaptation.orElseThrow();
    next = draw + 1;
    drawsSinceCheckpoint++;
    dirty = true;
    progress.drawn(transition, sampling);
    progress.line(next, learned.phase(draw), learned.stepSize()).ifPresent(events::tell);
  }

  private void writeAdapted() throws StorageException {
    Adaptation learned = adaptation.orElseThrow();
    file.orElseThrow().adapted(learned.stepSize(), learned.metric().inverse(), unconstrained.length,
        settings.adaptation().dense());
  }

  private Behavior<Command> proceed() throws StorageException {
    boolean complete = next >= settings.total();
    if (dirty && (complete || stopping.isPresent() || due()))
      return save();
    if (complete)
      return finish();
    if (stopping.isPresent())
      return end(new ChainEvent.Cancelled(settings.chain(), stopping.get()));
    TrajectoryPlan plan = adaptation.orElseThrow().plan(next);
    out = Optional.of(plan);
    boolean counts = next >= settings.adaptation().warmUp();
    String noise = settings.writesNoise(next) ? fieldFile("noise") : "";
    String arrays = settings.writesArrays(next) ? settings.fieldDirectory().toString() : "";
    return execute(new ChainCommand.Trajectory(plan, counts, noise, arrays, drawName()));
  }

  private String fieldFile(String what) {
    return settings.fieldDirectory().resolve(what + drawName()).toString();
  }

  private String drawName() {
    return String.format(java.util.Locale.ROOT, "-chain-%d-draw-%05d.npy", settings.chain(),
        next - settings.adaptation().warmUp() + 1);
  }

  private boolean due() {
    return drawsSinceCheckpoint >= settings.checkpointDraws()
        || clockNs.getAsLong() - checkpointNs >= settings.checkpointEvery().toNanos();
  }

  private Behavior<Command> save() throws StorageException {
    saveNs = clockNs.getAsLong();
    CheckpointStore.Draft begun = store.begin();
    draft = Optional.of(begun);
    return execute(new ChainCommand.Save(begun.path("x").getParent().toString()));
  }

  private Behavior<Command> commit(ChainReply.Saved saved) {
    CheckpointStore.Draft ready = draft.orElseThrow();
    DrawFile rows = file.orElseThrow();
    ChainState state = progress.state(next, unconstrained, counted, rows.length(), adaptation.orElseThrow().state());
    onDisk(() -> {
      rows.sync();
      saved.parts().forEach(ready::add);
      ready.write(ChainState.PART, state.toBytes());
      return ready.commit(java.util.Map.of("next", Integer.toString(state.next())));
    }, Committed::new);
    return this;
  }

  private Behavior<Command> committed(Checkpoint checkpoint) throws StorageException {
    last = Optional.of(checkpoint);
    dirty = false;
    drawsSinceCheckpoint = 0;
    checkpointNs = clockNs.getAsLong();
    events.tell(progress.checkpointed(checkpointNs - saveNs,
        checkpoint.parts().values().stream().mapToLong(PartDigest::bytes).sum()));
    return proceed();
  }

  private Behavior<Command> finish() throws StorageException {
    file.orElseThrow().ended();
    Adaptation learned = adaptation.orElseThrow();
    return end(new ChainEvent.Finished(settings.chain(),
        progress.report(next, counted, learned.stepSize(), learned.metric().inverse(), lanes), last.orElseThrow()));
  }

  private Behavior<Command> execute(ChainCommand command) {
    underway = Optional.of(command);
    domain.tell(new SimulationActor.Execute(settings.chain(), command, replies));
    return this;
  }

  private Behavior<Command> domainGone() {
    return fail("the actor that leads the domain ended unexpectedly; see the log", false);
  }

  private Behavior<Command> fail(String message, boolean badInput) {
    return end(new ChainEvent.Failed(settings.chain(), message, badInput));
  }

  private Behavior<Command> end(ChainEvent event) {
    events.tell(event);
    return Behaviors.stopped();
  }

  private Behavior<Command> closeFile() {
    file.ifPresent(open -> {
      try {
        open.close();
      } catch (StorageException failed) {
        getContext().getLog().warn("{}", failed.getMessage());
      }
    });
    return this;
  }

  private <T> void onDisk(Callable<T> work, Function<T, Command> done) {
    CompletableFuture<T> future = CompletableFuture.supplyAsync(() -> {
      try {
        return work.call();
      } catch (Exception failed) {
        throw new CompletionException(failed);
      }
    }, DISK);
    getContext().pipeToSelf(future, (result, failure) -> failure == null
        ? done.apply(result)
        : new DiskFailed(message(failure)));
  }

  private static String message(Throwable failure) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    return cause instanceof IOException ? cause.getMessage() : cause.toString();
  }
}
