package org.halocline.runtime.layout;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the ranks of a layout share nodes and cores, on which their speed depends.
 *
 * @param ranksANode the smallest number of ranks of a domain on one node, among nodes that have any
 * @param lanesACore lanes of the layout on the host that is used most, for each of its cores; at least 1
 */
public record Sharing(int ranksANode, double lanesACore) {

  /**
   * On these lanes.
   *
   * @param lanes one for each rank, domain by domain
   */
  static Sharing of(Layout layout, List<LaneOffer> lanes) {
    int ranksANode = layout.ranks();
    for (int domain = 0; domain < layout.domains(); domain++)
      ranksANode = Math.min(ranksANode,
          least(lanes.subList(domain * layout.ranks(), (domain + 1) * layout.ranks()).stream()
              .collect(Collectors.groupingBy(LaneOffer::node, Collectors.counting()))));
    Map<String, List<LaneOffer>> hosts = lanes.stream().filter(lane -> lane.traits().hostCores() > 0)
        .collect(Collectors.groupingBy(LaneOffer::host));
    double lanesACore = hosts.values().stream()
        .mapToDouble(host -> (double) host.size() / host.getFirst().traits().hostCores()).max().orElse(1);
    return new Sharing(ranksANode, Math.max(1, lanesACore));
  }

  private static int least(Map<String, Long> ranksByNode) {
    return Math.toIntExact(ranksByNode.values().stream().mapToLong(Long::longValue).min().orElse(1));
  }
}
