package org.halocline.runtime.coordinator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorPath;
import org.halocline.runtime.cluster.ActorStatus;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.MessageText;
import org.halocline.runtime.cluster.JobStatus.RankPlace;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.rank.NodeStatus;
import org.halocline.runtime.rank.PeerTraffic;
import org.halocline.runtime.store.JobKey;

/**
 * Puts a cluster's status together from what the coordinator knows, small enough for one message.
 *
 * @param node of the coordinator
 * @param coordinator the coordinator's own path
 */
public record StatusReport(String cluster, String node, int incarnation, ActorPath coordinator, long now) {
  public static final int MOST_JOBS = 40;
  private static final int MOST_ACTORS = 250;
  private static final int MOST_WHY = 400;
  private static final int MOST_WHY_ALONE = 8000;
  private static final int MOST_RANKS = 256;
  private static final int MOST_NAME = 200;
  private static final int MOST_SOURCES = 64;
  private static final int MOST_SOURCES_OF_A_JOB = 16;
  private static final int MOST_BYTES_ALONE = 64 << 10;
  private static final int MOST_TRAFFIC = 500;

  ClusterStatus of(LaneAllocation lanes, Set<String> unreachable, ClusterJobs jobs) {
    List<NodeStatus> nodes = shortenedTraffic(lanes.nodes(unreachable, now));
    List<JobEntry> shown = jobs.entries()
        .sorted(Comparator.comparing((JobEntry job) -> job.state.state().isLast())
            .thenComparing(job -> job.order.key(), JobKey.NEWEST_FIRST))
        .limit(MOST_JOBS).toList();
    List<JobStatus> statuses = shortened(Stream
        .concat(shown.stream().map(jobs::whole), jobs.ended().newest(MOST_JOBS - shown.size()).stream()).toList());
    List<ActorStatus> actors = actors(nodes, shown, jobs);
    List<ActorStatus> told = actors.subList(0, Math.min(actors.size(), MOST_ACTORS));
    return new ClusterStatus(cluster, node, incarnation, nodes, statuses, jobs.all() - statuses.size(),
        jobs.at(JobState.RUNNING), jobs.at(JobState.QUEUED), told, actors.size() - told.size(), now);
  }

  /** Those that run share the sources that one message holds; those that have ended need none. */
  static List<JobStatus> shortened(List<JobStatus> jobs) {
    long running = jobs.stream().filter(job -> job.state() == JobState.RUNNING).count();
    int each = Math.clamp(MOST_SOURCES / Math.max(1, running), 1, MOST_SOURCES_OF_A_JOB);
    return jobs.stream().map(job -> shortened(job, job.state() == JobState.RUNNING ? each : 0, MOST_WHY)).toList();
  }

  static JobStatus shortened(JobStatus job) {
    return shortened(List.of(job)).getFirst();
  }

  static JobStatus last(JobStatus job) {
    return shortened(job, MOST_SOURCES, MOST_WHY_ALONE);
  }

  /** One job by itself: as many of its sources as one message holds. */
  static JobStatus alone(JobStatus job) {
    int size = job.sources().entrySet().stream().mapToInt(source -> 16 + MessageText.bytes(source.getKey())
        + source.getValue().numbers().keySet().stream().mapToInt(name -> 12 + MessageText.bytes(name)).sum()).max()
        .orElse(1);
    return shortened(job, Math.max(1, MOST_BYTES_ALONE / size), MOST_WHY_ALONE);
  }

