package org.halocline.runtime.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    List<JobStatus> statuses = shown.stream().map(jobs::status).map(StatusReport::shortened).toList();
    return new ClusterStatus(cluster, node, incarnation, nodes, statuses, all.size() - shown.size(),
        actors(nodes, shown, jobs, agents), now);
  }

  private static JobStatus shortened(JobStatus job) {
    if (job.why().length() <= MOST_WHY)
      return job;
    return new JobStatus(job.id(), job.kind(), job.name(), job.state(), job.terms(),
        job.why().substring(0, MOST_WHY) + " …", job.runDirectory(), job.layout(), job.ranks(), job.incarnation(),
        job.restarts(), job.lastCheckpointAgeMillis(), job.checkpoints(), job.lastRecovery(), job.progress(),
        job.etaSeconds(), job.sources(), job.submittedEpochMillis(), job.startedEpochMillis(),
        job.endedEpochMillis());
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
