package org.halocline.runtime.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ranks put on lanes. The lanes of one node share its memory: a rank may use more than its lane's share where the others
 * leave room, and where that takes the share of lanes without a rank, they stand idle.
 */
record Placement(List<LaneOffer> lanes, List<LaneOffer> idle) {

  /**
   * Node by node, as many of the next ranks on each as its lanes and its memory hold; empty when some are left over.
   *
   * @param offers
   *          of one kind, sorted by node
   * @param needs
   *          bytes of each rank
   */
  static Optional<Placement> of(List<LaneOffer> offers, long[] needs) {
    List<LaneOffer> lanes = new ArrayList<>();
    List<LaneOffer> idle = new ArrayList<>();
    for (int first = 0; first < offers.size() && lanes.size() < needs.length;) {
      int end = first;
      long memory = 0;
      while (end < offers.size() && offers.get(end).node().equals(offers.get(first).node()))
        memory += offers.get(end++).memoryBytes();
      long used = 0;
      long share = 0;
      int next = first;
      while (next < end && lanes.size() < needs.length && used + needs[lanes.size()] <= memory) {
        used += needs[lanes.size()];
        share += offers.get(next).memoryBytes();
        lanes.add(offers.get(next++));
      }
      while (share < used) {
        share += offers.get(next).memoryBytes();
        idle.add(offers.get(next++));
      }
      first = end;
    }
    return lanes.size() == needs.length ? Optional.of(new Placement(lanes, idle)) : Optional.empty();
  }
}
