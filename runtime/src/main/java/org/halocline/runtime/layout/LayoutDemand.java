package org.halocline.runtime.layout;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.halocline.runtime.lane.LaneTraits;

/** What the planner must know of a job. Pure: the same layout costs the same each time. */
public interface LayoutDemand {

  /** How many chains the job runs, at least 1. */
  int chains();

  /** The kinds of lane it runs on: one or, where it was asked to mix them in a domain, several, the first preferred. */
  default List<String> laneKinds() {
    return List.of(LaneTraits.CORE);
  }

  default LayoutRequest layoutRequest() {
    return LayoutRequest.none();
  }

  LayoutCost cost(Layout layout);

  /**
   * How long the job's unit of work takes one domain in a layout that {@link #cost} does not refuse, seconds; empty
   * where that is unknown, and lanes are then used as far as they go.
   */
  default OptionalDouble seconds(Layout layout, Sharing sharing) {
    return OptionalDouble.empty();
  }

  /** The same job on smaller meshes of the same shape, largest first; empty where a mesh means nothing to the job. */
  default Stream<Smaller> smaller() {
    return Stream.empty();
  }

  /**
   * The same job on a smaller mesh.
   *
   * @param mesh in words, "256×256×512"
   */
  record Smaller(String mesh, LayoutDemand demand) {}
}
