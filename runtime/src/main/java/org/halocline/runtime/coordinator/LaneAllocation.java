package org.halocline.runtime.coordinator;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.JobStatus.RankPlace;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.rank.LaneStatus;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.NodeStatus;
import org.halocline.runtime.rank.RankSlot;

/** Which lanes there are and which jobs have them. A lane is never dealt twice. Owned by the coordinator. */
final class LaneAllocation {
  /** Reports come every second. */
  private static final long STALE_MILLIS = 4000;

  private final Map<ActorRef<NodeAgent.Command>, NodeAgent.NodeReport> reports = new HashMap<>();
  private final Map<LaneOffer, String> jobOfLane = new HashMap<>();
  private final Map<String, PlannedLayout> planOfJob = new TreeMap<>();
  private final Set<String> leaving = new HashSet<>();
  private final String proof;

  /** @param proof what a node reads if it sees the state directory */
  LaneAllocation(String proof) {
    this.proof = proof;
  }

  /**
   * @param now by the coordinator's clock, which is the one that counts
   * @return whether lanes may have come
   */
  boolean report(NodeAgent.NodeReport told, long now) {
    NodeAgent.NodeReport report = new NodeAgent.NodeReport(told.agent(), told.status().seen(now), told.lanes(),
        told.proof());
    NodeAgent.NodeReport before = reports.put(report.agent(), report);
    return before == null || !before.lanes().equals(report.lanes()) || sees(before) != sees(report)
        || holders(before) != holders(report);
  }

  private static long holders(NodeAgent.NodeReport report) {
    return report.status().lanes().stream().filter(lane -> lane.job().isPresent()).count();
  }

  /** @return its last report */
  Optional<NodeAgent.NodeReport> remove(ActorRef<NodeAgent.Command> agent) {
    Optional<NodeAgent.NodeReport> last = Optional.ofNullable(reports.remove(agent));
    last.ifPresent(report -> leaving.remove(report.status().name())); // it may come back under its name
    return last;
  }

  /** Whether an agent has not reported for a while: it may have been started anew and not know whom to report to. */
  boolean isSilent(ActorRef<NodeAgent.Command> agent, long now) {
    NodeAgent.NodeReport last = reports.get(agent);
    return last == null || now - last.status().lastSeenEpochMillis() >= STALE_MILLIS;
  }

  void leaves(String node) {
    leaving.add(node);
  }

  private boolean sees(NodeAgent.NodeReport report) {
    return report.proof().equals(proof);
  }

  /** Lanes that no job has and no rank uses, of nodes that have reported lately. */
  List<LaneOffer> free(long now) {
    return usable(now)
        .flatMap(report -> report.lanes().stream().filter(lane -> !jobOfLane.containsKey(lane))
            .filter(lane -> report.status().lanes().get(lane.lane()).job().isEmpty()))
        .toList();
  }

  /** Lanes of nodes that have reported lately, free or not. */
  List<LaneOffer> all(long now) {
    return usable(now).flatMap(report -> report.lanes().stream()).toList();
  }

  private Stream<NodeAgent.NodeReport> usable(long now) {
    return reports.values().stream().filter(this::sees).filter(report -> !leaving.contains(report.status().name()))
        .filter(report -> now - report.status().lastSeenEpochMillis() < STALE_MILLIS);
  }

  /** At most so many of them, on as few nodes as can be. */
  static List<LaneOffer> close(List<LaneOffer> lanes, List<String> kinds, int most) {
    Map<String, Long> byNode = lanes.stream().filter(lane -> kinds.contains(lane.kind()))
        .collect(Collectors.groupingBy(LaneOffer::node, Collectors.counting()));
    Set<LaneOffer> chosen = lanes.stream().filter(lane -> kinds.contains(lane.kind()))
        .sorted(Comparator.comparingLong((LaneOffer lane) -> -byNode.get(lane.node())).thenComparing(LaneOffer::node)
            .thenComparingInt(LaneOffer::lane))
        .limit(most).collect(Collectors.toSet());
    return lanes.stream().filter(lane -> !kinds.contains(lane.kind()) || chosen.contains(lane)).toList();
  }

  /** @return where each rank goes */
  List<RankSlot> deal(String job, PlannedLayout planned) {
    planOfJob.put(job, planned);
    planned.lanes().forEach(lane -> jobOfLane.put(lane, job));
    planned.idle().forEach(lane -> jobOfLane.put(lane, job));
    return planned.lanes().stream().map(this::slot).toList();
  }

  private RankSlot slot(LaneOffer lane) {
    NodeAgent.NodeReport report = reports.values().stream().filter(node -> node.lanes().contains(lane)).findFirst()
        .orElseThrow();
    return new RankSlot(report.agent(), report.status().name(), lane.lane());
  }

