package org.halocline.runtime.layout;

import java.util.stream.Stream;

/** What the planner must know of a job. Pure: the same layout costs the same each time. */
public interface LayoutDemand {

  /** How many chains the job runs, at least 1. */
  int chains();

  /** The kind of lane it runs on. */
  default String laneKind() {
    return "core";
  }

  default LayoutRequest layoutRequest() {
    return LayoutRequest.none();
  }

  LayoutCost cost(Layout layout);

  /** The same job on smaller meshes of the same shape, largest first; empty where a mesh means nothing to the job. */
  default Stream<Smaller> smaller() {
    return Stream.empty();
  }

  /**
   * The same job on a smaller mesh.
   *
   * @param mesh
   *          in words, "256×256×512"
   */
  record Smaller(String mesh, LayoutDemand demand) {}

  /** The same job with another number of chains. */
  default LayoutDemand withChains(int wanted) {
    LayoutDemand all = this;
    return new LayoutDemand() {
      @Override
      public int chains() {
        return wanted;
      }

      @Override
      public String laneKind() {
        return all.laneKind();
      }

      @Override
      public LayoutRequest layoutRequest() {
        return all.layoutRequest();
      }

      @Override
      public LayoutCost cost(Layout layout) {
        return all.cost(layout);
      }
    };
  }
}
