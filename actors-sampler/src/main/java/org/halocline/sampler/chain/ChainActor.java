package org.halocline.sampler.chain;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.domain.SimulationActor;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.log.JobMdc;
import org.halocline.runtime.run.Checkpoint;
import org.halocline.runtime.run.CheckpointStore;
import org.halocline.runtime.run.PartDigest;
import org.halocline.sampler.draws.DrawFile;
import org.halocline.sampler.kernel.ChainPolicy;
import org.halocline.sampler.kernel.Move;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Transition;

/**
 * Drives one chain through its domain. One command to the ranks is out at a time:
 *
 * <pre>
 * loading ─┬─ starting ──┬─ moving ⟲ ── ended
 *          └─ restoring ─┘   ⇅
 *                    saving ── committing
 * </pre>
 *
 * After each draw the policy learns and a row is appended; when it is time, all ranks write a checkpoint, which is
 * committed. Checkpoints change no number. The chain ends with the last of its {@link ChainEvent}s and stops.
 * Checkpoints are read and written on threads of their own; the rest, opening files and appending rows, on the actor's:
 * spawn it where actors may block.
 */
public final class ChainActor {

  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /**
   * Come to an end: after the present move, with a checkpoint, where that takes no longer than {@code within};
   * otherwise the move is cut off and the last checkpoint stays. What is there before the first draw is cut off at
   * once.
   */
  public record Stop(String reason, Duration within) implements Command {}

  private record Hurry() implements Command {}

  private record Loaded(Optional<Resumption> resumption) implements Command {}

  private record Answered(SimulationActor.Reply reply) implements Command {}

  private record Committed(Checkpoint checkpoint) implements Command {}

  private record DiskFailed(String message) implements Command {}

  private record Resumption(Checkpoint checkpoint, ChainState state) {}

  /**
   * A chain that has a place.
   *
   * @param next the draw that comes next
   * @param counted draws in the moments
   * @param dirty whether anything happened since the last checkpoint
   * @param unsaved draws since the last checkpoint
   * @param savedNs when the last checkpoint was written
   * @param lanes what the lanes had done after the last draw
   */
  private record Standing(ChainPolicy policy, DrawFile file, double[] unconstrained, int next, int counted,
      boolean dirty, int unsaved, long savedNs, Optional<Checkpoint> last, List<LaneUse> lanes) {

    Standing drawn(double[] at, boolean counts, List<LaneUse> used) {
      return new Standing(policy, file, at, next + 1, counted + (counts ? 1 : 0), true, unsaved + 1, savedNs, last,
          used);
    }

    Standing saved(Checkpoint checkpoint, long nowNs) {
      return new Standing(policy, file, unconstrained, next, counted, false, 0, nowNs, Optional.of(checkpoint), lanes);
    }
  }

  private interface Step {
    Behavior<Command> take(Command command) throws IOException;
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ChainSettings settings;
  private final CheckpointStore store;
  private final ActorRef<SimulationActor.Command> domain;
  private final ActorRef<ChainEvent> events;
  private final ActorRef<SimulationActor.Reply> replies;
  private final LongSupplier clockNs;
  private final long bornNs;
  private final ChainProgress progress;

