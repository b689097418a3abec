package org.halocline.runtime.coordinator;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.files.SupersededException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.membership.Membership;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.DiskQueue;
import org.halocline.runtime.store.EventJournal;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.Takeover;
import org.halocline.runtime.supervisor.Timeouts;

/**
 * The one coordinator of a cluster that keeps its jobs on disk. It begins by taking the state directory over from the one
 * before, which can change nothing any more; then it claims the nodes, goes on with the jobs that have not ended and answers
 * requests. What it knows is all in the state directory, so its death costs time and nothing else. Once a later one has taken
 * over it does nothing more and has its node leave.
 */
public final class Coordinator extends AbstractBehavior<CoordinatorMessage> {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final int MOST_EARLY = 1000;
  /** A node that was there under the one before, and has not reported for so long, did not come along. */
  private static final long COMES_ALONG_MILLIS = 30_000;

  /** A node is about to leave: give its jobs away, with a checkpoint. */
  public record Leave(String node, ActorRef<Left> replyTo) implements CoordinatorMessage, WireMessage {}

  /** No job uses the node any more. */
  public record Left(String node) implements WireMessage {}

  /** What it tells itself, or hears from its children. */
  sealed interface Internal extends CoordinatorMessage, LocalMessage {}

  private record TakeOver() implements Internal {}

  /** @param before the former coordinator; empty if there was none */
  private record TookOver(JobStore store, Takeover left, String before) implements Internal {}

  private record ReachabilityChanged(ClusterEvent.ReachabilityEvent event) implements Internal {}

  private record NotTakenOver(Throwable problem) implements Internal {}

  private record AgentsChanged(Set<ActorRef<NodeAgent.Command>> agents) implements Internal {}

  private record Reported(NodeAgent.NodeReport report) implements Internal {}

  private record EventsRead(EventJournal journal, EventJournal.Read read) implements Internal {}

  private record Tick() implements Internal {}

  /**
   * Something to be done on this actor's thread.
   *
   * @param by
   *          whose work it is; left undone once this actor was started anew and has others
   */
  record Act(ClusterJobs by, Runnable work) implements Internal {}

  /** A write has failed for good: there is a later coordinator. */
  record Superseded(ClusterJobs by, SupersededException why) implements Internal {}

  private final String node;
  private final StateDirectory directory;
  private final JobKinds kinds;
  private final Clock clock;
  private final Timeouts patience;
  private final Runnable superseded;
  private final TimerScheduler<CoordinatorMessage> timers;
  private final DiskQueue disk = new DiskQueue();
  private final List<CoordinatorMessage> early = new ArrayList<>();
  private final Map<String, List<ActorRef<Left>>> leaving = new TreeMap<>();
  /** Those that have said that they go. */
  private final Set<String> stopped = new HashSet<>();
  private final ActorRef<NodeAgent.NodeReport> reports;
  private Set<ActorRef<NodeAgent.Command>> agents = Set.of();
  private String before = "";
  /** Once the directory is its own, also while its jobs cannot be read. */
  private volatile Optional<JobStore> taken = Optional.empty();
  private Optional<Reign> reign = Optional.empty();
  private boolean over;

  /** What there is once the state directory is its own. */
  private record Reign(JobStore store, LaneBook lanes, EventJournal journal, ClusterJobs jobs,
      Submissions submissions, JobAnswers answers, NodeRoll roll, long sinceEpochMillis) {}

