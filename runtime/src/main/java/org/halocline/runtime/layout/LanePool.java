package org.halocline.runtime.layout;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.halocline.runtime.lane.LaneTraits;

/**
 * The lanes that a job may have, by node. All have one arithmetic, the one that most lanes have, unless the job mixes
 * kinds of lane.
 */
record LanePool(List<Node> nodes) {

  /**
   * One node's.
   *
   * @param lanes in the order in which ranks are put on them
   * @param spare cores that ranks on devices may take the memory of
   */
  record Node(List<LaneOffer> lanes, List<LaneOffer> spare) {

    long bytes() {
      return lanes.stream().mapToLong(LaneOffer::memoryBytes).sum()
          + spare.stream().mapToLong(LaneOffer::memoryBytes).sum();
    }

    long deviceBytes(String device) {
      return lanes.stream().filter(lane -> lane.traits().device().equals(device))
          .mapToLong(lane -> lane.traits().deviceBytes()).sum();
    }
  }

  static LanePool of(List<String> kinds, List<LaneOffer> offers) {
    List<LaneOffer> wanted = offers.stream().filter(offer -> kinds.contains(offer.kind())).toList();
    List<LaneOffer> lanes = kinds.size() > 1 ? wanted : ofOneArithmetic(wanted);
    Map<String, List<LaneOffer>> byNode = lanes.stream()
        .sorted(Comparator.comparing(LaneOffer::node)
            .thenComparingInt((LaneOffer offer) -> kinds.indexOf(offer.kind())).thenComparingInt(LaneOffer::lane))
        .collect(Collectors.groupingBy(LaneOffer::node, TreeMap::new, Collectors.toList()));
    return new LanePool(byNode.entrySet().stream()
        .map(node -> new Node(node.getValue(), kinds.contains(LaneTraits.CORE)
            ? List.of()
            : offers.stream().filter(offer -> offer.kind().equals(LaneTraits.CORE))
                .filter(offer -> offer.node().equals(node.getKey())).sorted(Comparator.comparingInt(LaneOffer::lane))
                .toList()))
        .toList());
  }

  private static List<LaneOffer> ofOneArithmetic(List<LaneOffer> lanes) {
    Map<String, List<LaneOffer>> groups = lanes.stream()
        .collect(Collectors.groupingBy(lane -> lane.traits().arithmetic(), TreeMap::new, Collectors.toList()));
    return groups.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
  }

  int lanes() {
    return nodes.stream().mapToInt(node -> node.lanes().size()).sum();
  }

  boolean has(String kind) {
    return nodes.stream().flatMap(node -> node.lanes().stream()).anyMatch(lane -> lane.kind().equals(kind));
  }

  long bytes() {
    return nodes.stream().mapToLong(Node::bytes).sum();
  }

  long deviceBytes() {
    return nodes.stream().flatMap(node -> node.lanes().stream()).mapToLong(lane -> lane.traits().deviceBytes()).sum();
  }

  long largestDeviceBytes() {
    return nodes.stream().flatMap(node -> node.lanes().stream().map(lane -> lane.traits().device()).distinct()
        .map(node::deviceBytes)).mapToLong(Long::longValue).max().orElse(0);
  }

  long devices() {
    return nodes.stream().mapToLong(node -> node.lanes().stream().map(lane -> lane.traits().device())
        .filter(device -> !device.isEmpty()).distinct().count()).sum();
  }
}
