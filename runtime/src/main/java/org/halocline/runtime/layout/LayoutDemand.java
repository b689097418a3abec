package org.halocline.runtime.layout;

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
}
