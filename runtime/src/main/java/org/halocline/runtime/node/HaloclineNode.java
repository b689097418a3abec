package org.halocline.runtime.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.client.ClusterConnection;
import org.halocline.runtime.client.ClusterGateway;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.coordinator.Coordinator;
import org.halocline.runtime.files.LockedFile;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.membership.Membership;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.membership.ProcessMonitor;
import org.halocline.runtime.membership.StuckStreams;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeFacts;
import org.halocline.runtime.rank.SharedDataPlane;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.FileJobStore;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.supervisor.Timeouts;
import org.halocline.runtime.trust.ControlTls;
import org.halocline.runtime.trust.SeedProbe;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.SharedSecret;
import org.halocline.transport.plane.DataPlane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of the cluster in this process: an actor system that is a cluster member, lanes, a node agent, a data plane
 * when one is needed, and, on the oldest node, the coordinator. Thread-safe. Several may live in one JVM.
 *
 * <p>
 * {@link #close}, or the end of the process by a signal, ends the jobs of this node with a checkpoint, then leaves the
 * cluster.
 */
public final class HaloclineNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HaloclineNode.class);
  private static final Duration UP_WITHIN = Duration.ofSeconds(60);
  private static final SupervisorStrategy AFTER_A_PAUSE = SupervisorStrategy.restartWithBackoff(Duration.ofSeconds(1),
      Duration.ofSeconds(30), 0.1);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(40);
  private static final long BEFORE_NEXT_LOOK_MS = 100;
  private static final Duration LEAVE_AGAIN = Duration.ofSeconds(5);

  private record Refs(ActorRef<NodeAgent.Command> agent, ActorRef<CoordinatorMessage> coordinator) {}

  private final ActorSystem<Void> system;
  private final List<LaneSource> sources;
  private final List<Lane> lanes;
  private final SharedDataPlane dataPlane;
  private final Refs refs;
  private final Optional<Membership> membership;
  private final Optional<String> token;

  private HaloclineNode(ActorSystem<Void> system, List<LaneSource> sources, List<Lane> lanes,
      SharedDataPlane dataPlane, Refs refs, Optional<Membership> membership, Optional<String> token) {
    this.system = system;
    this.sources = sources;
    this.lanes = lanes;
    this.dataPlane = dataPlane;
    this.refs = refs;
    this.membership = membership;
    this.token = token;
  }

  /**
   * Starts a node and waits until it is a full member of its cluster.
   *
   * @throws NodeException when its port is taken, its state directory cannot be used, no seed node answers, or the
   * cluster refuses it
   */
  public static HaloclineNode start(NodeSettings settings, NodeParts parts) {
    settings.tls().ifPresent(tls -> refuse(tls.validate()));
    settings.cluster().ifPresent(_ -> refuse(
        DataPlane.problems(settings.dataPlane()).stream()
            .map(found -> new Problem(found.key(), found.value(), found.bound(), found.remedy())).toList()));
    if (settings.cluster().isEmpty() && settings.token().isEmpty()
        && !(settings.seeds().isEmpty() && settings.tls().isEmpty()))
      refuse(List.of(Problem.of("token", "is missing, and the node is to talk to others", "give it, or a cluster")));
    DataPlane.removeDead(settings.dataPlane());
    Optional<Membership> membership = settings.cluster().map(Membership::prepare);
    List<Lane> lanes = new ArrayList<>();
    for (LaneSource source : parts.laneSources())
      lanes.addAll(source.open(settings.lanes(), settings.memoryBytes()));
    Optional<String> token = settings.token().or(() -> membership.map(member -> member.state().token()));
    DataPlaneSettings guarded = settings.dataPlane().withProtection(settings.dataPlane().protection()
        .withSecret(SharedSecret.of(token.orElseGet(StateDirectory::newToken))));
    SharedDataPlane dataPlane = new SharedDataPlane(
        membership.map(member -> member.dataPlane(guarded)).orElse(guarded));
    CompletableFuture<Refs> refs = new CompletableFuture<>();
    ActorSystem<Void> system;
    ControlTls tls;
    try {
      tls = token.map(known -> ControlTls.of(settings.tls(), known,
          settings.cluster().map(ClusterSettings::name).orElse(""))).orElse(ControlTls.NOBODY);
      system = system(settings, tls, membership,
          guardian(List.copyOf(lanes), settings, parts, dataPlane, membership, refs));
    } catch (NodeException e) {
      membership.ifPresent(Membership::close);
      throw e;
    }
    membership.ifPresent(member -> system.getWhenTerminated().whenComplete((_, _) -> member.close()));
    StuckStreams.stopAtEndOf(system, StuckStreams.END_WITHIN);
    try {
      join(system, settings, tls, membership);
      HaloclineNode node = new HaloclineNode(system, parts.laneSources(), List.copyOf(lanes), dataPlane,
          refs.get(UP_WITHIN.toSeconds(), TimeUnit.SECONDS), membership, token);
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

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty())
      throw NodeException.refused(problems.getFirst(), new IllegalArgumentException(Problem.lines(problems)));
  }

  private static ActorSystem<Void> system(NodeSettings settings, ControlTls tls, Optional<Membership> membership,
      Behavior<Void> guardian) {
    Map<String, Object> endpoint = new HashMap<>(Map.of("pekko.remote.artery.canonical.hostname", settings.host(),
        "pekko.remote.artery.canonical.port", settings.port()));
    settings.dataPlane().bindHost().ifPresent(host -> endpoint.put("pekko.remote.artery.bind.hostname", host));
    Config config = settings.overrides().withFallback(ConfigFactory.parseMap(endpoint))
        .withFallback(membership.map(Membership::config).orElse(ConfigFactory.empty()))
        .withFallback(ConfigFactory.parseResourcesAnySyntax("halocline-node"))
        .withFallback(ConfigFactory.defaultReference()).resolve();
    try {
      return ActorSystem.create(guardian, Membership.SYSTEM,
          ActorSystemSetup.create(BootstrapSetup.create(config), tls.setup()));
    } catch (RuntimeException e) {
      for (Throwable t = e; t != null; t = t.getCause())
        if (t instanceof BindException || String.valueOf(t.getMessage()).contains("Bind failed"))
          throw NodeException.refused(new Problem("node.port", settings.host() + ":" + settings.port(),
              "cannot be listened on: " + t.getMessage(),
              "choose a free port and an address of this machine, or 0 for any port"), e);
      throw new NodeException(Problem.of("node", "does not start: " + e, "look at its log"), e);
    }
  }

  private static Behavior<Void> guardian(List<Lane> lanes, NodeSettings settings, NodeParts parts,
      SharedDataPlane dataPlane, Optional<Membership> membership, CompletableFuture<Refs> refs) {
    return Behaviors.setup(context -> {
      String name = Membership.name(Cluster.get(context.getSystem()).selfMember().address());
      Optional<StateDirectory> state = membership.map(Membership::state);
      NodeFacts facts = new NodeFacts(
          Optional.ofNullable(HaloclineNode.class.getPackage().getImplementationVersion()).orElse("from classes"),
          settings.memoryBytes(), () -> state.map(StateDirectory::proof).orElse(""));
      ActorRef<NodeAgent.Command> agent = context.spawn(Behaviors
          .supervise(NodeAgent.create(name, lanes, parts.rankHost(), dataPlane, facts))
          .onFailure(SupervisorStrategy.restart()), "node-agent");
      JobStore.Source store = node -> state.isPresent()
          ? FileJobStore.takeOver(state.get(), node)
          : new JobStore() {
          };
      String cluster = state.map(StateDirectory::cluster).orElse("");
      Behavior<CoordinatorMessage> coordinator = Behaviors
          .supervise(Coordinator
              .create(new Coordinator.Setup(name, cluster, store, parts.kinds(), Clock.systemUTC(), Timeouts.usual(),
                  () -> leaveAtOnce(context.getSystem()))))
          .onFailure(AFTER_A_PAUSE);
      ClusterSingletonSettings everywhere = ClusterSingletonSettings.create(context.getSystem());
      ActorRef<CoordinatorMessage> proxy = ClusterSingleton.get(context.getSystem())
          .init(SingletonActor.of(coordinator, "coordinator")
              .withSettings(state.isPresent() ? everywhere.withRole(ClusterSettings.ROLE) : everywhere));
      state.ifPresent(directory -> {
        context.spawn(ProcessMonitor.create(directory), "lifelines");
        context.spawn(ClusterGateway.create(name, cluster, proxy), ClusterGateway.NAME);
      });
      refs.complete(new Refs(agent, proxy));
      return Behaviors.empty();
    });
  }

  /** There is another coordinator: this node was cut off, and does not know it yet. */
  private static void leaveAtOnce(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  private static void join(ActorSystem<Void> system, NodeSettings settings, ControlTls tls,
      Optional<Membership> membership)
      throws InterruptedException {
    String self = Membership.name(Cluster.get(system).selfMember().address());
    if (membership.isEmpty()) {
      join(system, settings, tls, settings.seeds(), membership);
      return;
    }
    Membership member = membership.get();
    member.begins(self);
    long until = System.nanoTime() + UP_WITHIN.toNanos();
    Optional<LockedFile> founding = Optional.empty();
    try {
      List<String> seeds = member.seeds(settings.seeds(), self);
      while (seeds.isEmpty() && founding.isEmpty() && member.mayFound() && System.nanoTime() < until) {
        founding = member.state().found();
        seeds = member.seeds(settings.seeds(), self); // the process that had the right before may have begun one
        if (founding.isEmpty())
          Thread.sleep(BEFORE_NEXT_LOOK_MS);
      }
      join(system, settings, tls, seeds, membership);
      while (founding.isPresent() && seeds.isEmpty() && !member.state().coordinatingNode().equals(self)
          && System.nanoTime() < until)
        Thread.sleep(BEFORE_NEXT_LOOK_MS); // until others can find it
    } finally {
      founding.ifPresent(LockedFile::close);
    }
  }

  private static void join(ActorSystem<Void> system, NodeSettings settings, ControlTls tls, List<String> found,
      Optional<Membership> membership) throws InterruptedException {
    Cluster cluster = Cluster.get(system);
    Address self = cluster.selfMember().address();
    List<Address> seeds = found.stream()
        .map(seed -> AddressFromURIString.parse("pekko://" + Membership.SYSTEM + "@" + seed))
        .toList();
    CountDownLatch decided = new CountDownLatch(1);
    AtomicBoolean up = new AtomicBoolean();
    org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(() -> {
      up.set(true);
      decided.countDown();
    });
    system.getWhenTerminated().whenComplete((_, _) -> decided.countDown());
    List<String> others = found.stream().filter(seed -> !seed.equals(Membership.name(self))).toList();
    CompletableFuture<String> distrust = new CompletableFuture<>();
    Thread.ofVirtual().name("seed-probe").start(() -> SeedProbe.complaints(others, tls).ifPresent(why -> {
      distrust.complete(why);
      decided.countDown();
    }));
    cluster.manager().tell(new JoinSeedNodes(seeds.isEmpty() ? List.of(self) : seeds));
    boolean inTime = decided.await(UP_WITHIN.toSeconds(), TimeUnit.SECONDS);
    List<String> complaints = membership.map(Membership::ends).orElse(List.of());
    if (up.get())
      return;
    if (distrust.isDone())
      throw NodeException.refused(new Problem("seed", String.join(", ", found), distrust.join(),
          tls.isByToken()
              ? "give the right --seed, --cluster and --state; a node that only computes and does not see the state "
                  + "directory"
                  + " takes the token from HALOCLINE_TOKEN"
              : "give all nodes certificates that the others trust, by --tls-keystore and --tls-truststore, or none"),
          new IllegalStateException("no trust"));
    if (inTime)
      throw NodeException.refused(Problem.of("seed",
          "the cluster of " + String.join(", ", found) + " refuses this node: " + (complaints.isEmpty()
              ? difference(found, settings, tls, ClusterGateway.protocol(system))
              : String.join("; ", complaints)),
          "see also the log of the node that was asked"), new IllegalStateException("incompatible cluster"));
    throw new NodeException(Problem.of("seed",
        "none of " + String.join(", ", found) + " has let this node in within " + UP_WITHIN.toSeconds() + " s",
        "check that they run and can be reached"), new TimeoutException());
  }

  /** Pekko turns a node of another protocol away without a reason; the gateway tells it. */
  private static String difference(List<String> found, NodeSettings settings, ControlTls tls, int protocol) {
    try {
      ClusterGateway.Opened there = ClusterConnection.knock(found, settings.host(), tls, settings.overrides());
      return "it speaks protocol " + there.protocol() + " and is of cluster \"" + there.cluster()
          + "\", and this node speaks protocol " + protocol + " and is of cluster \""
          + settings.cluster().map(ClusterSettings::name).orElse("")
          + "\": run the same version of Halocline on all nodes";
    } catch (NodeException e) {
      return "its protocol version, name or settings differ";
    }
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

  /** The jobs of a node of a cluster go on elsewhere, from a checkpoint; the jobs of a process for itself end. */
  private CompletionStage<Done> drain() {
    Cluster cluster = Cluster.get(system);
    if (cluster.isTerminated() || cluster.selfMember().status().equals(MemberStatus.down()))
      return CompletableFuture.completedFuture(Done.getInstance()); // nothing of it counts any more
    return leave(Membership.name(cluster.selfMember().address()), System.nanoTime() + DRAIN_WITHIN.toNanos())
        .handle((_, failure) -> {
          if (failure != null)
            LOG.warn("jobs did not end in time: {}", failure.toString());
          return Done.getInstance();
        });
  }

  /** Asked again and again: the coordinator may be on the move, and asking twice does no harm. */
  private CompletionStage<Coordinator.Left> leave(String name, long untilNs) {
    CompletionStage<Coordinator.Left> once = AskPattern.ask(refs.coordinator(),
        (ActorRef<Coordinator.Left> replyTo) -> new Coordinator.Leave(name, replyTo), LEAVE_AGAIN,
        system.scheduler());
    return once.exceptionallyCompose(failure -> System.nanoTime() < untilNs
        ? leave(name, untilNs)
        : CompletableFuture.failedStage(failure));
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

  /** What may be asked of the coordinator, wherever it is. */
  public ClusterClient client() {
    return new ClusterClient(system, refs.coordinator().narrow(), token.orElse(""));
  }

  /** The state directory as this node sees it; empty on a node that runs jobs for its own process only. */
  public Optional<StateDirectory> state() {
    return membership.map(Membership::state);
  }

  /** What a user must know to change things; empty on a node that runs jobs for its own process only. */
  public String token() {
    return token.orElse("");
  }

  /** Tells the cluster where this node's page is. */
  public void announceHttp(String address) {
    refs.agent().tell(new NodeAgent.Announce(address));
  }

  /**
   * Done when the node has ended, by {@link #close} or by itself: a node that the others have given up, after a long
   * pause or a partition, leaves, and is to be started anew.
   */
  public CompletionStage<Done> ended() {
    return system.getWhenTerminated();
  }

  /** Whether it is on its way out, or gone. */
  public boolean isEnding() {
    return CoordinatedShutdown.get(system).getShutdownReason().isPresent()
        || Cluster.get(system).isTerminated() || system.getWhenTerminated().toCompletableFuture().isDone();
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
    membership.ifPresent(Membership::close);
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
