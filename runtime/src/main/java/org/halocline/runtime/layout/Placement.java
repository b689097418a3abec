package org.halocline.runtime.layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ranks put on lanes. The lanes of one node share its memory, and those of one device the device's: a rank may use more
 * than its lane's share where the others leave room, and where that takes the share of lanes without a rank, they stand
 * idle.
 */
record Placement(List<LaneOffer> lanes, List<LaneOffer> idle) {

  /**
   * What a rank takes, all its chains together.
   *
   * @param nodeBytes of its node
   * @param deviceBytes of its device, where its lane has one
   */
  record Need(long nodeBytes, long deviceBytes) {}

  /**
   * Node by node, as many of the next ranks on each as its lanes, its memory and its devices hold; empty when some are
   * left over.
   *
   * @param pool lanes that ranks may have
   * @param needs of each rank
   */
  static Optional<Placement> of(LanePool pool, Need[] needs) {
    List<LaneOffer> lanes = new ArrayList<>();
    List<LaneOffer> idle = new ArrayList<>();
    for (LanePool.Node node : pool.nodes()) {
      Filling filling = new Filling(node);
      for (LaneOffer lane : node.lanes())
        if (lanes.size() < needs.length && filling.holds(lane, needs[lanes.size()])) {
          filling.take(lane, needs[lanes.size()]);
          lanes.add(lane);
        }
      idle.addAll(filling.idle());
    }
    return lanes.size() == needs.length ? Optional.of(new Placement(lanes, idle)) : Optional.empty();
  }

  private static final class Filling {
    private final LanePool.Node node;
    private final List<LaneOffer> unused;
    private final Map<String, Long> deviceBytes = new LinkedHashMap<>();
    private final Map<String, Long> deviceShare = new LinkedHashMap<>();
    private long nodeBytes;
    private long nodeShare;

    Filling(LanePool.Node node) {
      this.node = node;
      this.unused = new ArrayList<>(node.lanes());
      unused.addAll(node.spare());
    }

    boolean holds(LaneOffer lane, Need need) {
      String device = lane.traits().device();
      return nodeBytes + need.nodeBytes <= node.bytes() && (device.isEmpty()
          || deviceBytes.getOrDefault(device, 0L) + need.deviceBytes <= node.deviceBytes(device));
    }

    void take(LaneOffer lane, Need need) {
      use(lane);
      nodeBytes += need.nodeBytes;
      if (!lane.traits().device().isEmpty())
        deviceBytes.merge(lane.traits().device(), need.deviceBytes, Long::sum);
    }

    private void use(LaneOffer lane) {
      unused.remove(lane);
      nodeShare += lane.memoryBytes();
      deviceShare.merge(lane.traits().device(), lane.traits().deviceBytes(), Long::sum);
    }

    /** Lanes whose share of memory others use. */
    List<LaneOffer> idle() {
      List<LaneOffer> idle = new ArrayList<>();
      for (LaneOffer lane : List.copyOf(unused)) {
        String device = lane.traits().device();
        if (nodeShare < nodeBytes && lane.memoryBytes() > 0
            || deviceShare.getOrDefault(device, 0L) < deviceBytes.getOrDefault(device, 0L)) {
          use(lane);
          idle.add(lane);
        }
      }
      return idle;
    }
  }
}
