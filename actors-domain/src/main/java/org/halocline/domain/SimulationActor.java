package org.halocline.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgress;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.WireMessage;
import org.halocline.transport.NodeAddress;

/**
 * Leads one domain: spawns its ranks, fans every command out to all of them and answers once all have answered. Several
 * chains run at once; one chain runs one command at a time. When a rank breaks or dies the domain ends: every other
 * rank is revoked, and everything asked or still to be asked is answered with that failure. Its maker watches it; it
 * stops by {@link Stop} only, after its ranks have freed their memory.
 */
public final class SimulationActor extends AbstractBehavior<SimulationActor.Command> {

  public sealed interface Command {}

  /** What it tells itself; never leaves the node. */
  private sealed interface Internal extends Command, NoSerializationVerificationNeeded {}

  /** Runs a command on every rank. Answered exactly once, unless this actor dies. */
  public record Execute(int chain, RankCommand command, ActorRef<Reply> replyTo) implements Command, WireMessage {}

  /** Ends a chain for good on every rank. */
  public record Cancel(int chain, String why) implements Command, WireMessage {}

  /** Ends the domain and stops this actor. */
  public record Stop() implements Command, WireMessage {}

  private record Addressed(List<NodeAddress> addresses) implements Internal {}

  private record NotAddressed(String why) implements Internal {}

  private record Spawned(int rank, RankSpawner.Spawning spawning) implements Internal {}

  private record Answered(SubdomainActor.Answer answer) implements Internal {}

  private record Died(int rank) implements Internal {}

  /** What became of an {@link Execute}. */
  public sealed interface Reply extends WireMessage {
    int chain();
  }

  /**
   * Every rank has done it.
   *
   * @param replies by rank
   * @param lanes what each rank's lane has done since the domain began, for all chains
   */
  public record Done(int chain, List<RankReply> replies, List<LaneUse> lanes) implements Reply {
    public Done {
      replies = List.copyOf(replies);
      lanes = List.copyOf(lanes);
    }

    /** Rank 0's. */
    public RankReply first() {
      return replies.getFirst();
    }

    /** All, which are of the type of the first. */
    public <R extends RankReply> List<R> all(Class<R> type) {
      return replies.stream().map(type::cast).toList();
    }
  }

  /** @param why as {@link Cancel} said */
  public record Cancelled(int chain, String why) implements Reply {}

  /**
   * The domain is broken and takes no more commands.
   *
   * @param message names rank, chain and cause
   * @param badInput the job is to blame
   */
  public record Failed(int chain, String message, boolean badInput) implements Reply {}

  /** One command on its way, and what came back by rank. */
  private record Gather(ActorRef<Reply> replyTo, Map<Integer, SubdomainActor.Answer> answers) {}

  private record Failure(String message, boolean badInput) {
    Failed of(int chain) {
      return new Failed(chain, message, badInput);
    }
  }

  private final DomainPlan plan;
  private final RankSpawner spawner;
  private final ActorRef<RankProgress> progress;
  private final ActorRef<SubdomainActor.Answer> answers;
  /** Those that are alive. */
  private final Map<Integer, ActorRef<SubdomainActor.Command>> ranks = new TreeMap<>();
  private final Map<Integer, Gather> running = new TreeMap<>();
  private final Map<Integer, String> cancelled = new TreeMap<>();
  private final List<Command> early = new ArrayList<>();
  private int spawning;
  private Optional<Failure> failure = Optional.empty();
  private boolean stopping;

  /** @param progress hears every rank of every chain */
  public static Behavior<Command> create(DomainPlan plan, ActorRef<RankProgress> progress) {
    return Behaviors.setup(context -> new SimulationActor(context, plan, progress));
  }

