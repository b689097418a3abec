package org.halocline.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgress;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.WireMessage;

/**
 * One rank of a domain. Its mailbox stays responsive: the numbers are made on the chains' own threads, one virtual
 * thread a chain, which take the lane in turns. A chain is opened by its first command. Cancelling raises a flag and
 * revokes transfers; no thread is ever interrupted. When one chain breaks, everything on this rank is revoked and the
 * leader told, since peers may be waiting for what will never come.
 */
public final class SubdomainActor extends AbstractBehavior<SubdomainActor.Command> {

  public sealed interface Command {}

  /** What it tells itself; never leaves the node. */
  private sealed interface Internal extends Command, NoSerializationVerificationNeeded {}

  /** Runs a command on a chain; answered exactly once, unless this actor dies. */
  public record Run(int chain, RankCommand command, ActorRef<Answer> replyTo) implements Command, WireMessage {}

  /** Ends a chain for good: what it runs now stops soon, later commands are refused. */
  public record Cancel(int chain, String why) implements Command, WireMessage {}

  /** The domain is over: every chain stops as by {@link Cancel}. */
  public record Revoke(String why) implements Command, WireMessage {}

  /** Stops this actor, after its chains have stopped and freed their memory. */
  public record Stop() implements Command, WireMessage {}

  /** Whom this rank serves: its death stops this actor. Progress of the chains goes to {@code progress}. */
  public record Follow(ActorRef<SimulationActor.Command> leader, ActorRef<RankProgress> progress)
      implements
        Command,
        WireMessage {}

  private record Ended(int chain, ChainThread.Outcome outcome, ActorRef<Answer> replyTo) implements Internal {}

  private record AllFreed() implements Internal {}

  /** What became of a {@link Run}. */
  public sealed interface Answer extends WireMessage {
    int rank();

    int chain();
  }

  /** @param use what the rank's lane has done so far, for all chains */
  public record Replied(int rank, int chain, RankReply reply, LaneUse use) implements Answer {}

  /** The chain was cancelled, or the domain ended, before the command was done. */
  public record Revoked(int rank, int chain, String why) implements Answer {}

  /**
   * The command failed on this rank, by its own fault.
   *
   * @param place the rank in words
   * @param badInput the job is to blame
   */
  public record Broken(int rank, int chain, String place, String message, boolean badInput) implements Answer {}

  private final Subdomain subdomain;
  private final Map<Integer, ChainThread> chains = new HashMap<>();
  /** Why the whole rank is to end, once it is. */
  private Optional<String> over = Optional.empty();
  private volatile ActorRef<RankProgress> progress;
  private boolean stopping;

  static Behavior<Command> create(Subdomain subdomain) {
    return Behaviors.setup(context -> new SubdomainActor(context, subdomain));
  }

  private SubdomainActor(ActorContext<Command> context, Subdomain subdomain) {
    super(context);
    this.subdomain = subdomain;
    this.progress = context.getSystem().ignoreRef();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).onSignal(Terminated.class, gone -> leaderGone())
        .onSignal(PostStop.class, stopped -> onPostStop()).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Run run -> run(run);
      case Ended(int chain, ChainThread.Outcome outcome, ActorRef<Answer> replyTo) -> ended(chain, outcome, replyTo);
      case Cancel(int chain, String why) -> cancel(chain, why);
      case Revoke(String why) -> revoke(why);
      case Follow(ActorRef<SimulationActor.Command> leader, ActorRef<RankProgress> to) -> follow(leader, to);
      case Stop() -> stop("the domain was stopped");
      case AllFreed() -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void run(Run run) {
    Optional<String> cancelled = Optional.ofNullable(chains.get(run.chain())).flatMap(ChainThread::cancelled)
        .or(() -> over);
    if (cancelled.isPresent()) {
      run.replyTo().tell(new Revoked(rank(), run.chain(), cancelled.get()));
      return;
    }
    ActorRef<Command> self = getContext().getSelf();
    chains.computeIfAbsent(run.chain(), this::open).run(run.command(),
        outcome -> self.tell(new Ended(run.chain(), outcome, run.replyTo())));
  }

  private ChainThread open(int number) {
    return subdomain.open(number, told -> progress.tell(told));
  }

  private void ended(int chain, ChainThread.Outcome outcome, ActorRef<Answer> replyTo) {
    replyTo.tell(switch (outcome) {
      case ChainThread.Outcome.Replied(RankReply reply) -> new Replied(rank(), chain, reply, subdomain.use());
      case ChainThread.Outcome.Revoked(String why) -> new Revoked(rank(), chain, why);
      case ChainThread.Outcome.Broken(String message, boolean badInput) -> {
        revoke("chain " + chain + " failed on " + subdomain.place() + ": " + message);
        yield new Broken(rank(), chain, subdomain.place(), message, badInput);
      }
    });
  }

  /** The flag first: a chain that wakes up from a revoked transfer finds the reason there. */
  private void cancel(int number, String why) {
    ChainThread chain = chains.computeIfAbsent(number, this::open);
    chain.cancel(why);
    subdomain.revoke(number);
    chain.close();
  }

  private void revoke(String why) {
    over = over.or(() -> Optional.of(why));
    chains.values().forEach(chain -> chain.cancel(why));
    subdomain.revoke();
  }

  private void follow(ActorRef<SimulationActor.Command> leader, ActorRef<RankProgress> to) {
    getContext().watch(leader);
    progress = to;
  }

  private Behavior<Command> leaderGone() {
    stop("the actor that leads the domain is gone");
    return this;
  }

  private void stop(String why) {
    if (stopping)
      return;
    stopping = true;
    end(why);
    getContext().pipeToSelf(subdomain.freed(), (freed, problem) -> new AllFreed());
  }

  private Behavior<Command> onPostStop() {
    end("the subdomain actor has stopped");
    return this;
  }

  private void end(String why) {
    revoke(why);
    chains.values().forEach(ChainThread::close);
    subdomain.close();
  }

  private int rank() {
    return subdomain.assignment().rank();
  }
}
