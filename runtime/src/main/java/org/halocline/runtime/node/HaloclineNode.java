package org.halocline.runtime.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.SharedDataPlane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of the cluster in this process: an actor system that is a cluster member, lanes, a node agent, a data plane when
 * one is needed, and, on the oldest node, the job coordinator. Thread-safe. Several may live in one JVM.
 *
 * <p>
 * {@link #close}, or the end of the process by a signal, cancels the jobs this node coordinates, which lets them write a
 * checkpoint, then leaves the cluster.
 */
public final class HaloclineNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HaloclineNode.class);
  private static final String SYSTEM = "halocline";
  private static final Duration UP_WITHIN = Duration.ofSeconds(60);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(45);

  private record Refs(ActorRef<NodeAgent.Command> agent, ActorRef<JobCoordinator.Command> coordinator) {}

  private final ActorSystem<Void> system;
  private final List<LaneSource> sources;
  private final List<Lane> lanes;
  private final SharedDataPlane dataPlane;
  private final Refs refs;

  private HaloclineNode(ActorSystem<Void> system, List<LaneSource> sources, List<Lane> lanes,
      SharedDataPlane dataPlane, Refs refs) {
    this.system = system;
    this.sources = sources;
    this.lanes = lanes;
    this.dataPlane = dataPlane;
    this.refs = refs;
  }

  /**
   * Starts a node and waits until it is a full member of its cluster.
   *
   * @throws NodeException
   *           when its port is taken or no seed node answers
   */
  public static HaloclineNode start(NodeSettings settings, NodeParts parts) {
    List<Lane> lanes = new ArrayList<>();
    for (LaneSource source : parts.laneSources())
      lanes.addAll(source.open(settings.lanes(), settings.memoryBytes()));
    SharedDataPlane dataPlane = new SharedDataPlane(settings.dataPlane());
    CompletableFuture<Refs> refs = new CompletableFuture<>();
    ActorSystem<Void> system = system(settings, guardian(List.copyOf(lanes), parts, dataPlane, refs));
    try {
      join(system, settings);
      HaloclineNode node = new HaloclineNode(system, parts.laneSources(), List.copyOf(lanes), dataPlane,
          refs.get(UP_WITHIN.toSeconds(), TimeUnit.SECONDS));
      node.registerShutdown();
      LOG.info("node {} is up with {} lanes", node.address(), lanes.size());
      return node;
    } catch (NodeException e) {
      stop(system);
      throw e;
    } catch (InterruptedException e) {
      stop(system);
      Thread.currentThread().interrupt();
      throw new NodeException(Problem.of("node", "was interrupted while it started", "start it again"), e);
    } catch (ExecutionException | TimeoutException e) {
      stop(system);
      throw new NodeException(Problem.of("node", "does not start: " + e, "look at its log"), e);
    }
  }

  private static ActorSystem<Void> system(NodeSettings settings, Behavior<Void> guardian) {
    Config endpoint = ConfigFactory.parseMap(Map.of("pekko.remote.artery.canonical.hostname", settings.host(),
        "pekko.remote.artery.canonical.port", settings.port()));
    Config config = settings.overrides().withFallback(endpoint)
        .withFallback(ConfigFactory.parseResourcesAnySyntax("halocline-node"))
        .withFallback(ConfigFactory.defaultReference()).resolve();
    try {
      return ActorSystem.create(guardian, SYSTEM, config);
    } catch (RuntimeException e) {
      for (Throwable t = e; t != null; t = t.getCause())
        if (t instanceof BindException || String.valueOf(t.getMessage()).contains("Bind failed"))
          throw new NodeException(new Problem("node.port", settings.host() + ":" + settings.port(),
              "cannot be listened on: " + t.getMessage(),
              "choose a free port and an address of this machine, or 0 for any port"), e);
      throw new NodeException(Problem.of("node", "does not start: " + e, "look at its log"), e);
    }
  }

  private static Behavior<Void> guardian(List<Lane> lanes, NodeParts parts, SharedDataPlane dataPlane,
      CompletableFuture<Refs> refs) {
    return Behaviors.setup(context -> {
      String name = Cluster.get(context.getSystem()).selfMember().address().hostPort();
      Behavior<NodeAgent.Command> agent = Behaviors
          .supervise(NodeAgent.create(name, lanes, parts.rankHost(), dataPlane))
          .onFailure(SupervisorStrategy.restart());
      Behavior<JobCoordinator.Command> coordinator = Behaviors
          .supervise(JobCoordinator.create(parts.kinds(), Clock.systemUTC(), Patience.usual()))
          .onFailure(SupervisorStrategy.restart());
      refs.complete(new Refs(context.spawn(agent, "node-agent"),
          ClusterSingleton.get(context.getSystem()).init(SingletonActor.of(coordinator, "job-coordinator"))));
      return Behaviors.empty();
    });
  }

  private static void join(ActorSystem<Void> system, NodeSettings settings) throws InterruptedException {
    Cluster cluster = Cluster.get(system);
    Address self = cluster.selfMember().address();
    List<Address> seeds = settings.seeds().stream()
        .map(seed -> AddressFromURIString.parse("pekko://" + SYSTEM + "@" + seed)).toList();
    CountDownLatch up = new CountDownLatch(1);
    org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(up::countDown);
    cluster.manager().tell(new JoinSeedNodes(seeds.isEmpty() ? List.of(self) : seeds));
    if (!up.await(UP_WITHIN.toSeconds(), TimeUnit.SECONDS))
      throw new NodeException(Problem.of("node.seeds",
          "none of " + settings.seeds() + " has let this node in within " + UP_WITHIN.toSeconds() + " s",
          "check that they run and can be reached"), new TimeoutException());
  }

  private void registerShutdown() {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "end-jobs", this::drain);
    shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-data-plane",
        () -> CompletableFuture.supplyAsync(() -> {
          dataPlane.close();
          return Done.getInstance();
        }, task -> Thread.ofPlatform().name("data-plane-close").start(task)));
  }

  /** Jobs end with the node that coordinates them, which is the oldest; when another leaves, they are the coordinator's to move. */
  private CompletionStage<Done> drain() {
    Member self = Cluster.get(system).selfMember();
    for (Member member : Cluster.get(system).state().getMembers())
      if (member.isOlderThan(self))
        return CompletableFuture.completedFuture(Done.getInstance());
    CompletionStage<JobCoordinator.Drained> drained = AskPattern.ask(refs.coordinator(),
        (ActorRef<JobCoordinator.Drained> replyTo) -> new JobCoordinator.Drain("the node is stopping", replyTo),
        DRAIN_WITHIN, system.scheduler());
    return drained.handle((_, failure) -> {
      if (failure != null)
        LOG.warn("jobs did not end in time: {}", failure.toString());
      return Done.getInstance();
    });
  }

  /** Submits a job to the coordinator, wherever that is; the listener is called by one thread at a time, in order, and must be quick. */
  public JobRun submit(Submission submission, Consumer<JobEvent> listener) {
    CompletableFuture<JobEvent> outcome = new CompletableFuture<>();
    ActorRef<JobEvent> events = system.systemActorOf(JobListener.create(listener, outcome),
        "job-listener-" + submission.spec().id() + "-" + System.nanoTime(),
        Props.empty());
    refs.coordinator().tell(new JobCoordinator.Submit(submission, events));
    return new JobRun(submission.spec().id(), outcome,
        reason -> refs.coordinator().tell(new JobCoordinator.Cancel(submission.spec().id(), reason)));
  }

  public ActorSystem<?> system() {
    return system;
  }

  /** host:port of the control messages. */
  public String address() {
    return Cluster.get(system).selfMember().address().getHost().orElse("") + ":"
        + Cluster.get(system).selfMember().address().getPort().orElse(0);
  }

  public ActorRef<NodeAgent.Command> agent() {
    return refs.agent();
  }

  /** The way to the cluster's coordinator; messages wait while it moves. */
  public ActorRef<JobCoordinator.Command> coordinator() {
    return refs.coordinator();
  }

  public List<Lane> lanes() {
    return lanes;
  }

  public SharedDataPlane dataPlane() {
    return dataPlane;
  }

  /** Ends the jobs, leaves the cluster and stops the actor system; returns when all is done. */
  @Override
  public void close() {
    stop(system);
    dataPlane.close();
    sources.forEach(LaneSource::close);
  }

  private static void stop(ActorSystem<Void> system) {
    try {
      CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason()).toCompletableFuture()
          .get(2, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the actor system does not stop", e);
      system.terminate();
    }
  }
}
