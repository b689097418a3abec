package org.halocline.runtime.coordinator;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.coordinator.CoordinatorNews.JobNews;
import org.halocline.runtime.files.SupersededException;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.membership.Membership;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.store.DiskQueue;
import org.halocline.runtime.store.EventJournal;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.Takeover;
import org.halocline.runtime.supervisor.Timeouts;

/**
 * The one coordinator of a cluster, or of a process that runs jobs for itself. All that it must remember is in its
 * store, so the death of a cluster's coordinator costs time and nothing else:
 *
 * <pre>
 * takingOver     the jobs of the coordinator before are taken over, which can change nothing from then on; requests
 * wait
 * coordinating   node agents are claimed, jobs run, requests are answered
 * superseded     a later coordinator has taken over; this one does nothing more, and its node leaves
 * </pre>
 */
public final class Coordinator {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final int MOST_EARLY = 1000;
  /** A node of the coordinator before that has not reported for so long has not come along. */
  private static final long COMES_ALONG_MILLIS = 30_000;

  /** A node is about to leave: give its jobs away, with a checkpoint. */
  public record Leave(String node, ActorRef<Left> replyTo) implements CoordinatorMessage, WireMessage {}

  /** No job uses the node any more. */
  public record Left(String node) implements WireMessage {}

  /** What there is once the store is this coordinator's own. */
  private record Own(JobStore store, LaneAllocation lanes, EventJournal journal, ClusterJobs jobs,
      Submissions submissions,
      JobAnswers answers, NodeRegistry registry, long sinceEpochMillis) {}

  private final ActorContext<CoordinatorMessage> context;
  private final TimerScheduler<CoordinatorMessage> timers;
  private final StashBuffer<CoordinatorMessage> early;
  private final Setup setup;
  private final DiskQueue disk = new DiskQueue();
  private final ActorRef<NodeAgent.NodeReport> reports;
  private final Map<String, List<ActorRef<Left>>> leaving = new HashMap<>();
  /** Nodes that have said that they go. */
  private final Set<String> stopped = new HashSet<>();
  private Set<ActorRef<NodeAgent.Command>> agents = Set.of();

  /**
   * What a coordinator works with.
   *
   * @param node name of its node
   * @param cluster name of the cluster
   * @param leave run once a later coordinator has taken over
   */
  public record Setup(String node, String cluster, JobStore.Source source, JobKinds kinds, Clock clock,
      Timeouts timeouts, Runnable leave) {}

