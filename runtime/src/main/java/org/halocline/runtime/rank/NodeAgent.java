package org.halocline.runtime.rank;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.log.JobMdc;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.plane.DataPlane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One actor a node, registered in the receptionist: says which lanes the node has, opens its data plane and starts
 * ranks. It never blocks. Which job may use which lane is the coordinator's business.
 *
 * <pre>
 * unclaimed            no coordinator has the node
 * settling             a coordinator has it; the ranks of the one before are stopping
 * reading, reporting   every second the agent reads the proof in the state directory and reports to its coordinator
 * </pre>
 */
public final class NodeAgent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "halocline-node-agent");
  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

  public sealed interface Command {}

  /** Where is the node's data plane? Starts it where it does not run. */
  public record OpenDataPlane(ActorRef<DataPlaneReply> replyTo) implements Command, WireMessage {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(DataPlaneOpened.class), @JsonSubTypes.Type(DataPlaneRefused.class)})
  public sealed interface DataPlaneReply extends WireMessage {}

  public record DataPlaneOpened(String node, NodeAddress address) implements DataPlaneReply {}

  public record DataPlaneRefused(String node, String message) implements DataPlaneReply {}

  /** Starts a rank. It lives until its job is released, or until it stops by itself. */
  public record SpawnRank(RankAssignment assignment, ActorRef<SpawnReply> replyTo) implements Command, WireMessage {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(RankSpawned.class), @JsonSubTypes.Type(RankRefused.class)})
  public sealed interface SpawnReply extends WireMessage {
    int rank();
  }

  /**
   * The rank's actor runs.
   *
   * @param actor to be narrowed to the message type of the rank's behavior
   */
  public record RankSpawned(int rank, ActorRef<Object> actor) implements SpawnReply {}

  public record RankRefused(int rank, String node, String message) implements SpawnReply {}

  /** Stops every rank of a job; answers once they have stopped. */
  public record ReleaseJob(String jobId, ActorRef<JobReleased> replyTo) implements Command, WireMessage {}

  public record JobReleased(String jobId, String node) implements WireMessage {}

  /**
   * A coordinator takes the node: ranks that were started before are stopped, then the node reports, now and every
   * second, until a later coordinator comes. One of an earlier coordinator is not answered; one of the same only
   * repeats.
   *
   * @param coordinator its incarnation
   */
  public record Claim(int coordinator, ActorRef<NodeReport> reports) implements Command, WireMessage {}

  /**
   * How the node is.
   *
   * @param proof what it reads in its state directory
   */
  public record NodeReport(ActorRef<Command> agent, NodeStatus status, List<LaneOffer> lanes,
      String proof) implements WireMessage {
    public NodeReport {
      lanes = List.copyOf(lanes);
    }
  }

  /** Where the node's page is; told by the node itself once it has one. */
  public record Announce(String httpAddress) implements Command, LocalMessage {}

  private record ReportDue() implements Command, LocalMessage {}

  /** @param coordinator the incarnation of the coordinator whose claim it is for */
  private record ProofRead(int coordinator, String proof) implements Command, LocalMessage {}

  private record RankStopped(ActorRef<Void> rank) implements Command, LocalMessage {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final String node;
  private final List<Lane> lanes;
  private final RankHost host;
  private final SharedDataPlane dataPlane;
  private final NodeFacts facts;
  private final LaneMeter meter;
  private final Map<ActorRef<Void>, RankAssignment> ranks = new HashMap<>();
  private final Map<String, ActorRef<JobReleased>> releases = new HashMap<>();
  private String httpAddress = "";
  private int spawned;

  private NodeAgent(ActorContext<Command> context, TimerScheduler<Command> timers, String node, List<Lane> lanes,
      RankHost host, SharedDataPlane dataPlane, NodeFacts facts) {
    this.context = context;
    this.timers = timers;
    this.node = node;
    this.lanes = List.copyOf(lanes);
    this.host = host;
    this.dataPlane = dataPlane;
    this.facts = facts;
    this.meter = new LaneMeter(lanes);
  }

  /** @param node name of the node, unique in its cluster */
  public static Behavior<Command> create(String node, List<Lane> lanes, RankHost host, SharedDataPlane dataPlane,
      NodeFacts facts) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
      return new NodeAgent(context, timers, node, lanes, host, dataPlane, facts).unclaimed();
    }));
  }

  private Behavior<Command> unclaimed() {
    return state(command -> command instanceof Claim claim ? claim(claim) : serve(command, () -> {}));
  }

  private Behavior<Command> claim(Claim claim) {
    ranks.keySet().forEach(context::stop);
    timers.startTimerWithFixedDelay(new ReportDue(), REPORT_EVERY);
    return ranks.isEmpty() ? read(claim, Optional.empty()) : settling(claim);
  }

  private Behavior<Command> claimedAgain(Claim claim, Claim fresh, Function<Claim, Behavior<Command>> same) {
    if (fresh.coordinator() > claim.coordinator())
      return claim(fresh);
    if (fresh.coordinator() == claim.coordinator())
      return same.apply(fresh);
    context.getLog().info("coordinator {} wants this node, which belongs to coordinator {}", fresh.coordinator(),
        claim.coordinator());
    return Behaviors.same();
  }

  /** The ranks of the coordinator before are stopping; until they have stopped, the new one must not use the lanes. */
  private Behavior<Command> settling(Claim claim) {
    return state(command -> switch (command) {
      case Claim fresh -> claimedAgain(claim, fresh, this::settling);
      case RankStopped _ -> {
        serve(command, () -> {});
        yield ranks.isEmpty() ? read(claim, Optional.empty()) : Behaviors.same();
      }
      default -> serve(command, () -> {});
    });
  }

  /** Looks at the state directory, which takes as long as its disk does. */
  private Behavior<Command> read(Claim claim, Optional<String> lastProof) {
    context.pipeToSelf(CompletableFuture.supplyAsync(facts.proof(), JobMdc.BLOCKING),
        (proof, problem) -> new ProofRead(claim.coordinator(), problem == null ? proof : ""));
    return reading(claim, lastProof);
  }

  private Behavior<Command> reading(Claim claim, Optional<String> lastProof) {
    return state(command -> switch (command) {
      case Claim fresh -> claimedAgain(claim, fresh, again -> reading(again, lastProof));
      case ProofRead(int coordinator, String proof) -> {
        if (coordinator != claim.coordinator())
          yield Behaviors.same();
        report(claim, proof);
        yield reporting(claim, proof);
      }
      default -> serve(command, () -> lastProof.ifPresent(proof -> report(claim, proof)));
    });
  }

  private Behavior<Command> reporting(Claim claim, String lastProof) {
    return state(command -> switch (command) {
      case Claim fresh -> claimedAgain(claim, fresh, again -> read(again, Optional.of(lastProof)));
      case ReportDue _ -> read(claim, Optional.of(lastProof));
      default -> serve(command, () -> report(claim, lastProof));
    });
  }

  private Behavior<Command> state(Function<Command, Behavior<Command>> on) {
    return Behaviors.receive(Command.class).onAnyMessage(on::apply)
        .onSignal(Terminated.class, stopped -> on.apply(new RankStopped(stopped.getRef()))).build();
  }

  /**
   * What the agent does in every state.
   *
   * @param report tells the coordinator how the node is, if it may know
   */
  private Behavior<Command> serve(Command command, Runnable report) {
    switch (command) {
      case OpenDataPlane(ActorRef<DataPlaneReply> replyTo) -> openDataPlane(replyTo);
      case SpawnRank(RankAssignment assignment, ActorRef<SpawnReply> replyTo) -> replyTo.tell(spawn(assignment));
      case ReleaseJob(String jobId, ActorRef<JobReleased> replyTo) -> release(jobId, replyTo, report);
      case RankStopped(ActorRef<Void> rank) ->
        Optional.ofNullable(ranks.remove(rank)).ifPresent(gone -> answerRelease(gone.jobId(), report));
      case Announce(String address) -> httpAddress = address;
      case Claim _,ReportDue _,ProofRead _ -> {
      }
    }
    return Behaviors.same();
  }

  private void report(Claim claim, String proof) {
    List<LaneOffer> offers = IntStream.range(0, lanes.size())
        .mapToObj(i -> new LaneOffer(node, i, lanes.get(i).traits())).toList();
    claim.reports().tell(new NodeReport(context.getSelf(), status(), offers, proof));
  }

  private NodeStatus status() {
    List<PeerTraffic> traffic = new ArrayList<>();
    Optional<DataPlane> plane = dataPlane.running();
    plane.map(DataPlane::counters).ifPresent(counters -> {
      traffic.add(new PeerTraffic("all", counters.bytesSent(), counters.bytesReceived(), counters.dropped(),
          counters.rejected()));
      counters.peers().forEach((peer, moved) -> traffic
          .add(new PeerTraffic(peer.toString(), moved.bytesSent(), moved.bytesReceived(),
              moved.dropped(), moved.rejected())));
    });
    return new NodeStatus(node, NodeStatus.State.UP, facts.version(), facts.memoryBytes(),
        meter.read(ranks.values()), plane.map(running -> running.address().toString()).orElse(""), httpAddress,
        System.currentTimeMillis(), traffic, "", 0);
  }

  private void openDataPlane(ActorRef<DataPlaneReply> replyTo) {
    CompletableFuture.supplyAsync(() -> dataPlane.open().address(), JobMdc.BLOCKING)
        .whenComplete((address, failure) -> {
          if (failure != null)
            LOG.info("the data plane of {} cannot start: {}", node, rootMessage(failure));
          replyTo.tell(failure == null
              ? new DataPlaneOpened(node, address)
              : new DataPlaneRefused(node, rootMessage(failure)));
        });
  }

  private SpawnReply spawn(RankAssignment assignment) {
    if (assignment.lane() < 0 || assignment.lane() >= lanes.size())
      return new RankRefused(assignment.rank(), node,
          "lane " + assignment.lane() + " is not one of the " + lanes.size() + " lanes of " + node);
    try {
      Behavior<?> behavior = host.rank(assignment, lanes.get(assignment.lane()), dataPlane);
      ActorRef<?> actor = context.spawn(JobMdc.of(assignment.jobId(), behavior),
          "rank-" + spawned++ + "-" + assignment.domainName() + "-" + assignment.rank());
      context.watch(actor);
      ranks.put(actor.unsafeUpcast(), assignment);
      return new RankSpawned(assignment.rank(), actor.unsafeUpcast());
    } catch (RuntimeException e) {
      context.getLog().info("rank {} of job {} cannot start", assignment.rank(), assignment.jobId(), e);
      return new RankRefused(assignment.rank(), node, rootMessage(e));
    }
  }

  private void release(String jobId, ActorRef<JobReleased> replyTo, Runnable report) {
    releases.put(jobId, replyTo);
    ranks.forEach((actor, assignment) -> {
      if (assignment.jobId().equals(jobId))
        context.stop(actor);
    });
    answerRelease(jobId, report);
  }

  /** The lanes may be dealt as soon as the answer is there: so the coordinator hears before that they are free. */
  private void answerRelease(String job, Runnable report) {
    if (!releases.containsKey(job) || ranks.values().stream().anyMatch(rank -> rank.jobId().equals(job)))
      return;
    report.run();
    releases.remove(job).tell(new JobReleased(job, node));
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getMessage() != null && root.getMessage().equals(root.getCause().toString()))
      root = root.getCause();
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