  /** Keeps the sources that are furthest behind: they decide when the job ends. */
  private static JobStatus shortened(JobStatus job, int sources, int why) {
    Map<String, SourceProgress> kept = new TreeMap<>();
    job.sources().entrySet().stream()
        .sorted(
            Comparator.comparingDouble((Map.Entry<String, SourceProgress> source) -> source.getValue().done().share())
                .thenComparing(Map.Entry::getKey))
        .limit(sources).forEach(source -> kept.put(source.getKey(), source.getValue()));
    List<RankPlace> ranks = job.ranks().subList(0, Math.min(job.ranks().size(), MOST_RANKS));
    return new JobStatus(job.id(), job.kind(), MessageText.cut(job.name(), MOST_NAME), job.state(), job.terms(),
        MessageText.cut(job.why(), why), job.runDirectory(), job.layout(),
        ranks, job.incarnation(), job.restarts(),
        job.lastCheckpointAgeMillis(), job.checkpoints(), job.lastRecovery(), job.progress(), job.etaSeconds(), kept,
        job.submittedEpochMillis(), job.startedEpochMillis(), job.endedEpochMillis(),
        job.moreRanks() + job.ranks().size() - ranks.size(), job.moreSources() + job.sources().size() - kept.size());
  }

  /** Every node has traffic with every other: the busiest are told. */
  private static List<NodeStatus> shortenedTraffic(List<NodeStatus> nodes) {
    int each = Math.max(4, MOST_TRAFFIC / Math.max(1, nodes.size()));
    return nodes.stream().map(node -> node.traffic().size() <= each
        ? node
        : new NodeStatus(node.name(), node.state(), node.version(), node.memoryBytes(), node.lanes(), node.dataPlane(),
            node.httpAddress(), node.lastSeenEpochMillis(),
            node.traffic().stream()
                .sorted(Comparator.comparingLong((PeerTraffic peer) -> -peer.bytesSent() - peer.bytesReceived()))
                .limit(each).toList(),
            node.why(), node.morePeers() + node.traffic().size() - each))
        .toList();
  }

  /** Of the jobs that run, all of them. */
  private List<ActorStatus> actors(List<NodeStatus> nodes, List<JobEntry> shown, ClusterJobs jobs) {
    List<ActorStatus> actors = new ArrayList<>();
    actors.add(new ActorStatus(path(coordinator), node, "coordinates", incarnation - 1, "", 0));
    for (NodeStatus there : nodes) {
      long busy = there.lanes().stream().filter(lane -> lane.job().isPresent()).count();
      actors.add(new ActorStatus("/user/node-agent", there.name(), busy + " ranks", 0, there.why(), 0));
    }
    for (JobEntry job : shown)
      if (job.supervisor.isPresent())
        ofJob(job, jobs, actors);
    return actors;
  }

  private void ofJob(JobEntry job, ClusterJobs jobs, List<ActorStatus> actors) {
    String supervisor = path(job.supervisor.orElseThrow().path());
    int restarts = Math.max(0, job.state.starts() - 1);
    long since = job.state.lastStartEpochMillis();
    String error = job.causes().isEmpty() ? "" : job.causes().getLast();
    JobStatus status = jobs.whole(job);
    actors.add(new ActorStatus(supervisor, node, job.parking.isPresent() ? "ends for a move" : "supervises", restarts,
        error, since));
    String actor = supervisor + "/" + job.order.order().spec().kind();
    actors.add(new ActorStatus(actor, node, "runs", restarts, error, since));
    job.state.layout().ifPresent(layout -> {
      for (int domain = 0; domain < layout.domains(); domain++)
        actors.add(new ActorStatus(actor + "/domain-" + domain, node, "leads " + layout.ranks() + " ranks", 0, "",
            since));
    });
    status.sources().values().stream().map(SourceProgress::done).filter(done -> done.chain().isPresent())
        .forEach(done -> actors.add(new ActorStatus(actor + "/chain-" + done.chain().getAsInt(), node,
            String.format(Locale.ROOT, "draw %.0f of %.0f", done.done(), done.of()), 0, "", since)));
    for (RankPlace rank : status.ranks())
      actors.add(new ActorStatus("/user/node-agent/rank-" + rank.domain() + "-" + rank.rank(), rank.node(),
          "rank " + rank.rank() + " of domain " + rank.domain() + " on lane " + rank.lane(), 0, "", since));
  }

  private static String path(ActorPath path) {
    return path.toStringWithoutAddress();
  }
}