  /**
   * @param node
   *          name of this node
   * @param superseded
   *          run once a later coordinator has taken over
   */
  public static Behavior<CoordinatorMessage> create(String node, StateDirectory directory, JobKinds kinds, Clock clock,
      Timeouts patience, Runnable superseded) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Coordinator(context, timers, node,
        directory, kinds, clock, patience, superseded)));
  }

  private Coordinator(ActorContext<CoordinatorMessage> context, TimerScheduler<CoordinatorMessage> timers,
      String node, StateDirectory directory, JobKinds kinds, Clock clock, Timeouts patience, Runnable superseded) {
    super(context);
    this.node = node;
    this.directory = directory;
    this.kinds = kinds;
    this.clock = clock;
    this.patience = patience;
    this.superseded = superseded;
    this.timers = timers;
    this.reports = context.messageAdapter(NodeAgent.NodeReport.class, Reported::new);
    ActorRef<Receptionist.Listing> listings = context.messageAdapter(Receptionist.Listing.class,
        listing -> new AgentsChanged(listing.getAllServiceInstances(NodeAgent.KEY)));
    context.getSystem().receptionist().tell(Receptionist.subscribe(NodeAgent.KEY, listings));
    if (isClustered())
      Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(
          context.messageAdapter(ClusterEvent.ReachabilityEvent.class, ReachabilityChanged::new),
          ClusterEvent.ReachabilityEvent.class));
    takeOver();
  }

  @Override
  public Receive<CoordinatorMessage> createReceive() {
    return newReceiveBuilder().onMessage(ClusterRequest.class, this::asked).onMessage(Leave.class, this::leave)
        .onMessage(Internal.class, this::on).onSignal(PostStop.class, _ -> closed())
        .onSignal(PreRestart.class, _ -> closed()).build();
  }

  private Behavior<CoordinatorMessage> closed() {
    disk.close();
    reign.ifPresent(own -> {
      own.journal().close();
      own.jobs().close();
    });
    return this;
  }

  private Behavior<CoordinatorMessage> on(Internal message) {
    switch (message) {
      case TakeOver _ -> takeOver();
      case TookOver took -> tookOver(took);
      case NotTakenOver(Throwable problem) -> notTakenOver(problem);
      case AgentsChanged(Set<ActorRef<NodeAgent.Command>> now) -> agentsChanged(now);
      case Reported(NodeAgent.NodeReport report) -> reign.filter(_ -> agents.contains(report.agent()))
          .ifPresent(own -> {
            if (!own.lanes().knows(report.agent()))
              tell(own, own.roll().reported(report.status().name(), LaneBook.lanes(report)));
            if (own.lanes().report(report, clock.millis()))
              own.jobs().schedule();
          });
      case ReachabilityChanged(ClusterEvent.ReachabilityEvent event) -> reign.ifPresent(own -> {
        String name = Membership.name(event.member().address());
        tell(own, event instanceof ClusterEvent.UnreachableMember
            ? own.roll().unreachable(name)
            : own.roll().reachable(name));
      });
      case EventsRead(EventJournal journal, EventJournal.Read read) ->
        reign.filter(own -> own.journal() == journal).ifPresent(own -> reading(own, journal.answer(read)));
      case Tick _ -> tick();
      case Act(ClusterJobs by, Runnable work) -> {
        if (!over && isOurs(by))
          work.run();
        answerLeaving();
      }
      case Superseded(ClusterJobs by, SupersededException why) -> {
        if (isOurs(by))
          abdicate(why);
      }
    }
    return this;
  }

  private boolean isOurs(ClusterJobs jobs) {
    return reign.map(Reign::jobs).filter(own -> own == jobs).isPresent();
  }

  private void takeOver() {
    getContext().pipeToSelf(disk.run(() -> {
      if (taken.isEmpty())
        before = directory.coordinatingNode();
      if (taken.isEmpty())
        taken = Optional.of(directory.takeOver(node));
      return new TookOver(taken.get(), Takeover.of(taken.get()), before);
    }), (took, problem) -> problem == null ? took : new NotTakenOver(problem));
  }

  private void notTakenOver(Throwable problem) {
    if (taken.isPresent() && DiskQueue.superseded(problem).isPresent())
      taken = Optional.empty();
    getContext().getLog().error("the state directory {} cannot be taken over: {}", directory.path(),
        problem.getMessage());
    timers.startSingleTimer(new TakeOver(), AGAIN);
  }

  private void tookOver(TookOver took) {
    JobStore store = took.store();
    getContext().getLog().info("coordinator {} of cluster {} on {}, with {} jobs and {} that have ended",
        store.incarnation(), directory.cluster(), node, took.left().jobs().size(), took.left().ended().size());
    LaneBook lanes = new LaneBook(store.proof());
    EventJournal journal = new EventJournal(store, disk, clock::millis, took.left().events());
    ClusterJobs.Means means = new ClusterJobs.Means(store, disk, lanes, journal, kinds, clock, patience);
    ClusterJobs jobs = new ClusterJobs(getContext(), timers, means);
    reign = Optional.of(new Reign(store, lanes, journal, jobs, new Submissions(getContext(), jobs, means),
        new JobAnswers(jobs), new NodeRoll(took.left().ofCluster()), clock.millis()));
    Reign own = reign.get();
    tell(own, Optional.of(own.roll().coordinates(node, store.incarnation(), took.before())));
    jobs.adopt(took.left());
    agents.forEach(this::claim);
    timers.startTimerWithFixedDelay(new Tick(), TICK);
    List<CoordinatorMessage> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(message -> getContext().getSelf().tell(message));
  }

  private void claim(ActorRef<NodeAgent.Command> agent) {
    agent.tell(new NodeAgent.Claim(reign.orElseThrow().store().incarnation(), reports));
  }

  private void agentsChanged(Set<ActorRef<NodeAgent.Command>> now) {
    Set<ActorRef<NodeAgent.Command>> before = agents;
    agents = Set.copyOf(now);
    if (reign.isEmpty() || over)
      return;
    Set<ActorRef<NodeAgent.Command>> gone = new HashSet<>(before);
    gone.removeAll(now);
    gone.forEach(agent -> reign.get().lanes().remove(agent).ifPresent(last -> {
      tell(reign.get(), reign.get().roll().left(last.status().name(),
          stopped.remove(last.status().name()) ? "it was stopped" : "it is gone"));
      leaving.remove(last.status().name());
      reign.get().jobs().lost(agent, last.status().name(), last.status().lastSeenEpochMillis());
    }));
    now.stream().filter(agent -> !before.contains(agent)).forEach(this::claim);
    reign.get().jobs().schedule();
  }

  private Behavior<CoordinatorMessage> asked(ClusterRequest request) {
    if (over)
      return this; // a client that asks again reaches the next one
    if (reign.isEmpty()) {
      if (early.size() < MOST_EARLY)
        early.add(request); // others are asked again
      return this;
    }
    try {
      answer(request, reign.get());
    } catch (RuntimeException e) {
      getContext().getLog().warn("a request cannot be answered: {}", request, e);
    }
    return this;
  }

  private void answer(ClusterRequest request, Reign own) {
    switch (request) {
      case ClusterRequest.Submit submit -> own.submissions().submit(submit);
      case ClusterRequest.Cancel cancel -> own.answers().cancel(cancel);
      case ClusterRequest.Describe(var replyTo) -> replyTo.tell(status(own));
      case ClusterRequest.DescribeJob describe -> own.answers().describe(describe);
      case ClusterRequest.ListJobs list -> own.answers().list(list);
      case ClusterRequest.Follow follow -> reading(own, own.journal().follow(follow));
      case ClusterRequest.Unfollow(var replyTo) -> own.journal().unfollow(replyTo);
    }
  }

  private void reading(Reign own, Optional<CompletionStage<EventJournal.Read>> reading) {
    reading.ifPresent(read -> getContext().pipeToSelf(read, (found, _) -> new EventsRead(own.journal(), found)));
  }

  private org.halocline.runtime.cluster.ClusterStatus status(Reign own) {
    long now = clock.millis();
    return new StatusReport(directory.cluster(), node, own.store().incarnation(), getContext().getSelf().path(), now)
        .of(own.lanes(), unreachable(), own.jobs());
  }

  /** Nodes that went with the coordinator before, and have said nothing to this one. */
  private void missed(Reign own) {
    boolean late = clock.millis() - own.sinceEpochMillis() > COMES_ALONG_MILLIS;
    Set<String> members = isClustered() && !late ? members() : Set.of();
    own.roll().missing(own.lanes().names()).stream().filter(name -> !name.equals(node))
        .filter(name -> late || isClustered() && !members.contains(name))
        .forEach(name -> tell(own, own.roll().left(name, "it is gone since the coordinator moved")));
  }

  private Set<String> members() {
    Set<String> members = new TreeSet<>();
    Cluster.get(getContext().getSystem()).state().getMembers()
        .forEach(member -> members.add(Membership.name(member.address())));
    return members;
  }

  /** Into the log of this node, and to all followers. */
  private void tell(Reign own, Optional<JobEvent.ClusterChanged> change) {
    change.filter(_ -> !over).ifPresent(event -> {
      getContext().getLog().info("{}", event.line());
      own.journal().add(EventJournal.CLUSTER, event);
    });
  }

  /** Only tests of a coordinator by itself have no cluster. */
  private boolean isClustered() {
    return getContext().getSystem().settings().config().getString("pekko.actor.provider").equals("cluster");
  }

  private Set<String> unreachable() {
    return Cluster.get(getContext().getSystem()).state().getUnreachable().stream()
        .map(member -> Membership.name(member.address())).collect(Collectors.toCollection(TreeSet::new));
  }

  private Behavior<CoordinatorMessage> leave(Leave leave) {
    if (reign.isEmpty() || over) {
      leave.replyTo().tell(new Left(leave.node()));
      return this;
    }
    leaving.computeIfAbsent(leave.node(), _ -> new ArrayList<>()).add(leave.replyTo());
    stopped.add(leave.node());
    reign.get().lanes().leaves(leave.node());
    reign.get().jobs().park(leave.node(), leave.node().equals(node));
    answerLeaving();
    return this;
  }

  private void answerLeaving() {
    reign.ifPresent(own -> leaving.entrySet().removeIf(entry -> {
      boolean free = over || (entry.getKey().equals(node)
          ? own.jobs().nothingRuns()
          : own.lanes().jobsOn(entry.getKey()).isEmpty());
      if (free)
        entry.getValue().forEach(replyTo -> replyTo.tell(new Left(entry.getKey())));
      return free;
    }));
  }

  private void tick() {
    reign.filter(_ -> !over).ifPresent(own -> {
      getContext().pipeToSelf(disk.run(() -> {
        own.store().requireCurrent();
        own.store().beat();
        return true;
      }), (_, problem) -> DiskQueue.superseded(problem).<Internal>map(why -> new Superseded(own.jobs(), why))
          .orElse(new Act(own.jobs(), () -> {})));
      missed(own);
      own.jobs().tick();
      agents.stream().filter(agent -> own.lanes().isSilent(agent, clock.millis())).forEach(this::claim);
      answerLeaving();
    });
  }

  /** Its jobs are the other one's: they are stopped without a word, and nothing of them can be committed any more. */
  private void abdicate(SupersededException why) {
    if (over)
      return;
    over = true;
    getContext().getLog().error("this coordinator is over: {}", why.getMessage());
    reign.ifPresent(own -> own.jobs().stopAll());
    answerLeaving();
    superseded.run();
  }
}
