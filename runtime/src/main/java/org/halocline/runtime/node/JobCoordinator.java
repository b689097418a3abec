package org.halocline.runtime.node;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.coordinator.Submissions;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.LayoutDemand;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.supervisor.JobSupervisor;
import org.halocline.runtime.supervisor.Timeouts;

/**
 * The cluster's one coordinator: knows the lanes of all nodes, deals them to jobs, and has a {@link JobSupervisor} for each
 * job. Submissions that come before any node has reported wait a little.
 */
public final class JobCoordinator extends AbstractBehavior<JobCoordinator.Command> {
  /** What it may be asked. */
  public sealed interface Command {}

  /** Run this job; events go to replyTo, the last one always. */
  public record Submit(Submission submission, ActorRef<JobEvent> replyTo) implements Command, WireMessage {}

  /** End this job soon. */
  public record Cancel(String jobId, String reason) implements Command, WireMessage {}

  /** End every job soon and say when all have. */
  public record Drain(String reason, ActorRef<Drained> replyTo) implements Command, WireMessage {}

  public record Drained(int jobs) implements WireMessage {}

  /** A supervisor wants lanes. */
  public record Reserve(String jobId, LayoutDemand demand, ActorRef<Reservation> replyTo) implements Command, LocalMessage {}

  /**
   * A supervisor is about to tell its job's last event: a client that hears it may submit the same job again at once.
   */
  public record Ended(String jobId, ActorRef<JobSupervisor.Command> supervisor) implements Command, LocalMessage {}

  /** Lanes for a job, until its supervisor stops. */
  public sealed interface Reservation extends LocalMessage {}

  public record Reserved(PlannedLayout planned, List<RankSlot> slots) implements Reservation {}

  public record Denied(boolean badInput, List<Problem> problems) implements Reservation {}

  private record AgentsChanged(Set<ActorRef<NodeAgent.Command>> agents) implements Command, LocalMessage {}

  private record LanesReported(NodeAgent.LaneReport report) implements Command, LocalMessage {}

  private record PatienceEnded(String jobId) implements Command, LocalMessage {}

  private record Job(ActorRef<JobSupervisor.Command> supervisor, ActorRef<JobEvent> replyTo, String runDirectory) {}

  private final JobKinds kinds;
  private final Clock clock;
  private final Timeouts patience;
  private final TimerScheduler<Command> timers;
  private final ActorRef<NodeAgent.LaneReport> reports;
  private final Map<ActorRef<NodeAgent.Command>, NodeAgent.LaneReport> nodes = new HashMap<>();
  private final Map<LaneOffer, String> jobOfLane = new HashMap<>();
  private final Map<String, Job> jobs = new TreeMap<>();
  private final List<Reserve> waiting = new ArrayList<>();
  private final List<ActorRef<Drained>> drains = new ArrayList<>();
  private final Set<ActorRef<JobSupervisor.Command>> ending = new HashSet<>();
  private int drained;
  private int started;

  private JobCoordinator(ActorContext<Command> context, TimerScheduler<Command> timers, JobKinds kinds, Clock clock,
      Timeouts patience) {
    super(context);
    this.kinds = kinds;
    this.clock = clock;
    this.patience = patience;
    this.timers = timers;
    this.reports = context.messageAdapter(NodeAgent.LaneReport.class, LanesReported::new);
    ActorRef<Receptionist.Listing> listings = context.messageAdapter(Receptionist.Listing.class,
        listing -> new AgentsChanged(listing.getServiceInstances(NodeAgent.KEY)));
    context.getSystem().receptionist().tell(Receptionist.subscribe(NodeAgent.KEY, listings));
  }

  static Behavior<Command> create(JobKinds kinds, Clock clock, Timeouts patience) {
    return Behaviors
        .setup(context -> Behaviors.withTimers(timers -> new JobCoordinator(context, timers, kinds, clock, patience)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).onSignal(Terminated.class, this::ended).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Submit(Submission submission, ActorRef<JobEvent> replyTo) -> submit(submission, replyTo);
      case Cancel(String jobId, String reason) -> cancel(jobId, reason);
      case Drain(String reason, ActorRef<Drained> replyTo) -> drain(reason, replyTo);
      case Reserve reserve -> reserve(reserve);
      case Ended(String jobId, ActorRef<JobSupervisor.Command> supervisor) -> {
        ending.add(supervisor);
        forget(jobId);
      }
      case AgentsChanged(Set<ActorRef<NodeAgent.Command>> agents) -> agentsChanged(agents);
      case LanesReported(NodeAgent.LaneReport report) -> lanesReported(report);
      case PatienceEnded(String jobId) -> giveUp(jobId);
    }
    return this;
  }

