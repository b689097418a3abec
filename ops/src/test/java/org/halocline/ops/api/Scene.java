package org.halocline.ops.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.halocline.runtime.cluster.ActorStatus;
import org.halocline.runtime.cluster.JobStatus.CheckpointCost;
import org.halocline.runtime.cluster.ClusterStatus;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.cluster.JobStatus.RankPlace;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.rank.LaneStatus;
import org.halocline.runtime.rank.NodeStatus;
import org.halocline.runtime.rank.PeerTraffic;

/**
 * A cluster as it may look: three nodes, one of which falls silent, an inference on two domains of two ranks, a job
 * that waits, and some that have ended. Made from a seed.
 */
final class Scene {
  static final String JOB = "infer-3f9a1c0b2d4e";
  static final int WARM_UP = 100;
  static final int DRAWS = 400;
  private static final String[] NODES = {"10.0.0.11:25520", "10.0.0.12:25520", "10.0.0.13:25520"};
  private static final String RUN = "/shared/halocline/jobs/" + JOB + "/run";

  private final Random random;
  private final long bornMillis;
  private final double[] trace = {0.3, 0.82, 0.33, 0.78};

  Scene(long seed, long bornMillis) {
    this.random = new Random(seed);
    this.bornMillis = bornMillis;
  }

  /** The cluster after some seconds. */
  record Frame(List<NodeStatus> nodes, List<JobStatus> jobs, List<ActorStatus> actors, int moreJobs, long atMillis) {
    ClusterStatus status(List<JobStatus> submitted) {
      List<JobStatus> all = new ArrayList<>(submitted);
      jobs.stream().filter(job -> submitted.stream().noneMatch(other -> other.id().equals(job.id()))).forEach(all::add);
      return new ClusterStatus("tea", NODES[0], 2, nodes, all, moreJobs,
          count(all, JobState.RUNNING), count(all, JobState.QUEUED), actors, 0, atMillis);
    }
  }

  private static int count(List<JobStatus> jobs, JobState state) {
    return (int) jobs.stream().filter(job -> job.state() == state).count();
  }

  /** @param silent whether the last node has not reported for a while */
  Frame frame(double seconds, boolean silent, String runDirectory) {
    long now = bornMillis + (long) (seconds * 1000);
    List<NodeStatus> nodes = new ArrayList<>();
    for (int n = 0; n < NODES.length; n++)
      nodes.add(node(n, silent && n == 2, now));
    return new Frame(nodes, List.of(running(seconds, now, runDirectory.isEmpty() ? RUN : runDirectory), waiting(now),
        ended("simulate-77aa00bb11cc", "light-cone-256.conf", JobState.FINISHED, "", now - 500_000),
        ended("infer-5be2f00d0001", "survey-small.conf", JobState.FAILED,
            "chain 1 failed: displacement 9.4 cells exceeds simulation.max-displacement = 8", now - 4_000_000)),
        actors(now, silent), 3, now);
  }

  /** The nodes alone, before anyone has handed in a job. */
  Frame empty() {
    List<NodeStatus> nodes = new ArrayList<>();
    for (int n = 0; n < NODES.length; n++) {
      NodeStatus busy = node(n, false, bornMillis);
      nodes.add(new NodeStatus(busy.name(), busy.state(), busy.version(), busy.memoryBytes(),
          busy.lanes().stream().map(lane -> new LaneStatus(lane.number(), lane.kind(), lane.name(), Optional.empty(),
              OptionalInt.empty(), OptionalInt.empty(), 0, 0, 0)).toList(),
          busy.dataPlane(), busy.httpAddress(), busy.lastSeenEpochMillis(), List.of(), "", 0));
    }
    return new Frame(nodes, List.of(), List.of(), 0, bornMillis);
  }

