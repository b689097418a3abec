package org.halocline.runtime.layout;

/**
 * A lane that may be used.
 *
 * @param node
 *          the node it belongs to
 * @param lane
 *          its number on that node
 * @param kind
 *          "core", …
 * @param memoryBytes
 *          its share of its node's memory; a lane may use more where others of its node stand idle
 */
public record LaneOffer(String node, int lane, String kind, long memoryBytes) {}