  private SimulationActor(ActorContext<Command> context, DomainPlan plan, ActorRef<RankProgress> progress) {
    super(context);
    this.plan = plan;
    this.spawner = new RankSpawner(context.getSystem(), plan);
    this.progress = progress;
    this.answers = context.messageAdapter(SubdomainActor.Answer.class, Answered::new);
    this.spawning = plan.ranks();
    context.pipeToSelf(spawner.addresses(), (addresses, problem) -> problem == null
        ? new Addressed(addresses)
        : new NotAddressed(message(problem)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    return switch (command) {
      case Addressed(List<NodeAddress> addresses) -> addressed(addresses);
      case NotAddressed(String why) -> notAddressed(why);
      case Spawned(int rank, RankSpawner.Spawning outcome) -> spawned(rank, outcome);
      case Answered(SubdomainActor.Answer answer) -> answered(answer);
      case Died(int rank) -> died(rank);
      case Stop() -> stop();
      case Execute execute when waitsForRanks() -> later(execute);
      case Execute execute -> execute(execute);
      case Cancel cancel when waitsForRanks() -> later(cancel);
      case Cancel(int chain, String why) -> cancel(chain, why);
    };
  }

  /** What to tell a person of an exception that came through a future. */
  private static String message(Throwable problem) {
    Throwable cause = problem instanceof CompletionException && problem.getCause() != null
        ? problem.getCause()
        : problem;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private boolean waitsForRanks() {
    return spawning > 0 && failure.isEmpty() && !stopping;
  }

  private Behavior<Command> later(Command command) {
    early.add(command);
    return this;
  }

  private Behavior<Command> addressed(List<NodeAddress> addresses) {
    for (int rank = 0; rank < plan.ranks(); rank++) {
      int number = rank;
      getContext().pipeToSelf(spawner.spawn(rank, addresses), (spawned, problem) -> new Spawned(number,
          problem == null ? spawned : new RankSpawner.Refused(message(problem))));
    }
    return this;
  }

  private Behavior<Command> notAddressed(String why) {
    spawning = 0;
    fail(new Failure(why, false));
    replay();
    return stopIfAllGone();
  }

  private Behavior<Command> spawned(int rank, RankSpawner.Spawning outcome) {
    spawning--;
    switch (outcome) {
      case RankSpawner.Ready(ActorRef<SubdomainActor.Command> ref) -> {
        ranks.put(rank, ref);
        getContext().watchWith(ref, new Died(rank));
        ref.tell(new SubdomainActor.Follow(getContext().getSelf(), progress));
        if (stopping)
          ref.tell(new SubdomainActor.Stop());
        else
          failure.ifPresent(known -> ref.tell(new SubdomainActor.Revoke(known.message())));
      }
      case RankSpawner.Refused(String why) -> fail(new Failure(plan.place(rank) + " did not start: " + why, false));
    }
    if (!waitsForRanks())
      replay();
    return stopIfAllGone();
  }

  private void replay() {
    List<Command> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::on);
  }

  private Behavior<Command> execute(Execute execute) {
    int chain = execute.chain();
    if (failure.isPresent())
      execute.replyTo().tell(failure.get().of(chain));
    else if (stopping || cancelled.containsKey(chain))
      execute.replyTo().tell(cancelled(chain));
    else if (running.containsKey(chain))
      execute.replyTo().tell(new Failed(chain, "chain " + chain + " was given a command while it runs another", false));
    else {
      running.put(chain, new Gather(execute.replyTo(), new TreeMap<>()));
      broadcast(new SubdomainActor.Run(chain, execute.command(), answers));
    }
    return this;
  }

  private Behavior<Command> answered(SubdomainActor.Answer answer) {
    if (answer instanceof SubdomainActor.Broken(int rank, int chain, String place, String message, boolean badInput))
      fail(new Failure(badInput ? message : place + ", chain " + chain + ": " + message, badInput));
    Gather gather = running.get(answer.chain());
    if (gather != null && gather.answers().putIfAbsent(answer.rank(), answer) == null
        && gather.answers().size() == plan.ranks())
      finish(answer.chain(), gather);
    return this;
  }

  private void finish(int chain, Gather gather) {
    running.remove(chain);
    List<SubdomainActor.Replied> replies = gather.answers().values().stream()
        .filter(SubdomainActor.Replied.class::isInstance).map(SubdomainActor.Replied.class::cast).toList();
    gather.replyTo().tell(failure.<Reply>map(cause -> cause.of(chain)).orElseGet(() -> replies.size() == plan.ranks()
        ? new Done(chain, replies.stream().map(SubdomainActor.Replied::reply).toList(),
            replies.stream().map(SubdomainActor.Replied::use).toList())
        : cancelled(chain)));
  }

  private Cancelled cancelled(int chain) {
    return new Cancelled(chain, cancelled.getOrDefault(chain, "the domain was stopped"));
  }

  private Behavior<Command> cancel(int chain, String why) {
    if (cancelled.putIfAbsent(chain, why) == null)
      broadcast(new SubdomainActor.Cancel(chain, why));
    return this;
  }

  /** The first failure counts: those that follow are its echoes. */
  private void fail(Failure cause) {
    if (failure.isPresent() || stopping)
      return;
    failure = Optional.of(cause);
    broadcast(new SubdomainActor.Revoke(cause.message()));
  }

  private Behavior<Command> died(int rank) {
    ranks.remove(rank);
    fail(new Failure(plan.place(rank) + " died: its actor ended unexpectedly, or its node left the cluster", false));
    for (int chain : List.copyOf(running.keySet()))
      answered(new SubdomainActor.Revoked(rank, chain, "died"));
    return stopIfAllGone();
  }

  private Behavior<Command> stop() {
    stopping = true;
    broadcast(new SubdomainActor.Stop());
    replay();
    return stopIfAllGone();
  }

  private Behavior<Command> stopIfAllGone() {
    if (!stopping || !ranks.isEmpty() || spawning > 0)
      return this;
    for (int chain : List.copyOf(running.keySet()))
      finish(chain, running.get(chain));
    return Behaviors.stopped();
  }

  private void broadcast(SubdomainActor.Command command) {
    ranks.values().forEach(rank -> rank.tell(command));
  }
}
