package org.halocline.runtime.lane;

import java.util.List;

/** Which lanes of one kind a node can offer; implemented by the modules that have kernels. Called once, at a node's start. */
public interface LaneSource {

  String kind();

  /**
   * Opens lanes.
   *
   * @param wanted
   *          how many the node would like; fewer, or none, may come back
   * @param memoryBytes
   *          what all of them may use together
   */
  List<Lane> open(int wanted, long memoryBytes);

  /** Plain core lanes, for programs without lane state of their own. */
  static LaneSource cores() {
    return new LaneSource() {
      @Override
      public String kind() {
        return CoreLane.KIND;
      }

      @Override
      public List<Lane> open(int wanted, long memoryBytes) {
        return java.util.stream.IntStream.range(0, wanted)
            .<Lane>mapToObj(i -> new CoreLane(CoreLane.KIND + "-" + i, memoryBytes / wanted)).toList();
      }
    };
  }
}
