package org.halocline.runtime.support;

import java.util.Collections;
import java.util.OptionalInt;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.LayoutRequest;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.lane.LaneTraits;

/** Lanes, costs and requests that tests plan with. */
public final class ToyLayouts {
  private ToyLayouts() {}

  /** A lane without a device, whose arithmetic does not matter. */
  public static LaneOffer lane(String node, int lane, String kind, long memoryBytes) {
    return new LaneOffer(node, lane, new LaneTraits(kind + "-" + lane, kind, "", memoryBytes, "", 0, 0));
  }

  /** Every rank of a layout alike. */
  public static LayoutCost.Bytes cost(Layout layout, long heapBytes, long nativeBytes) {
    return new LayoutCost.Bytes(Collections.nCopies(layout.ranks(), RankMemory.of(heapBytes, nativeBytes)));
  }

  /** This layout and no other. */
  public static LayoutRequest request(Layout layout) {
    return new LayoutRequest(OptionalInt.of(layout.domains()), OptionalInt.of(layout.x()), OptionalInt.of(layout.y()));
  }
}