  /** @param clockNs for progress and for the times of checkpoints */
  public static Behavior<Command> create(ChainSettings settings, CheckpointStore store,
      ActorRef<SimulationActor.Command> domain, ActorRef<ChainEvent> events, LongSupplier clockNs) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      ChainActor chain = new ChainActor(context, timers, settings, store, domain, events, clockNs);
      context.watch(domain);
      chain.onDisk(chain::load, Loaded::new);
      return chain.loading(Optional.empty());
    }));
  }

  private ChainActor(ActorContext<Command> context, TimerScheduler<Command> timers, ChainSettings settings,
      CheckpointStore store, ActorRef<SimulationActor.Command> domain, ActorRef<ChainEvent> events,
      LongSupplier clockNs) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.store = store;
    this.domain = domain;
    this.events = events;
    this.clockNs = clockNs;
    this.bornNs = clockNs.getAsLong();
    this.replies = context.messageAdapter(SimulationActor.Reply.class, Answered::new);
    this.progress = new ChainProgress(settings, clockNs);
  }

  // The states. In each of them stopping is the reason to end soon, once there is one.

  private Behavior<Command> loading(Optional<String> stopping) {
    return state(Optional.empty(), command -> switch (command) {
      case Loaded(Optional<Resumption> found) when stopping.isPresent() -> cancelled(stopping.get());
      case Loaded(Optional<Resumption> found) -> found.isPresent() ? resume(found.get()) : begin();
      case Stop(String reason, Duration _) -> loading(Optional.of(stopping.orElse(reason)));
      default -> other(command);
    });
  }

  /** The ranks look at one place to start from. */
  private Behavior<Command> starting(int attempt, Optional<String> stopping) {
    return state(Optional.empty(), command -> switch (command) {
      case Answered(SimulationActor.Done done) when done.first() instanceof ChainReply.Started started ->
        proceed(started(started), stopping);
      case Answered(SimulationActor.Done done) when done.first() instanceof ChainReply.Outside(String why) ->
        outside(attempt, why, stopping);
      case Stop(String reason, Duration _) -> {
        cutOff(stopping.orElse(reason));
        yield starting(attempt, Optional.of(stopping.orElse(reason)));
      }
      default -> other(command);
    });
  }

  /** The ranks take up a checkpoint. */
  private Behavior<Command> restoring(Standing standing, Optional<String> stopping) {
    return state(Optional.of(standing.file()), command -> switch (command) {
      case Answered(SimulationActor.Done done) when done.first() instanceof ChainReply.Started started -> {
        progress.began(started.names());
        yield proceed(standing, stopping);
      }
      case Stop(String reason, Duration _) -> {
        cutOff(stopping.orElse(reason));
        yield restoring(standing, Optional.of(stopping.orElse(reason)));
      }
      default -> other(command);
    });
  }

  /** The ranks make a draw. */
  private Behavior<Command> moving(Standing standing, Move move, Optional<String> stopping) {
    return state(Optional.of(standing.file()), command -> switch (command) {
      case Answered(SimulationActor.Done done) when done.first() instanceof ChainReply.Moved moved -> {
        progress.collected(moved.collected());
        yield proceed(drawn(standing, move, moved.transition(), done.lanes()), stopping);
      }
      case Stop(String reason, Duration within) -> {
        timers.startSingleTimer(new Hurry(), within);
        yield moving(standing, move, Optional.of(stopping.orElse(reason)));
      }
      case Hurry() -> {
        stopping.ifPresent(this::cutOff);
        yield Behaviors.same();
      }
      default -> other(command);
    });
  }

  /** The ranks write a checkpoint, which is never cut off. */
  private Behavior<Command> saving(Standing standing, CheckpointStore.Draft draft, long sinceNs,
      Optional<String> stopping) {
    return state(Optional.of(standing.file()), command -> switch (command) {
      case Answered(SimulationActor.Done done) when done.first() instanceof ChainReply.Saved -> {
        commit(standing, draft, done.all(ChainReply.Saved.class));
        yield committing(standing, sinceNs, stopping);
      }
      case Stop(String reason, Duration _) -> saving(standing, draft, sinceNs, Optional.of(stopping.orElse(reason)));
      default -> other(command);
    });
  }

  /** The disk makes the checkpoint last. */
  private Behavior<Command> committing(Standing standing, long sinceNs, Optional<String> stopping) {
    return state(Optional.of(standing.file()), command -> switch (command) {
      case Committed(Checkpoint checkpoint) -> {
        long now = clockNs.getAsLong();
        events.tell(progress.checkpointed(now - sinceNs,
            checkpoint.parts().values().stream().mapToLong(PartDigest::bytes).sum()));
        yield proceed(standing.saved(checkpoint, now), stopping);
      }
      case Stop(String reason, Duration _) -> committing(standing, sinceNs, Optional.of(stopping.orElse(reason)));
      default -> other(command);
    });
  }

  private Behavior<Command> state(Optional<DrawFile> file, Step step) {
    return Behaviors.receive(Command.class).onAnyMessage(command -> {
      try {
        return step.take(command);
      } catch (IOException failed) {
        return fail(failed.getMessage(), false);
      }
    }).onSignal(Terminated.class, _ -> fail("the actor that leads the domain ended unexpectedly; see the log", false))
        .onSignal(PostStop.class, _ -> close(file)).build();
  }

  /** What every state does with a command that is not its own. */
  private Behavior<Command> other(Command command) {
    return switch (command) {
      case Answered(SimulationActor.Cancelled(int _, String why)) -> cancelled(why);
      case Answered(SimulationActor.Failed(int _, String why, boolean badInput)) -> fail(why, badInput);
      case Answered(SimulationActor.Done done) -> fail("unexpected reply " + done.first(), false);
      case DiskFailed(String message) -> fail(message, false);
      case Stop _,Hurry _,Loaded _,Committed _ -> Behaviors.same();
    };
  }

  // What leads from one state to the next.

  private Optional<Resumption> load() throws IOException {
    ChainProgram.prepare(settings.fieldDirectory());
    Optional<Checkpoint> found = store.latest();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Resumption(found.get(), ChainState.parse(found.get().read(ChainState.PART))));
  }

  private Behavior<Command> begin() {
    if (settings.from().isEmpty())
      return seek(0, "");
    execute(new ChainCommand.StartFrom(settings.from().get().parts(), settings.from().get().unconstrained()));
    return starting(0, Optional.empty());
  }

  /** Tries a draw from the prior as a start. */
  private Behavior<Command> seek(int attempt, String lastOutside) {
    progress.seeking(attempt, lastOutside).ifPresent(events::tell);
    execute(new ChainCommand.Start(attempt));
    return starting(attempt, Optional.empty());
  }

  private Behavior<Command> outside(int attempt, String why, Optional<String> stopping) {
    if (settings.from().isPresent())
      return fail("the state that infer.start-from names has no density in this job: " + why
          + "; start from a run of a job more like this one, or leave infer.start-from out", true);
    if (attempt + 1 == PhasePoint.ATTEMPTS)
      return fail("no start was found in " + PhasePoint.ATTEMPTS + " draws from the prior; at the last one, " + why
          + ": narrow the priors or raise the limit", true);
    return stopping.isPresent() ? cancelled(stopping.get()) : seek(attempt + 1, why);
  }

  private Standing started(ChainReply.Started started) throws IOException {
    progress.began(started.names());
    Transition at = started.at();
    ChainPolicy policy = policy(at.unconstrained().length);
    if (settings.from().isPresent())
      settings.from().get().begin(policy, settings.sampler().sampler());
    DrawFile file = DrawFile.begin(settings.drawFile(), settings.comments(), policy.columns(), started.names(),
        List.copyOf(at.derived().keySet()));
    if (settings.sampler().warmUp() == 0)
      file.adapted(policy.comments());
    // A start that took long is kept at once.
    return new Standing(policy, file, at.unconstrained(), 0, 0, true, 0, bornNs, Optional.empty(), List.of());
  }

  private Behavior<Command> resume(Resumption found) throws IOException {
    ChainState state = found.state();
    ChainPolicy policy = policy(state.unconstrained().length);
    state.teach(policy);
    progress.restore(state);
    DrawFile file = DrawFile.resume(settings.drawFile(), settings.comments(), state.rowBytes());
    Checkpoint checkpoint = found.checkpoint();
    Standing standing = new Standing(policy, file, state.unconstrained(), state.next(), state.counted(), false, 0,
        bornNs, Optional.of(checkpoint), List.of());
    if (state.next() >= settings.total())
      return finish(standing);
    execute(new ChainCommand.Restore(checkpoint.directory().toString(), List.copyOf(checkpoint.names()),
        state.unconstrained(), state.counted()));
    return restoring(standing, Optional.empty());
  }

  private ChainPolicy policy(int scalars) {
    return settings.sampler().policy(settings.seed(), settings.chain(), scalars);
  }

  private Standing drawn(Standing standing, Move move, Transition transition, List<LaneUse> used)
      throws StorageException {
    ChainPolicy policy = standing.policy();
    policy.learn(move, transition);
    boolean sampling = move.draw() >= settings.sampler().warmUp();
    if (sampling || settings.saveWarmUp())
      standing.file().draw(transition, policy.values(move, transition));
    if (move.draw() == settings.sampler().warmUp() - 1)
      standing.file().adapted(policy.comments());
    progress.drawn(transition, sampling);
    progress.line(move.draw() + 1, policy).ifPresent(events::tell);
    return standing.drawn(transition.unconstrained(), sampling, used);
  }

  /** Saves, moves on or ends: what is to be done between two draws. */
  private Behavior<Command> proceed(Standing standing, Optional<String> stopping) throws StorageException {
    boolean complete = standing.next() >= settings.total();
    if (standing.dirty() && (complete || stopping.isPresent() || due(standing)))
      return save(standing, stopping);
    if (complete)
      return finish(standing);
    return stopping.isPresent() ? cancelled(stopping.get()) : move(standing);
  }

  private boolean due(Standing standing) {
    return standing.unsaved() >= settings.checkpointDraws()
        || clockNs.getAsLong() - standing.savedNs() >= settings.checkpointEvery().toNanos();
  }

  private Behavior<Command> move(Standing standing) {
    int draw = standing.next();
    int warmUp = settings.sampler().warmUp();
    Move move = standing.policy().next(draw);
    String name = String.format(Locale.ROOT, "-chain-%d-draw-%05d.npy", settings.chain(), draw - warmUp + 1);
    execute(new ChainCommand.Draw(move, draw >= warmUp, settings.writes(draw, settings.thinNoise()),
        settings.writes(draw, settings.thinArrays()), settings.fieldDirectory().toString(), name));
    return moving(standing, move, Optional.empty());
  }

  private Behavior<Command> save(Standing standing, Optional<String> stopping) throws StorageException {
    long since = clockNs.getAsLong();
    CheckpointStore.Draft draft = store.begin();
    execute(new ChainCommand.Save(draft.path("x").getParent().toString()));
    return saving(standing, draft, since, stopping);
  }

  private void commit(Standing standing, CheckpointStore.Draft draft, List<ChainReply.Saved> ranks) {
    DrawFile rows = standing.file();
    ChainState state = progress.state(standing.next(), standing.unconstrained(), standing.counted(), rows.length(),
        standing.policy());
    onDisk(() -> {
      rows.sync();
      ranks.forEach(rank -> rank.parts().forEach(draft::add));
      draft.write(ChainState.PART, state.toBytes());
      return draft.commit(Map.of("next", Integer.toString(state.next())));
    }, Committed::new);
  }

  private Behavior<Command> finish(Standing standing) throws StorageException {
    standing.file().ended();
    standing.file().close();
    return end(new ChainEvent.Finished(settings.chain(),
        progress.report(standing.next(), standing.counted(), standing.policy(), standing.lanes()),
        standing.last().orElseThrow()));
  }

  private void execute(ChainCommand command) {
    domain.tell(new SimulationActor.Execute(settings.chain(), command, replies));
  }

  private void cutOff(String reason) {
    domain.tell(new SimulationActor.Cancel(settings.chain(), reason));
  }

  private Behavior<Command> cancelled(String reason) {
    return end(new ChainEvent.Cancelled(settings.chain(), reason));
  }

  private Behavior<Command> fail(String message, boolean badInput) {
    return end(new ChainEvent.Failed(settings.chain(), message, badInput));
  }

  private Behavior<Command> end(ChainEvent event) {
    events.tell(event);
    return Behaviors.stopped();
  }

  private Behavior<Command> close(Optional<DrawFile> file) {
    file.ifPresent(open -> {
      try {
        open.close();
      } catch (StorageException failed) {
        context.getLog().warn("{}", failed.getMessage());
      }
    });
    return Behaviors.same();
  }

  private <T> void onDisk(Callable<T> work, Function<T, Command> done) {
    CompletableFuture<T> future = CompletableFuture.supplyAsync(() -> {
      try {
        return work.call();
      } catch (Exception failed) {
        throw new CompletionException(failed);
      }
    }, JobMdc.BLOCKING);
    context.pipeToSelf(future, (result, failure) -> failure == null
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
