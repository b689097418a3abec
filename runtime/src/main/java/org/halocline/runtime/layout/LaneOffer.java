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
 *          what may be used on it
 */
public record LaneOffer(String node, int lane, String kind, long memoryBytes) {}
