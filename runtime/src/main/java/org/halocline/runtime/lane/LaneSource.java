package org.halocline.runtime.lane;

import java.util.List;

/**
 * Which lanes of one kind a node can offer; implemented by the modules that have kernels. Opened once, at a node's
 * start, and closed at its end, when no lane is used any more.
 */
public interface LaneSource extends AutoCloseable {

  String kind();

  /**
   * Opens lanes.
   *
   * @param cores how many cores the node offers; fewer lanes, or none, may come back, and more of a kind that is not
   * cores
   * @param memoryBytes what all of them may use of the node's memory together
   */
  List<Lane> open(int cores, long memoryBytes);

  /** Gives back what its lanes share, such as a device. */
  @Override
  default void close() {}
}