  List<JobEvent> events(double seconds) {
    int draw = draw(seconds);
    List<JobEvent> events = new ArrayList<>();
    for (int chain = 0; chain < 2; chain++) {
      Map<String, Double> numbers = numbers(draw - 3 * chain, chain);
      events.add(new JobEvent.Progress("chain " + chain, Done.unknown(),
          String.format(Locale.ROOT, "%s %d of %d, acceptance %.2f, step %.3g, %.0f divergences",
              draw < WARM_UP ? "warm-up" : "sampling", draw - 3 * chain, WARM_UP + DRAWS, numbers.get("acceptance"),
              numbers.get("step-size"), numbers.get("divergences")),
          numbers));
    }
    if (draw % 20 == 0)
      events.add(new JobEvent.Checkpointed("chain 0", 21.5, 4 << 20, 0.007));
    return events;
  }

  private static int draw(double seconds) {
    return Math.min(WARM_UP + DRAWS, 4 + (int) (seconds * 2.5));
  }

  private static SourceProgress progress(int chain, Map<String, Double> numbers) {
    return new SourceProgress(
        Done.ofChain(chain, numbers.get("draw"), numbers.get("of"), numbers.get("seconds-left")), numbers);
  }

  private Map<String, Double> numbers(int draw, int chain) {
    for (int p = 0; p < 2; p++)
      trace[2 * chain + p] += 0.25 * ((p == 0 ? 0.31 : 0.82) - trace[2 * chain + p]) + 0.03 * random.nextGaussian();
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put("draw", (double) Math.max(0, draw));
    numbers.put("of", (double) WARM_UP + DRAWS);
    numbers.put("warm-up", (double) WARM_UP);
    numbers.put("acceptance", 0.72 + 0.05 * random.nextGaussian());
    numbers.put("step-size", 0.094 + 0.004 * chain);
    numbers.put("divergences", (double) (draw / 130));
    numbers.put("seconds-left", 4.0 * (WARM_UP + DRAWS - draw) / 10);
    numbers.put("gradients", 17.0 * draw);
    numbers.put("value.omega_m", trace[2 * chain]);
    numbers.put("value.sigma8", trace[2 * chain + 1]);
    return numbers;
  }

  private JobStatus running(double seconds, long now, String runDirectory) {
    int draw = draw(seconds);
    boolean done = draw >= WARM_UP + DRAWS;
    List<RankPlace> ranks = new ArrayList<>();
    for (int domain = 0; domain < 2; domain++)
      for (int rank = 0; rank < 2; rank++)
        ranks.add(new RankPlace(domain, rank, NODES[domain], rank));
    return new JobStatus(JOB, "infer", "survey-medium.conf", done ? JobState.FINISHED : JobState.RUNNING,
        new JobTerms(10, OptionalInt.empty(), 5, OptionalLong.empty()), "", runDirectory,
        Optional.of(new Layout(2, 2, 1)), done ? List.of() : ranks,
        3, 2, OptionalLong.of((long) (seconds * 1000) % 9000),
        new CheckpointCost(draw / 20, draw, draw * 200_000L, 0.007),
        Optional.of(new Recovery("node 10.0.0.13:25520 is gone", 8100, 2300, 5400)),
        (double) draw / (WARM_UP + DRAWS), OptionalLong.of((WARM_UP + DRAWS - draw) * 2L / 5),
        Map.of("chain 0", progress(0, numbers(draw, 0)), "chain 1", progress(1, numbers(draw - 3, 1))),
        bornMillis - 380_000,
        OptionalLong.of(bornMillis - 370_000), done ? OptionalLong.of(now) : OptionalLong.empty(), 0, 0);
  }

  private static JobStatus waiting(long now) {
    return new JobStatus("gradient-0c0ffee0c0de", "gradient", "gradient-128.conf", JobState.QUEUED, JobTerms.usual(),
        "needs 4 lanes of 2.1 GiB; 2 are free, 4 more when survey-medium.conf ends", "/shared/halocline/jobs/g/run",
        Optional.empty(), List.of(), 0, 0, OptionalLong.empty(), new CheckpointCost(0, 0, 0, 0), Optional.empty(), 0,
        OptionalLong.empty(), Map.of(), now - 92_000, OptionalLong.empty(), OptionalLong.empty(), 0, 0);
  }

