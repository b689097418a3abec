package org.halocline.domain;

import org.halocline.cosmology.mesh.Kernels;
import org.halocline.runtime.lane.Lane;

/** A lane that knows the kernels of its kind. */
public interface KernelLane extends Lane {

  /**
   * New kernels for one chain on this lane. Their memory is the chain's own and is freed with it; they run only while the
   * chain holds the lane.
   */
  Kernels open();
}