  public static Behavior<CoordinatorMessage> create(Setup setup) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(MOST_EARLY,
        early -> new Coordinator(context, timers, early, setup).takeOver(Optional.empty()))));
  }

  private Coordinator(ActorContext<CoordinatorMessage> context, TimerScheduler<CoordinatorMessage> timers,
      StashBuffer<CoordinatorMessage> early, Setup setup) {
    this.context = context;
    this.timers = timers;
    this.early = early;
    this.setup = setup;
    this.reports = context.messageAdapter(NodeAgent.NodeReport.class, CoordinatorNews.Reported::new);
    ActorRef<Receptionist.Listing> listings = context.messageAdapter(Receptionist.Listing.class,
        listing -> new CoordinatorNews.AgentsChanged(listing.getAllServiceInstances(NodeAgent.KEY)));
    context.getSystem().receptionist().tell(Receptionist.subscribe(NodeAgent.KEY, listings));
    if (isClustered())
      Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(
          context.messageAdapter(ClusterEvent.ReachabilityEvent.class, CoordinatorNews.ReachabilityChanged::new),
          ClusterEvent.ReachabilityEvent.class));
  }

  /** @param taken the store, if only its jobs could not be read before */
  private Behavior<CoordinatorMessage> takeOver(Optional<JobStore> taken) {
    context.pipeToSelf(disk.<CoordinatorNews>run(() -> {
      JobStore store = taken.isPresent() ? taken.get() : setup.source().takeOver(setup.node());
      try {
        return new CoordinatorNews.TookOver(store, Takeover.of(store, store.load(), StatusReport.MOST_JOBS));
      } catch (SupersededException e) {
        return new CoordinatorNews.NotTakenOver(Optional.empty(), e);
      } catch (Exception e) {
        return new CoordinatorNews.NotTakenOver(Optional.of(store), e);
      }
    }), (news, problem) -> problem == null ? news : new CoordinatorNews.NotTakenOver(taken, problem));
    return takingOver();
  }

  private Behavior<CoordinatorMessage> takingOver() {
    return Behaviors.receive(CoordinatorMessage.class).onMessage(ClusterRequest.class, request -> {
      if (!early.isFull())
        early.stash(request); // the clients of the others ask again
      return Behaviors.same();
    }).onMessage(Leave.class, this::left).onMessage(CoordinatorNews.class, news -> switch (news) {
      case CoordinatorNews.TookOver(JobStore store, Takeover left) -> tookOver(store, left);
      case CoordinatorNews.NotTakenOver(Optional<JobStore> taken, Throwable problem) -> {
        context.getLog().error("the jobs of cluster {} cannot be taken over: {}", setup.cluster(),
            problem.getMessage());
        timers.startSingleTimer(new CoordinatorNews.TakeOver(taken), AGAIN);
        yield Behaviors.same();
      }
      case CoordinatorNews.TakeOver(Optional<JobStore> taken) -> takeOver(taken);
      case CoordinatorNews.AgentsChanged(Set<ActorRef<NodeAgent.Command>> now) -> {
        agents = Set.copyOf(now);
        yield Behaviors.same();
      }
      case CoordinatorNews.Reported _,CoordinatorNews.ReachabilityChanged _,CoordinatorNews.Tick _,CoordinatorNews.OfJobs _ ->
        Behaviors.same();
    }).onSignal(PostStop.class, _ -> closed()).onSignal(PreRestart.class, _ -> closed()).build();
  }

  private Behavior<CoordinatorMessage> closed() {
    disk.close();
    return Behaviors.same();
  }

  private Behavior<CoordinatorMessage> left(Leave going) {
    going.replyTo().tell(new Left(going.node()));
    return Behaviors.same();
  }

  private Behavior<CoordinatorMessage> tookOver(JobStore store, Takeover left) {
    context.getLog().info("coordinator {} of cluster {} on {}, with {} jobs and {} that have ended",
        store.incarnation(), setup.cluster(), setup.node(), left.jobs().size(), left.ended().size());
    LaneAllocation lanes = new LaneAllocation(store.proof());
    EventJournal journal = new EventJournal(store, disk, setup.clock()::millis, left.events());
    ClusterJobs.Means means = new ClusterJobs.Means(store, disk, lanes, journal, setup.kinds(),
        setup.clock(), setup.timeouts());
    ClusterJobs jobs = new ClusterJobs(context, timers, means);
    Own own = new Own(store, lanes, journal, jobs, new Submissions(context, jobs, means), new JobAnswers(jobs),
        new NodeRegistry(left.ofCluster()), setup.clock().millis());
    if (store.outlives())
      tell(own, own.registry().coordinates(setup.node(), store.incarnation(), store.predecessor()));
    jobs.adopt(left);
    agents.forEach(agent -> claim(own, agent));
    timers.startTimerWithFixedDelay(new CoordinatorNews.Tick(), TICK);
    return early.unstashAll(coordinating(own));
  }

  private Behavior<CoordinatorMessage> coordinating(Own own) {
    return Behaviors.receive(CoordinatorMessage.class).onMessage(ClusterRequest.class, request -> {
      try {
        answer(request, own);
      } catch (RuntimeException e) {
        context.getLog().warn("a request cannot be answered: {}", request, e);
      }
      return Behaviors.same();
    }).onMessage(Leave.class, going -> {
      leave(going, own);
      return Behaviors.same();
    }).onMessage(CoordinatorNews.class, news -> {
      Behavior<CoordinatorMessage> next = on(news, own);
      answerLeaving(own);
      return next;
    }).onSignal(PostStop.class, _ -> closed(own)).onSignal(PreRestart.class, _ -> {
      if (!own.store().outlives())
        setup.leave().run(); // its jobs are lost, and somebody may wait for them
      return closed(own);
    }).build();
  }

  private Behavior<CoordinatorMessage> closed(Own own) {
    own.journal().close();
    own.jobs().close();
    return closed();
  }

  private Behavior<CoordinatorMessage> on(CoordinatorNews news, Own own) {
    switch (news) {
      case CoordinatorNews.AgentsChanged(Set<ActorRef<NodeAgent.Command>> now) -> agentsChanged(own, now);
      case CoordinatorNews.Reported(NodeAgent.NodeReport report) -> {
        if (agents.contains(report.agent()))
          reported(own, report);
      }
      case CoordinatorNews.ReachabilityChanged(ClusterEvent.ReachabilityEvent event) -> {
        String name = Membership.name(event.member().address());
        tell(own, event instanceof ClusterEvent.UnreachableMember
            ? own.registry().unreachable(name)
            : own.registry().reachable(name));
      }
      case CoordinatorNews.Tick _ -> tick(own);
      case CoordinatorNews.OfJobs(ClusterJobs of, JobNews about) -> {
        if (of == own.jobs())
          return about instanceof CoordinatorNews.Superseded(SupersededException why)
              ? abdicate(own, why)
              : on(about, own);
      }
      case CoordinatorNews.TakeOver _,CoordinatorNews.TookOver _,CoordinatorNews.NotTakenOver _ -> {
      }
    }
    return Behaviors.same();
  }

  private Behavior<CoordinatorMessage> on(JobNews news, Own own) {
    ClusterJobs jobs = own.jobs();
    switch (news) {
      case CoordinatorNews.EventsRead(EventJournal.Read read) -> reading(own, own.journal().answer(read));
      case CoordinatorNews.Schedule _ -> jobs.schedule();
      case CoordinatorNews.SupervisorTold(var told) -> jobs.hear(told);
      case CoordinatorNews.Check(JobEntry job) -> jobs.check(job);
      case CoordinatorNews.JobChecked(JobEntry job, var checked) -> jobs.checked(job, checked);
      case CoordinatorNews.ReadAgain _ -> jobs.readAgain();
      case CoordinatorNews.ReadNow(Optional<Takeover> left) -> jobs.readNow(left);
      case CoordinatorNews.Kept(JobEntry job, var next) -> jobs.kept(job, next);
      case CoordinatorNews.NotKept(JobEntry job, var next, Throwable problem) -> jobs.notKept(job, next, problem);
      case CoordinatorNews.KeepAgain(JobEntry job, var next) -> jobs.write(job, next);
      case CoordinatorNews.EndedRead read -> read(own, read);
      case CoordinatorNews.OrderChecked(var submit, var checked) -> own.submissions().checked(submit, checked);
      case CoordinatorNews.OrderKept kept -> own.submissions().kept(kept);
      case CoordinatorNews.OrderRefused(var submit, var problems) -> own.submissions().refuse(submit, problems);
      case CoordinatorNews.Done _,CoordinatorNews.Superseded _ -> {
      }
    }
    return Behaviors.same();
  }

  private void read(Own own, CoordinatorNews.EndedRead read) {
    EndedJobs ended = own.jobs().ended();
    Map<String, JobStatus> found = ended.statuses(read.ids(), read.jobs());
    if (read.asked().isEmpty())
      ended.readNewest(read.ids());
    else
      switch (read.asked().get()) {
        case ClusterRequest.ListJobs asked -> own.answers().listed(asked, read.ids(), found);
        case ClusterRequest.DescribeJob asked -> own.answers().described(asked, found);
        case ClusterRequest.Cancel asked -> own.answers().cancelled(asked, found);
        case ClusterRequest.Submit asked -> own.submissions().submit(asked, read.jobs().stream().findFirst());
        default -> throw new IllegalStateException("no ended jobs are read for " + read.asked());
      }
  }

  private void reported(Own own, NodeAgent.NodeReport report) {
    if (!own.lanes().knows(report.agent()))
      tell(own, own.registry().reported(report.status().name(), LaneAllocation.lanes(report)));
    if (own.lanes().report(report, setup.clock().millis()))
      own.jobs().schedule();
  }

  private void claim(Own own, ActorRef<NodeAgent.Command> agent) {
    agent.tell(new NodeAgent.Claim(own.store().incarnation(), reports));
  }

  private void agentsChanged(Own own, Set<ActorRef<NodeAgent.Command>> now) {
    Set<ActorRef<NodeAgent.Command>> gone = new HashSet<>(agents);
    gone.removeAll(now);
    Set<ActorRef<NodeAgent.Command>> come = new HashSet<>(now);
    come.removeAll(agents);
    agents = Set.copyOf(now);
    gone.forEach(agent -> own.lanes().remove(agent).ifPresent(last -> {
      String name = last.status().name();
      tell(own, own.registry().left(name, stopped.remove(name) ? "it was stopped" : "it is gone"));
      leaving.remove(name);
      own.jobs().lost(agent, name, last.status().lastSeenEpochMillis());
    }));
    come.forEach(agent -> claim(own, agent));
    own.jobs().schedule();
  }

  private void answer(ClusterRequest request, Own own) {
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

  private void reading(Own own, Optional<CompletionStage<EventJournal.Read>> reading) {
    reading.ifPresent(events -> context.pipeToSelf(events,
        (read, _) -> own.jobs().of(new CoordinatorNews.EventsRead(read))));
  }

  private ClusterStatus status(Own own) {
    return new StatusReport(setup.cluster(), setup.node(), own.store().incarnation(), context.getSelf().path(),
        setup.clock().millis())
        .of(own.lanes(), unreachable(), own.jobs());
  }

  /** Nodes that went with the coordinator before, and have said nothing to this one. */
  private void missed(Own own) {
    boolean late = setup.clock().millis() - own.sinceEpochMillis() > COMES_ALONG_MILLIS;
    Set<String> members = isClustered() && !late ? members() : Set.of();
    own.registry().missing(own.lanes().names()).stream().filter(name -> !name.equals(setup.node()))
        .filter(name -> late || isClustered() && !members.contains(name))
        .forEach(name -> tell(own, own.registry().left(name, "it is gone since the coordinator moved")));
  }

  private Set<String> members() {
    Set<String> members = new TreeSet<>();
    Cluster.get(context.getSystem()).state().getMembers()
        .forEach(member -> members.add(Membership.name(member.address())));
    return members;
  }

  /** Into the log of this node, and to all followers. */
  private void tell(Own own, Optional<JobEvent.ClusterChanged> change) {
    change.ifPresent(event -> {
      context.getLog().info("{}", event.line());
      own.journal().add(EventJournal.CLUSTER, event);
    });
  }

  /** Only tests of a coordinator by itself have no cluster. */
  private boolean isClustered() {
    return context.getSystem().settings().config().getString("pekko.actor.provider").equals("cluster");
  }

  private Set<String> unreachable() {
    return Cluster.get(context.getSystem()).state().getUnreachable().stream()
        .map(member -> Membership.name(member.address())).collect(Collectors.toCollection(TreeSet::new));
  }

  private void leave(Leave going, Own own) {
    leaving.computeIfAbsent(going.node(), _ -> new ArrayList<>()).add(going.replyTo());
    stopped.add(going.node());
    own.lanes().leaves(going.node());
    own.jobs().park(going.node(), going.node().equals(setup.node()));
    answerLeaving(own);
  }

  private void answerLeaving(Own own) {
    leaving.entrySet().removeIf(entry -> {
      boolean free = entry.getKey().equals(setup.node())
          ? own.jobs().nothingRuns()
          : own.lanes().jobsOn(entry.getKey()).isEmpty();
      if (free)
        entry.getValue().forEach(replyTo -> replyTo.tell(new Left(entry.getKey())));
      return free;
    });
  }

  private void tick(Own own) {
    own.jobs().onDisk(disk.run(() -> {
      own.store().requireCurrent();
      own.store().beat();
      return true;
    }), _ -> new CoordinatorNews.Done(), _ -> new CoordinatorNews.Done());
    missed(own);
    own.jobs().tick();
    agents.stream().filter(agent -> own.lanes().isSilent(agent, setup.clock().millis()))
        .forEach(agent -> claim(own, agent));
  }

  /** Its jobs are the other one's: they are stopped without a word, and nothing of them can be committed any more. */
  private Behavior<CoordinatorMessage> abdicate(Own own, SupersededException why) {
    context.getLog().error("this coordinator is over: {}", why.getMessage());
    own.jobs().stopAll();
    leaving.forEach((name, asked) -> asked.forEach(replyTo -> replyTo.tell(new Left(name))));
    leaving.clear();
    setup.leave().run();
    return superseded(own);
  }

  /** A request is not answered: the client asks again, and reaches the later coordinator. */
  private Behavior<CoordinatorMessage> superseded(Own own) {
    return Behaviors.receive(CoordinatorMessage.class).onMessage(Leave.class, this::left)
        .onAnyMessage(_ -> Behaviors.same()).onSignal(PostStop.class, _ -> closed(own))
        .onSignal(PreRestart.class, _ -> closed(own)).build();
  }
}