  private void submit(Submission submission, ActorRef<JobEvent> replyTo) {
    String id = submission.spec().id();
    if (jobs.containsKey(id)) {
      replyTo.tell(new JobEvent.Failed(true,
          new Problem("job", id, "runs already, in " + jobs.get(id).runDirectory(), "wait for it, or cancel it")
              .toString()));
      return;
    }
    if (!drains.isEmpty()) {
      replyTo.tell(new JobEvent.Cancelled("the process was told to end"));
      return;
    }
    getContext().getLog().info("job {} submitted, to run in {}", id, submission.runDirectory());
    ActorRef<JobSupervisor.Command> supervisor = getContext().spawn(
        JobSupervisor.create(submission, kinds, clock, patience, replyTo, getContext().getSelf()),
        "job-" + started++, DispatcherSelector.blocking());
    getContext().watch(supervisor);
    jobs.put(id, new Job(supervisor, replyTo, submission.runDirectory()));
  }

  private void cancel(String jobId, String reason) {
    Job job = jobs.get(jobId);
    if (job == null)
      getContext().getLog().info("job {} to be cancelled ({}) does not run", jobId, reason);
    else
      job.supervisor().tell(new JobSupervisor.Cancel(reason));
  }

  private void drain(String reason, ActorRef<Drained> replyTo) {
    drains.add(replyTo);
    jobs.values().forEach(job -> job.supervisor().tell(new JobSupervisor.Cancel(reason)));
    answerDrains();
  }

  private void answerDrains() {
    if (!jobs.isEmpty() || !ending.isEmpty())
      return;
    drains.forEach(replyTo -> replyTo.tell(new Drained(drained)));
    drains.clear();
  }

  private void agentsChanged(Set<ActorRef<NodeAgent.Command>> agents) {
    nodes.keySet().retainAll(agents);
    Set<ActorRef<NodeAgent.Command>> fresh = new HashSet<>(agents);
    fresh.removeAll(nodes.keySet());
    fresh.forEach(agent -> agent.tell(new NodeAgent.DescribeLanes(reports)));
  }

  private void lanesReported(NodeAgent.LaneReport report) {
    getContext().getLog().info("node {} offers {} lanes", report.node(), report.lanes().size());
    nodes.put(report.agent(), report);
    List<Reserve> again = List.copyOf(waiting);
    waiting.clear();
    again.forEach(this::reserve);
  }

  private void reserve(Reserve reserve) {
    if (nodes.isEmpty()) {
      waiting.add(reserve);
      timers.startSingleTimer(reserve.jobId(), new PatienceEnded(reserve.jobId()), patience.lanes());
      return;
    }
    timers.cancel(reserve.jobId());
    List<LaneOffer> free = nodes.values().stream().flatMap(report -> report.lanes().stream())
        .filter(lane -> !jobOfLane.containsKey(lane)).toList();
    reserve.replyTo().tell(switch (Planner.plan(reserve.demand(), free)) {
      case Checked.Invalid<PlannedLayout>(List<Problem> problems) -> new Denied(true, problems);
      case Checked.Valid<PlannedLayout>(PlannedLayout planned) -> {
        planned.lanes().forEach(lane -> jobOfLane.put(lane, reserve.jobId()));
        planned.idle().forEach(lane -> jobOfLane.put(lane, reserve.jobId()));
        yield new Reserved(planned, planned.lanes().stream().map(this::slot).toList());
      }
    });
  }

  private RankSlot slot(LaneOffer lane) {
    NodeAgent.LaneReport report = nodes.values().stream().filter(node -> node.lanes().contains(lane)).findFirst()
        .orElseThrow();
    return new RankSlot(report.agent(), report.node(), lane.lane());
  }

  private void giveUp(String jobId) {
    waiting.stream().filter(reserve -> reserve.jobId().equals(jobId)).findFirst().ifPresent(reserve -> {
      waiting.remove(reserve);
      reserve.replyTo().tell(new Denied(false, List.of(Problem.of("lanes",
          "no node has offered any for " + patience.lanes().toSeconds() + " s", "look at the nodes' logs"))));
    });
  }

  private Behavior<Command> ended(Terminated signal) {
    boolean announced = ending.removeIf(signal.getRef()::equals);
    Optional<String> cutOff = jobs.entrySet().stream()
        .filter(entry -> entry.getValue().supervisor().equals(signal.getRef())).map(Map.Entry::getKey).findFirst();
    cutOff.ifPresent(id -> {
      ActorRef<JobEvent> replyTo = jobs.get(id).replyTo();
      forget(id);
      if (signal instanceof ChildFailed failed) {
        getContext().getLog().error("the supervisor of job {} died", id, failed.getCause());
        replyTo.tell(new JobEvent.Failed(false, "job " + id + " failed: " + failed.getCause()));
      }
    });
    if (!drains.isEmpty() && (announced || cutOff.isPresent()))
      drained++;
    answerDrains();
    return this;
  }

  private void forget(String id) {
    jobs.remove(id);
    jobOfLane.values().removeIf(id::equals);
    waiting.removeIf(reserve -> reserve.jobId().equals(id));
    timers.cancel(id);
  }
}