  /** Whether the nodes of all of these have not gone. */
  boolean hasAll(List<RankSlot> slots) {
    return slots.stream().allMatch(slot -> reports.containsKey(slot.agent()));
  }

  void takeBack(String job) {
    planOfJob.remove(job);
    jobOfLane.values().removeIf(job::equals);
  }

  List<RankPlace> ranks(String job) {
    PlannedLayout planned = planOfJob.get(job);
    if (planned == null)
      return List.of();
    int ranks = planned.layout().ranks();
    return java.util.stream.IntStream.range(0, planned.lanes().size()).mapToObj(
        i -> new RankPlace(i / ranks, i % ranks, planned.lanes().get(i).node(), planned.lanes().get(i).lane()))
        .toList();
  }

  Set<String> jobsOn(String node) {
    return jobOfLane.entrySet().stream().filter(entry -> entry.getKey().node().equals(node)).map(Map.Entry::getValue)
        .collect(Collectors.toSet());
  }

  /** Which lanes are not used at all, and why; empty where all are. */
  Optional<String> unused(long now) {
    List<String> parts = reports.values().stream()
        .sorted(Comparator.comparing((NodeAgent.NodeReport report) -> report.status().name()))
        .flatMap(report -> whyUnused(report, now).map(why -> lanes(report) + " of node " + report.status().name() + " "
            + (report.lanes().size() == 1 ? "is" : "are") + " not used: " + why).stream())
        .toList();
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
  }

  private Optional<String> whyUnused(NodeAgent.NodeReport report, long now) {
    if (!sees(report))
      return Optional.of("it does not see the state directory");
    if (leaving.contains(report.status().name()))
      return Optional.of("it leaves");
    return now - report.status().lastSeenEpochMillis() < STALE_MILLIS
        ? Optional.empty()
        : Optional.of("it does not report");
  }

  /** How many lanes of which kinds a node offers, in words. */
  static String lanes(NodeAgent.NodeReport report) {
    Map<String, Long> kinds = report.lanes().stream()
        .collect(Collectors.groupingBy(LaneOffer::kind, TreeMap::new, Collectors.counting()));
    return report.lanes().size() + (report.lanes().size() == 1 ? " lane" : " lanes") + " ("
        + kinds.entrySet().stream()
            .map(kind -> kinds.size() == 1 ? kind.getKey() : kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", "))
        + ")";
  }

  boolean knows(ActorRef<NodeAgent.Command> agent) {
    return reports.containsKey(agent);
  }

  Set<String> names() {
    return reports.values().stream().map(report -> report.status().name()).collect(Collectors.toSet());
  }

  int nodes() {
    return reports.size();
  }

  List<NodeStatus> nodes(Set<String> unreachable, long now) {
    return reports.values().stream().map(report -> status(report, unreachable, now - STALE_MILLIS))
        .sorted(Comparator.comparing(NodeStatus::name)).toList();
  }

  private NodeStatus status(NodeAgent.NodeReport report, Set<String> unreachable, long staleBefore) {
    NodeStatus told = report.status();
    NodeStatus.State state = NodeStatus.State.UP;
    if (unreachable.contains(told.name()))
      state = NodeStatus.State.UNREACHABLE;
    else if (leaving.contains(told.name()))
      state = NodeStatus.State.LEAVING;
    else if (told.lastSeenEpochMillis() < staleBefore)
      state = NodeStatus.State.STALE;
    List<LaneStatus> lanes = told.lanes().stream().map(lane -> owned(told.name(), lane)).toList();
    return new NodeStatus(told.name(), state, told.version(), told.memoryBytes(), lanes, told.dataPlane(),
        told.httpAddress(), told.lastSeenEpochMillis(), told.traffic(),
        sees(report) ? "" : NodeStatus.BLIND, told.morePeers());
  }

  private LaneStatus owned(String node, LaneStatus lane) {
    return jobOfLane.entrySet().stream()
        .filter(dealt -> dealt.getKey().node().equals(node) && dealt.getKey().lane() == lane.number()).findFirst()
        .map(dealt -> {
          Optional<RankPlace> place = ranks(dealt.getValue()).stream()
              .filter(rank -> rank.node().equals(node) && rank.lane() == lane.number()).findFirst();
          return new LaneStatus(lane.number(), lane.kind(), lane.name(), Optional.of(dealt.getValue()),
              place.map(rank -> OptionalInt.of(rank.domain())).orElse(OptionalInt.empty()),
              place.map(rank -> OptionalInt.of(rank.rank())).orElse(OptionalInt.empty()), lane.computing(),
              lane.waiting(), lane.copying());
        }).orElse(lane);
  }
}
