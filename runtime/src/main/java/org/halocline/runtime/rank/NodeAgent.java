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
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.log.JobMdc;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.plane.DataPlane;

/**
 * One actor a node, registered in the receptionist: says which lanes the node has, opens its data plane and starts ranks.
 * It never blocks. Which job may use which lane is the coordinator's business.
 */
public final class NodeAgent extends AbstractBehavior<NodeAgent.Command> {
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "halocline-node-agent");
  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
  private static final Executor BLOCKING = task -> Thread.ofVirtual().name("node-agent").start(task);

  /** What it may be asked. */
  public sealed interface Command {}

  /** Which lanes are there? */
  public record DescribeLanes(ActorRef<LaneReport> replyTo) implements Command, WireMessage {}

  public record LaneReport(ActorRef<Command> agent, String node, List<LaneOffer> lanes) implements WireMessage {}

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
   * @param actor
   *          to be narrowed to the message type of the rank's behavior
   */
  public record RankSpawned(int rank, ActorRef<Object> actor) implements SpawnReply {}

  public record RankRefused(int rank, String node, String message) implements SpawnReply {}

  /** Stops every rank of a job; answers once they have stopped. */
  public record ReleaseJob(String jobId, ActorRef<JobReleased> replyTo) implements Command, WireMessage {}

  public record JobReleased(String jobId, String node) implements WireMessage {}

  /**
   * A coordinator takes the node: ranks that were started before are stopped, then the node reports, now and every second,
   * until a later coordinator comes. One of an earlier coordinator is not answered; one of the same only repeats.
   *
   * @param coordinator
   *          its incarnation
   */
  public record Claim(int coordinator, ActorRef<NodeReport> reports) implements Command, WireMessage {}

  /**
   * How the node is.
   *
   * @param proof
   *          what it reads in its state directory
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

  private record ProofRead(String proof) implements Command, LocalMessage {}

  private record PlaneOpened(NodeAddress address, ActorRef<DataPlaneReply> replyTo) implements Command, LocalMessage {}

  private record PlaneFailed(String message, ActorRef<DataPlaneReply> replyTo) implements Command, LocalMessage {}

  private final String node;
  private final List<Lane> lanes;
  private final RankHost host;
  private final SharedDataPlane dataPlane;
  private final NodeFacts facts;
  private final TimerScheduler<Command> timers;
  private final LaneMeter meter;
  private final Map<ActorRef<Void>, RankAssignment> ranks = new HashMap<>();
  private final Map<String, ActorRef<JobReleased>> releases = new HashMap<>();
  private Optional<Claim> claim = Optional.empty();
  private String httpAddress = "";
  private boolean settled = true;
  /** The state directory is being looked at, which takes as long as its disk does. */
  private boolean reading;
  private Optional<String> lastProof = Optional.empty();
  private int spawned;

  private NodeAgent(ActorContext<Command> context, TimerScheduler<Command> timers, String node, List<Lane> lanes,
      RankHost host, SharedDataPlane dataPlane, NodeFacts facts) {
    super(context);
    this.timers = timers;
    this.node = node;
    this.lanes = List.copyOf(lanes);
    this.host = host;
    this.dataPlane = dataPlane;
    this.facts = facts;
    this.meter = new LaneMeter(lanes);
  }

  /**
   * @param node
   *          name of the node, unique in its cluster
   */
  public static Behavior<Command> create(String node, List<Lane> lanes, RankHost host, SharedDataPlane dataPlane) {
    return create(node, lanes, host, dataPlane, NodeFacts.none());
  }

  public static Behavior<Command> create(String node, List<Lane> lanes, RankHost host, SharedDataPlane dataPlane,
      NodeFacts facts) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
      return new NodeAgent(context, timers, node, lanes, host, dataPlane, facts);
    }));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).onSignal(Terminated.class, this::ended).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case DescribeLanes(ActorRef<LaneReport> replyTo) -> replyTo.tell(report());
      case OpenDataPlane(ActorRef<DataPlaneReply> replyTo) -> openDataPlane(replyTo);
      case PlaneOpened(NodeAddress address, ActorRef<DataPlaneReply> replyTo) ->
        replyTo.tell(new DataPlaneOpened(node, address));
      case PlaneFailed(String message, ActorRef<DataPlaneReply> replyTo) -> {
        getContext().getLog().info("the data plane of {} cannot start: {}", node, message);
        replyTo.tell(new DataPlaneRefused(node, message));
      }
      case SpawnRank(RankAssignment assignment, ActorRef<SpawnReply> replyTo) -> replyTo.tell(spawn(assignment));
      case ReleaseJob(String jobId, ActorRef<JobReleased> replyTo) -> release(jobId, replyTo);
      case Claim fresh -> claimed(fresh);
      case Announce(String address) -> httpAddress = address;
      case ReportDue _ -> tellReport();
      case ProofRead(String proof) -> {
        reading = false;
        lastProof = Optional.of(proof);
        tellReport(proof);
      }
    }
    return this;
  }

  private LaneReport report() {
    List<LaneOffer> offers = IntStream.range(0, lanes.size())
        .mapToObj(i -> new LaneOffer(node, i, lanes.get(i).traits())).toList();
    return new LaneReport(getContext().getSelf(), node, offers);
  }

  private void claimed(Claim fresh) {
    if (claim.isPresent() && fresh.coordinator() < claim.get().coordinator()) {
      getContext().getLog().info("coordinator {} wants this node, which belongs to coordinator {}",
          fresh.coordinator(), claim.get().coordinator());
      return;
    }
    boolean again = claim.isPresent() && fresh.coordinator() == claim.get().coordinator();
    claim = Optional.of(fresh);
    if (!again) {
      ranks.keySet().forEach(getContext()::stop);
      settled = ranks.isEmpty();
      timers.startTimerWithFixedDelay(new ReportDue(), REPORT_EVERY);
    }
    tellReport();
  }

  /** Not before the ranks of the time before are gone: a coordinator that hears it uses the lanes. */
  private void tellReport() {
    if (claim.isEmpty() || !settled || reading)
      return;
    if (facts.state().isEmpty()) {
      lastProof = Optional.of("");
      tellReport("");
      return;
    }
    StateDirectory state = facts.state().get();
    reading = true;
    getContext().pipeToSelf(CompletableFuture.supplyAsync(state::proof, BLOCKING),
        (proof, problem) -> new ProofRead(problem == null ? proof : ""));
  }

  private void tellReport(String proof) {
    claim.filter(_ -> settled).ifPresent(current -> current.reports()
        .tell(new NodeReport(getContext().getSelf(), status(), report().lanes(), proof)));
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
    getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> dataPlane.open().address(), BLOCKING),
        (address, failure) -> failure == null
            ? new PlaneOpened(address, replyTo)
            : new PlaneFailed(rootMessage(failure), replyTo));
  }

  private SpawnReply spawn(RankAssignment assignment) {
    if (assignment.lane() < 0 || assignment.lane() >= lanes.size())
      return new RankRefused(assignment.rank(), node,
          "lane " + assignment.lane() + " is not one of the " + lanes.size() + " lanes of " + node);
    try {
      Behavior<?> behavior = host.rank(assignment, lanes.get(assignment.lane()), dataPlane);
      ActorRef<?> actor = getContext().spawn(JobMdc.of(assignment.jobId(), behavior),
          "rank-" + spawned++ + "-" + assignment.domainName() + "-" + assignment.rank());
      getContext().watch(actor);
      ranks.put(actor.unsafeUpcast(), assignment);
      return new RankSpawned(assignment.rank(), actor.unsafeUpcast());
    } catch (RuntimeException e) {
      getContext().getLog().info("rank {} of job {} cannot start", assignment.rank(), assignment.jobId(), e);
      return new RankRefused(assignment.rank(), node, rootMessage(e));
    }
  }

  private void release(String jobId, ActorRef<JobReleased> replyTo) {
    releases.put(jobId, replyTo);
    ranks.forEach((actor, assignment) -> {
      if (assignment.jobId().equals(jobId))
        getContext().stop(actor);
    });
    answerRelease(jobId);
  }

  private Behavior<Command> ended(Terminated signal) {
    RankAssignment gone = ranks.remove(signal.getRef());
    if (gone != null)
      answerRelease(gone.jobId());
    if (ranks.isEmpty() && !settled) {
      settled = true;
      tellReport();
    }
    return this;
  }

  /**
   * A listener may deal the lanes as soon as it hears that a job has left them: so the coordinator hears first that
   * they are free.
   */
  private void answerRelease(String job) {
    if (!releases.containsKey(job) || ranks.values().stream().anyMatch(rank -> rank.jobId().equals(job)))
      return;
    lastProof.ifPresent(this::tellReport);
    releases.remove(job).tell(new JobReleased(job, node));
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getMessage() != null && root.getMessage().equals(root.getCause().toString()))
      root = root.getCause();
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