  private static JobStatus ended(String id, String name, JobState state, String why, long at) {
    return new JobStatus(id, id.substring(0, id.indexOf('-')), name, state, JobTerms.usual(), why,
        "/shared/halocline/jobs/" + id + "/run", Optional.of(new Layout(1, 1, 1)), List.of(), 1, 0,
        OptionalLong.empty(),
        new CheckpointCost(12, 300, 1 << 24, 0.004), Optional.empty(), state == JobState.FINISHED ? 1 : 0.41,
        OptionalLong.empty(), Map.of(), at - 700_000, OptionalLong.of(at - 640_000), OptionalLong.of(at), 0, 0);
  }

  static JobStatus submitted(JobOrder order, long now) {
    return new JobStatus(order.spec().id(), order.spec().kind(), order.givenName(), JobState.QUEUED, order.terms(),
        "a lane is lacking", order.runDirectory(), Optional.empty(), List.of(), 0, 0, OptionalLong.empty(),
        new CheckpointCost(0, 0, 0, 0), Optional.empty(), 0, OptionalLong.empty(), Map.of(), now, OptionalLong.empty(),
        OptionalLong.empty(), 0, 0);
  }

  static JobStatus in(JobStatus job, JobState state, String why) {
    return new JobStatus(job.id(), job.kind(), job.name(), state, job.terms(), why, job.runDirectory(), job.layout(),
        List.of(), job.incarnation(), job.restarts(), job.lastCheckpointAgeMillis(), job.checkpoints(),
        job.lastRecovery(), job.progress(), OptionalLong.empty(), job.sources(), job.submittedEpochMillis(),
        job.startedEpochMillis(), job.endedEpochMillis(), job.moreRanks(), job.moreSources());
  }

  private NodeStatus node(int n, boolean silent, long now) {
    List<LaneStatus> lanes = new ArrayList<>();
    for (int lane = 0; lane < (n == 2 ? 2 : 4); lane++) {
      boolean busy = n < 2 && lane < 2;
      double computing = busy ? 0.78 + 0.1 * random.nextDouble() : 0;
      double copying = busy ? 0.05 + 0.03 * random.nextDouble() : 0;
      lanes.add(new LaneStatus(lane, n == 2 ? "cuda" : "core", n == 2 ? "H100 " + lane : "core-" + lane,
          busy ? Optional.of(JOB) : Optional.empty(), busy ? OptionalInt.of(n) : OptionalInt.empty(),
          busy ? OptionalInt.of(lane) : OptionalInt.empty(), computing, busy ? 1 - computing - copying : 0, copying));
    }
    long seen = silent ? now - 31_000 : now - 400;
    long bytes = (now - bornMillis) * 40_000 * (n < 2 ? 1 : 0);
    List<PeerTraffic> traffic = new ArrayList<>();
    for (int peer = 0; peer < NODES.length; peer++)
      if (peer != n)
        traffic.add(new PeerTraffic(NODES[peer].replace("25520", "40123"), bytes, bytes, peer == 2 ? 3 : 0, 0));
    return new NodeStatus(NODES[n], silent ? NodeStatus.State.STALE : NodeStatus.State.UP, "0.1.0-SNAPSHOT", 28L << 30,
        lanes, NODES[n].replace("25520", "40123"), "http://" + NODES[n].replace("25520", "8420"), seen, traffic,
        silent ? "has not reported for 31 s" : "", 0);
  }

  private static List<ActorStatus> actors(long now, boolean silent) {
    List<ActorStatus> actors = new ArrayList<>();
    actors.add(new ActorStatus("/system/singletonManagerjob-coordinator/job-coordinator", NODES[0], "running", 1,
        "node 10.0.0.13:25520 took it away", now - 400_000));
    for (int n = 0; n < NODES.length; n++)
      actors.add(new ActorStatus("/user/node-agent", NODES[n], n == 2 && silent ? "silent" : "running", 0, "",
          now - 3_000_000));
    for (int domain = 0; domain < 2; domain++) {
      actors.add(new ActorStatus("/user/job/domain-" + domain, NODES[0], "running", 0, "", now - 300_000));
      actors.add(new ActorStatus("/user/job/chain-" + domain, NODES[0], "sampling", 2,
          domain == 1 ? "the ranks of its domain were lost" : "", now - 300_000));
    }
    return actors;
  }
}
