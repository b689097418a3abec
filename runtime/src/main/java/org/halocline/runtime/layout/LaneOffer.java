package org.halocline.runtime.layout;

import org.halocline.runtime.lane.LaneTraits;

/**
 * A lane that may be used.
 *
 * @param node the node it belongs to
 * @param lane its number on that node
 */
public record LaneOffer(String node, int lane, LaneTraits traits) {
  public String kind() {
    return traits.kind();
  }

  /** The host that its node is on: the node's address without its port. */
  String host() {
    int colon = node.lastIndexOf(':');
    return colon < 0 ? node : node.substring(0, colon);
  }

  /** Its share of its node's memory; it may use more where others of its node stand idle. */
  public long memoryBytes() {
    return traits.memoryBytes();
  }
}
