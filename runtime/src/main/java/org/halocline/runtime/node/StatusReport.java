package org.halocline.runtime.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.ActorStatus;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.NodeStatus;
import org.halocline.runtime.cluster.Placement;
import org.halocline.runtime.rank.NodeAgent;

/** Puts a cluster's status together from what the coordinator knows, small enough for one message. */
final class StatusReport {
  static final int MOST_JOBS = 40;
  private static final int MOST_ACTORS = 250;
  private static final int MOST_WHY = 400;
  private static final int MOST_WHY_ALONE = 20_000;
  /** Of all jobs together: some 200 bytes each, and a message has at most 256 KiB. */
  private static final int MOST_SOURCES = 300;
  private static final int MOST_SOURCES_A_JOB = 64;
  private static final int MOST_RANKS = 256;

  private final String cluster;
  private final String node;
  private final int incarnation;
  private final ActorPath coordinator;
  private final long now;

  StatusReport(String cluster, String node, int incarnation, ActorPath coordinator, long now) {
    this.cluster = cluster;
    this.node = node;
    this.incarnation = incarnation;
    this.coordinator = coordinator;
    this.now = now;
  }

  ClusterStatus of(LaneBook lanes, Set<String> unreachable, ClusterJobs jobs,
      Set<ActorRef<NodeAgent.Command>> agents) {
    List<NodeStatus> nodes = lanes.nodes(unreachable, now);
    List<JobEntry> all = jobs.newestFirst();
    List<JobEntry> shown = new ArrayList<>();
    all.stream().filter(job -> !job.state.state().isLast()).limit(MOST_JOBS).forEach(shown::add);
    all.stream().filter(job -> job.state.state().isLast()).limit(MOST_JOBS - shown.size()).forEach(shown::add);
    List<JobStatus> statuses = new ArrayList<>();
    int sources = MOST_SOURCES;
    for (JobEntry job : shown) {
      JobStatus status = shortened(jobs.status(job), Math.min(sources, MOST_SOURCES_A_JOB), MOST_WHY);
      sources -= status.sources().size();
      statuses.add(status);
    }
    return new ClusterStatus(cluster, node, incarnation, nodes, statuses, all.size() - shown.size(),
        actors(nodes, shown, jobs, agents), now);
  }

  /** What is known of one job, as much of it as one message holds. */
  static JobStatus alone(JobStatus job) {
    return shortened(job, MOST_SOURCES, MOST_WHY_ALONE);
  }

  /** One of a list. */
  static JobStatus brief(JobStatus job) {
    return shortened(job, MOST_SOURCES / MOST_JOBS, MOST_WHY);
  }

  /** Of many chains, those that are furthest behind are told of. */
  private static JobStatus shortened(JobStatus job, int mostSources, int mostWhy) {
    if (job.why().length() <= mostWhy && job.sources().size() <= mostSources && job.ranks().size() <= MOST_RANKS)
      return job;
    String why = job.why().length() <= mostWhy ? job.why() : job.why().substring(0, mostWhy) + " …";
    Map<String, Map<String, Double>> sources = new TreeMap<>();
    job.sources().entrySet().stream()
        .sorted(Comparator.comparingDouble(source -> source.getValue().getOrDefault("draw", 0.0)))
        .limit(Math.max(0, mostSources)).forEach(source -> sources.put(source.getKey(), source.getValue()));
    return new JobStatus(job.id(), job.kind(), job.name(), job.state(), job.terms(), why, job.runDirectory(),
        job.layout(), job.ranks().subList(0, Math.min(job.ranks().size(), MOST_RANKS)), job.incarnation(),
        job.restarts(), job.lastCheckpointAgeMillis(), job.checkpoints(), job.lastRecovery(), job.progress(),
        job.etaSeconds(), sources, job.submittedEpochMillis(), job.startedEpochMillis(), job.endedEpochMillis());
  }

  private List<ActorStatus> actors(List<NodeStatus> nodes, List<JobEntry> shown, ClusterJobs jobs,
      Set<ActorRef<NodeAgent.Command>> agents) {
    List<ActorStatus> actors = new ArrayList<>();
    actors.add(new ActorStatus(path(coordinator), node, "coordinates", incarnation - 1, "", 0));
    for (NodeStatus there : nodes) {
      long busy = there.lanes().stream().filter(lane -> lane.job().isPresent()).count();
      actors.add(new ActorStatus("/user/node-agent", there.name(), busy + " ranks", 0, there.why(), 0));
    }
    for (JobEntry job : shown)
      if (job.supervisor.isPresent())
        ofJob(job, jobs, actors);
    return actors.subList(0, Math.min(actors.size(), MOST_ACTORS));
  }

  private void ofJob(JobEntry job, ClusterJobs jobs, List<ActorStatus> actors) {
    String supervisor = path(job.supervisor.orElseThrow().path());
    int restarts = Math.max(0, job.state.starts() - 1);
    long since = job.state.lastStartEpochMillis();
    String error = job.causes().isEmpty() ? "" : job.causes().getLast();
    JobStatus status = jobs.status(job);
    actors.add(new ActorStatus(supervisor, node, job.parking.isPresent() ? "ends for a move" : "supervises", restarts,
        error, since));
    String actor = supervisor + "/" + job.order.order().spec().kind();
    actors.add(new ActorStatus(actor, node, "runs", restarts, error, since));
    job.state.layout().ifPresent(layout -> {
      for (int domain = 0; domain < layout.domains(); domain++)
        actors.add(new ActorStatus(actor + "/domain-" + domain, node, "leads " + layout.ranks() + " ranks", 0, "",
            since));
    });
    status.sources().forEach((source, numbers) -> {
      if (source.startsWith("chain "))
        actors.add(new ActorStatus(actor + "/" + source.replace(' ', '-'), node, String.format(Locale.ROOT,
            "draw %.0f of %.0f", numbers.getOrDefault("draw", 0.0), numbers.getOrDefault("of", 0.0)), 0, "", since));
    });
    for (Placement rank : status.ranks())
      actors.add(new ActorStatus("/user/node-agent/rank-" + rank.domain() + "-" + rank.rank(), rank.node(),
          "rank " + rank.rank() + " of domain " + rank.domain() + " on lane " + rank.lane(), 0, "", since));
  }

  private static String path(ActorPath path) {
    return path.toStringWithoutAddress();
  }
}
